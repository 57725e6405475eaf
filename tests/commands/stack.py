"""A small stack of built-in resources, which every Terraform plans without a provider."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PARITY = """\
version: 1
environments:
  dev: {var_files: [dev.tfvars]}
  staging: {var_files: [staging.tfvars]}
  prod: {var_files: [prod.tfvars]}
normalize: {variable: env}
allow:
  - id: size
    resources: [terraform_data.queue]
    attributes: [input.size]
    order: ascending
    reason: The load grows from dev to prod.
"""

MAIN = """\
variable "env" {
  type = string
}

variable "size" {
  type = number
}

variable "retention" {
  type    = number
  default = 7
}

locals {
  name = "tap-${var.env}"
}

resource "terraform_data" "queue" {
  input = {
    name      = "${local.name}-orders"
    size      = var.size
    retention = var.retention
  }
}

resource "terraform_data" "archive" {
  input = { retention = var.retention }
}

output "name" {
  value = local.name
}
"""

STACK = {
    "parity.yaml": PARITY,
    "main.tf": MAIN,
    "dev.tfvars": 'env  = "dev"\nsize = 1\n',
    "staging.tfvars": 'env  = "staging"\nsize = 2\n',
    "prod.tfvars": 'env  = "prod"\nsize = 4\n',
}

DRIFT = {**STACK, "prod.tfvars": STACK["prod.tfvars"] + "retention = 30\n"}
"""The same, but prod keeps longer what nobody allowed it to."""


def write(directory: Path, files: Mapping[str, str]) -> Path:
    """Write a stack's files."""
    for name, content in files.items():
        (directory / name).write_text(content, encoding="utf-8")
    return directory
