"""A small stack that reads something of every kind."""

from __future__ import annotations

from pathlib import Path

SECRETS = ("hunter2-of-dev", "hunter2-of-prod")

FILES = {
    "parity.yaml": """\
version: 1
environments:
  dev: {var_files: [dev.tfvars]}
  prod: {var_files: [prod.tfvars]}
normalize: {variable: env}
baseline: known.json
policies: policies
least_privilege:
  functions:
    - resources: [aws_lambda_function.app]
      sources: [sources]
  observed: observed.json
""",
    "known.json": '{"version": 1, "findings": []}\n',
    "observed.json": '{"format_version": 1, "calls": []}\n',
    "main.tf": """\
provider "aws" {
  region = "eu-west-1"
}

variable "env" {}

variable "size" {}

variable "label" {}

variable "secret" {
  sensitive = true
}

locals {
  greeting = "greeting.tftpl"
}

module "names" {
  source = "./names"
  env    = var.env
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/code"
  output_path = "${path.module}/build/${var.env}.zip"
}

data "local_file" "note" {
  filename = "${path.module}/note.txt"
}

resource "aws_iam_role" "app" {
  name               = module.names.role
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_lambda_function" "app" {
  function_name    = "${var.env}-app"
  role             = aws_iam_role.app.arn
  runtime          = "python3.12"
  handler          = "app.handle"
  filename         = data.archive_file.code.output_path
  source_code_hash = filebase64sha256(data.archive_file.code.output_path)
}

resource "terraform_data" "texts" {
  input = {
    size     = var.size
    label    = var.label
    secret   = var.secret
    note     = data.local_file.note.content
    greeting = templatefile("${path.module}/${local.greeting}", { env = var.env })
    text     = file("text.json")
    parts    = [for name in fileset("${path.module}/parts", "*.txt") : file("${path.module}/parts/${name}")]
    maybe    = fileexists("${path.root}/maybe.txt")
  }
}
""",
    "names/main.tf": 'variable "env" {}\n\noutput "role" {\n  value = "${var.env}-app"\n}\n',
    "dev.tfvars": f'env    = "dev"\nsize   = 1\nsecret = "{SECRETS[0]}"\n',
    "prod.tfvars": f'env    = "prod"\nsize   = 2\nsecret = "{SECRETS[1]}"\n',
    "common.auto.tfvars": 'label = "common"\n',
    "greeting.tftpl": "Hello ${env}\n",
    "text.json": "{}\n",
    "parts/a.txt": "a\n",
    "note.txt": "note\n",
    "code/app.zip.txt": "code\n",
    "sources/app.py": "def handle(event, context):\n    return event\n",
    "policies/names.py": """\
from _words import NAME
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Named(BaseResourceCheck):
    def __init__(self):
        super().__init__(name=NAME, id="CKV_TAP_900", categories=[CheckCategories.CONVENTION], supported_resources=["aws_iam_role"])

    def scan_resource_conf(self, conf):
        return CheckResult.PASSED if conf.get("name") else CheckResult.FAILED


check = Named()
""",
    "policies/_words.py": 'NAME = "A role has a name"\n',
}


def write(directory: Path) -> Path:
    """Write the stack's files."""
    for name, content in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return directory
