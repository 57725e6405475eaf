"""Stacks in other layouts and styles than this repository's own, from `parity.yaml` to the verdict."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.commands.invoke import paritycheck

DIRECTORIES = Path(__file__).parent / "assets" / "stacks" / "directories"

MODULE = "modules/inbox/main.tf"
PRODUCTION = "live/production/main.tf"


def check(directory: Path, code: int) -> dict[str, Any]:
    """Run the check, and return its report."""
    before = sorted(directory.rglob("*"))
    outcome = paritycheck("run", "--format", "json", cwd=directory)

    assert (code, "") == (outcome.code, outcome.err)
    assert before == sorted(directory.rglob("*"))
    report: dict[str, Any] = json.loads(outcome.out)
    return report


def findings(report: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(finding["rule"], finding["address"], finding["path"]) for finding in report["findings"]]


def write(directory: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


@pytest.fixture
def directories(tmp_path: Path) -> Path:
    """A stack with one directory an environment and a module that they share."""
    return Path(shutil.copytree(DIRECTORIES, tmp_path / "directories"))


def test_one_directory_an_environment_holds_parity(directories: Path) -> None:
    report = check(directories, 0)

    assert ["retention"] == [allowed["allow"] for allowed in report["allowed"]]
    assert [("test", 6), ("production", 6)] == [(each["name"], each["resources"]) for each in report["environments"]]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            PRODUCTION,
            "retention_seconds = 345600",
            "retention_seconds = 60",
            ("order-violation", "module.inbox.aws_sqs_queue.this", "message_retention_seconds"),
        ),
        (
            PRODUCTION,
            '{ Stage = "production" }',
            '{ Stage = "production", Team = "b" }',
            ("provider-difference", "provider.aws", "default_tags[0].tags.Team"),
        ),
        (
            PRODUCTION,
            '"billing-production-${',
            '"billing-test-${',
            ("environment-leak", "aws_s3_bucket.invoices", "bucket"),
        ),
        (
            MODULE,
            "maxReceiveCount = 5",
            'maxReceiveCount = var.stage == "test" ? 5 : 9',
            ("value-difference", "module.inbox.aws_sqs_queue.this", "redrive_policy.maxReceiveCount"),
        ),
        (
            PRODUCTION,
            'stage             = "production"',
            'stage             = "test"',
            ("environment-leak", "module.inbox.aws_sqs_queue.this", "name"),
        ),
        (
            PRODUCTION,
            '["billing-production-worker"]',
            "[]",
            ("missing-resource", 'module.inbox.aws_iam_role_policy_attachment.read["billing-{env}-worker"]', ""),
        ),
        (
            MODULE,
            "  sqs_managed_sse_enabled   = true\n  redrive",
            '  sqs_managed_sse_enabled   = var.stage != "test"\n  redrive',
            ("value-difference", "module.inbox.aws_sqs_queue.this", "sqs_managed_sse_enabled"),
        ),
    ],
)
def test_drift_between_directories_is_found(directories: Path, file: str, old: str, new: str, expected: tuple[str, str, str]) -> None:
    text = (directories / file).read_text(encoding="utf-8")
    assert old in text
    (directories / file).write_text(text.replace(old, new), encoding="utf-8")

    found = findings(check(directories, 1))

    assert expected in found, found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["sqs:ReceiveMessage", "sqs:DeleteMessage"]', '["sqs:DeleteMessage", "sqs:ReceiveMessage"]'),
        ("for_each = toset(var.readers)", "for_each = { for reader in var.readers : reader => reader }"),
        ("maxReceiveCount = 5", "maxReceiveCount = 2 + 3"),
    ],
)
def test_a_change_of_what_all_directories_share_is_no_difference(directories: Path, old: str, new: str) -> None:
    text = (directories / MODULE).read_text(encoding="utf-8")
    assert old in text
    (directories / MODULE).write_text(text.replace(old, new), encoding="utf-8")

    assert [] == findings(check(directories, 0))


WORKSPACES = {
    "parity.yaml": "version: 1\nenvironments:\n  dev: {workspace: dev}\n  prod: {workspace: prod}\n",
    "main.tf": """
locals {
  sizes = { dev = 1, prod = 1 }
  size  = local.sizes[terraform.workspace]
}

provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = { Stage = terraform.workspace }
  }
}

data "aws_availability_zones" "all" {}

resource "aws_sqs_queue" "orders" {
  name          = "orders-${terraform.workspace}"
  delay_seconds = local.size
}

