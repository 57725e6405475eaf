"""Two stacks that break every rule there is, and their reports in every format, made by the program itself."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paritycheck.reporters import Format
from tests.commands.invoke import paritycheck
from tests.commands.stack import write
from tests.plans import ENVIRONMENTS, configured, document, dump, resource

ROOT = Path(__file__).parents[1]

DRIFTED_PARITY = """\
version: 1
engine: files
environments:
  dev: {plan: dev.json}
  staging: {plan: staging.json}
  prod: {plan: prod.json}
normalize: {variable: env}
baseline: baseline.json
protect:
  - {id: routes, resources: [aws_x.protected], reason: Everybody speaks one protocol.}
  - {id: misspelled, resources: [aws_z.*], reason: Nothing is called so.}
allow:
  - {id: falling, resources: [aws_x.ordered], attributes: [a], order: ascending, reason: The load grows.}
  - {id: limited, resources: [aws_x.limited], attributes: [a], max: 3, reason: It costs.}
  - {id: stale, resources: [aws_x.gone], attributes: [a], reason: It has been removed.}
  - {id: broad, resources: [aws_x.broad], attributes: ["*"], reason: Everything may differ.}
  - {id: past, resources: [aws_x.past], attributes: [a], reason: For a week., expires: 2024-01-31}
  - {id: proposed, resources: [aws_x.proposed], attributes: [a], reason: }
"""

DRIFTED_MAIN = """\
variable "env" {
  type = string
}

resource "aws_sqs_queue" "counted" {
  count = var.env == "prod" ? 1 : 0
}

resource "aws_sqs_queue" "keyed" {
  for_each = var.env == "prod" ? toset(["a"]) : toset([])
}

resource "aws_s3_bucket" "dynamic" {
  dynamic "logging" {
    for_each = var.env == "prod" ? [1] : []
    content {}
  }
}

module "stack" {
  source = "./modules/${var.env}"
}
"""

BASELINE = {
    "version": 1,
    "findings": [
        {
            "fingerprint": "0f3a9c1e5b7d2468",
            "rule": "value-difference",
            "address": "aws_x.mended",
            "path": "a",
            "environments": {},
            "expires": "2999-12-31",
        }
    ],
}

POLICIES_MAIN = """\
locals {
  queues = { unencrypted = null, differing = var.stage == "live" ? "alias/own" : null }
}

resource "aws_sqs_queue" "policies" {
  for_each          = local.queues
  kms_master_key_id = each.value
}

resource "terraform_data" "key" {
  input = timestamp()
}

resource "aws_sqs_queue" "undecided" {
  kms_master_key_id = terraform_data.key.output
}

resource "aws_sqs_queue" "unexplained" {
  #checkov:skip=CKV_OWN_1
}

resource "aws_sqs_queue" "expired" {
  #checkov:skip=CKV_OWN_1:Until the key is there (until: 2024-01-31)
}

resource "aws_sqs_queue" "stale" {
  #checkov:skip=CKV_OWN_1:No key yet
  kms_master_key_id = "alias/own"
}

resource "aws_sqs_queue" "unknown" {
  #checkov:skip=CKV_TAPP_1:A typing error
  kms_master_key_id = "alias/own"
}
"""

POLICY = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class QueueKey(BaseResourceCheck):
    def __init__(self):
        super().__init__("A queue has a key", "CKV_OWN_1", [CheckCategories.ENCRYPTION], ["aws_sqs_queue"])

    def scan_resource_conf(self, conf):
        return CheckResult.PASSED if (conf.get("kms_master_key_id") or [None])[0] else CheckResult.FAILED


check = QueueKey()
"""


@dataclass(frozen=True)
class Broken:
    """What the program reports."""

    texts: dict[Format, str]

    @property
    def rules(self) -> set[str]:
        """Name the rules of which something was found."""
        return {finding["rule"] for finding in json.loads(self.texts[Format.JSON])["findings"]}


def drifted(directory: Path) -> Broken:
    """Report on plans that differ in every way, whose configuration and rules have all defects."""
    files = {"parity.yaml": DRIFTED_PARITY, "main.tf": DRIFTED_MAIN, "baseline.json": json.dumps(BASELINE)}
    write(directory, files | {f"{name}.json": dump(_plan(name)).decode() for name in ENVIRONMENTS})
    return _report(directory)


def _plan(name: str) -> dict[str, Any]:
    prod, size = name == "prod", ENVIRONMENTS.index(name)
    differing = ("value", "limited", "broad", "past", "proposed", "protected")
    resources = [
        *(resource(f"aws_x.{each}", {"a": size * 2, "b": 1}) for each in differing),
        resource("aws_x.ordered", {"a": -size}),
        resource("aws_x.leak", {"a": "to-prod"}),
        resource("aws_x.unknown", {"a": None if prod else 1}, after_unknown={"a": prod}),
        resource("aws_x.provider", {"a": 1}, provider=f"example.com/{size}/aws"),
        resource("aws_x.action", {"a": 1}, actions=["update"] if prod else ["create"]),
        resource("aws_x.edge", {"a": 1}),
        *([] if prod else [resource("aws_x.missing", {"a": 1})]),
    ]
    target = "aws_sqs.b" if prod else "aws_sqs.a"
    return document(
        *resources,
        variables={"env": name},
        configuration=[configured("aws_x.edge", b=(f"{target}.arn", target)), configured("aws_x.left_out", a=1)],
        terraform_version="1.9.8" if prod else "1.11.4",
        checks=[
            {
                "address": {"to_display": "check.size"},
                "status": "fail" if prod else "pass",
                "instances": [{"problems": [{"message": "too small"}]}] if prod else [],
            }
        ],
    )


def unprivileged(directory: Path) -> Broken:
    """Report on a stack whose policies, suppressions and privileges have all defects, planned and checked for real."""
    shutil.copytree(ROOT / "tests" / "assets" / "stacks" / "privilege", directory, dirs_exist_ok=True)
    (directory / "checks").mkdir()
    parity = (directory / "parity.yaml").read_text(encoding="utf-8")
    write(directory, {"parity.yaml": f"{parity}policies: checks\n", "queues.tf": POLICIES_MAIN, "checks/queue_key.py": POLICY})
    return _report(directory, "--checkov", str(ROOT / ".checkov"))


def _report(directory: Path, *arguments: str) -> Broken:
    """Run the program once for all formats."""
    files = {name: directory / f"report.{name}" for name in Format}
    formats = [argument for name, file in files.items() for argument in ("--format", f"{name}={file}")]
    done = paritycheck("run", "--verbose", *arguments, *formats, cwd=directory, env={"PATH": os.environ["PATH"]})
    if done.code != 1:
        raise AssertionError(done)
    return Broken({name: file.read_text(encoding="utf-8") for name, file in files.items()})