resource "aws_iam_role_policy_attachment" "all" {
  for_each   = toset(["AmazonSQSReadOnlyAccess"])
  role       = "orders"
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
""",
}


def test_one_workspace_an_environment_holds_parity(tmp_path: Path) -> None:
    """Without a variable, the environments' own names are what values may hold; a constant for_each is no partial plan."""
    assert [] == findings(check(write(tmp_path, WORKSPACES), 0))


def test_what_a_workspace_looks_up_is_compared(tmp_path: Path) -> None:
    drifting = WORKSPACES | {"main.tf": WORKSPACES["main.tf"].replace("prod = 1", "prod = 9")}
    report = check(write(tmp_path, drifting), 1)

    assert [("value-difference", "aws_sqs_queue.orders", "delay_seconds")] == findings(report)
    assert {"dev": 1, "prod": 9} == report["findings"][0]["values"]


def test_json_syntax_with_its_own_variables_files_is_checked(tmp_path: Path) -> None:
    """Terraform reads `*.auto.tfvars.json` by itself."""
    queue = {"name": "${var.team}-${var.env}", "delay_seconds": "${var.delay}"}
    text = json.dumps({"variable": {"env": {}, "team": {}, "delay": {}}, "resource": {"aws_sqs_queue": {"q": queue}}}, indent=1)
    files = {
        "main.tf.json": text,
        "team.auto.tfvars.json": '{"team": "payments"}',
        "dev.tfvars.json": '{"env": "dev", "delay": 1}',
        "prod.tfvars.json": '{"env": "prod", "delay": 2}',
        "parity.yaml": "version: 1\nenvironments:\n  dev: {var_files: [dev.tfvars.json]}\n"
        "  prod: {var_files: [prod.tfvars.json], env: {AWS_REGION: eu-west-1}}\nnormalize: {variable: env}\n",
    }
    (found,) = check(write(tmp_path, files), 1)["findings"]

    assert ("aws_sqs_queue.q", "delay_seconds", "var.delay") == (found["address"], found["path"], found["cause"])
    assert {"file": "main.tf.json", "line": text[: text.index('"delay_seconds"')].count("\n") + 1} == {
        key: found["location"][key] for key in ("file", "line")
    }


def test_variables_of_terraforms_own_environment_count(tmp_path: Path) -> None:
    """Under `env` they hold for one environment."""
    files = {
        "main.tf": 'variable "env" {}\n\nresource "terraform_data" "a" {\n  input = "a-${var.env}"\n}\n',
        "parity.yaml": "version: 1\nenvironments:\n  dev: {env: {TF_VAR_env: dev}}\n  prod: {env: {TF_VAR_env: prod}}\n"
        "normalize: {variable: env}\n",
    }

    assert [] == findings(check(write(tmp_path, files), 0))


UNKNOWN = """
variable "env" {}

variable "password" {
  sensitive = true
}

variable "limits" {}

resource "terraform_data" "target" {}

resource "terraform_data" "policy" {
  input = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:Get*", "s3:List*"], Resource = terraform_data.target.id }]
    Limits    = [for limit in var.limits : limit if limit > 0]
  })
}

resource "terraform_data" "address" {
  input = "mysql://tap-${var.env}:${var.password}@${terraform_data.target.id}"
}

output "name" {
  value = "tap-${var.env}-${terraform_data.target.id}"
}
"""

UNKNOWN_PARITY = """
version: 1
environments:
  dev: {variables: {env: dev, password: one, limits: [1]}}
  prod: {variables: {env: prod, password: one, limits: [1]}}
normalize: {variable: env}
"""


def test_what_is_written_of_unknown_values_is_compared(tmp_path: Path) -> None:
    """Their references alone are the same in both."""
    assert [] == findings(check(write(tmp_path, {"main.tf": UNKNOWN, "parity.yaml": UNKNOWN_PARITY}), 0))

    widened = UNKNOWN.replace('["s3:Get*", "s3:List*"]', 'var.env == "dev" ? ["s3:List*", "s3:Get*"] : ["s3:*"]')
    found = findings(check(write(tmp_path, {"main.tf": widened}), 1))

    assert {("value-difference", "terraform_data.policy")} == {(rule, address) for rule, address, _ in found}
    assert all(path.startswith("input.Statement[0].Action[") for _, _, path in found)


def test_a_name_in_an_unknown_value_leaks(tmp_path: Path) -> None:
    leaking = UNKNOWN.replace('"tap-${var.env}-${', '"tap-dev-${')
    (found,) = check(write(tmp_path, {"main.tf": leaking, "parity.yaml": UNKNOWN_PARITY}), 1)["findings"]

    assert ("environment-leak", "output.name", "value") == (found["rule"], found["address"], found["path"])
    assert {"dev": "tap-dev-${...}", "prod": "tap-dev-${...}"} == found["values"]


def test_a_secret_in_an_unknown_value_is_compared_and_never_shown(tmp_path: Path) -> None:
    parity = UNKNOWN_PARITY.replace("prod, password: one", "prod, password: hunter2-two").replace("password: one", "password: hunter2-one")
    report = check(write(tmp_path, {"main.tf": UNKNOWN, "parity.yaml": parity}), 1)

    assert [("value-difference", "terraform_data.address", "input")] == findings(report)
    assert "hunter2" not in json.dumps(report)
