"""`paritycheck policy`, and policies in `run`, from end to end with real Terraform and real checkov."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.commands.invoke import Outcome, paritycheck
from tests.commands.stack import write

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))

ENVIRONMENTS = """\
version: 1
environments:
  dev: {variables: {env: dev}}
  prod: {variables: {env: prod}}
normalize: {variable: env}
"""
PARITY = f"{ENVIRONMENTS}policies: checks\n"

MAIN = """\
variable "env" {
  type = string
}

resource "aws_sqs_queue" "orders" {
  name = "tap-${var.env}-orders"
}
"""

POLICY = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class QueueKey(BaseResourceCheck):
    def __init__(self):
        super().__init__("A queue has a key", "CKV_OWN_1", [CheckCategories.ENCRYPTION], ["aws_sqs_queue"])

    def scan_resource_conf(self, conf):
        return CheckResult.PASSED if conf.get("kms_master_key_id") else CheckResult.FAILED


check = QueueKey()
"""

STACK = {"parity.yaml": PARITY, "main.tf": MAIN, "checks/queue_key.py": POLICY}


def lay_out(directory: Path, **changes: str) -> Path:
    (directory / "checks").mkdir()
    return write(directory, STACK | {name.replace("_", ".", 1): text for name, text in changes.items()})


def run(command: str, directory: Path, *arguments: str) -> Outcome:
    return paritycheck(command, "--checkov", str(ROOT / ".checkov"), *arguments, cwd=directory, env={"PATH": os.environ["PATH"]})


@pytest.mark.parametrize("command", ["policy", "run"])
def test_a_broken_policy_fails_the_run_at_its_block_once_for_all_environments(command: str, tmp_path: Path) -> None:
    done = run(command, lay_out(tmp_path), "--format", "json")
    report = json.loads(done.out)
    (finding,) = report["findings"]

    Draft202012Validator(SCHEMA).validate(report)
    assert (1, "") == (done.code, done.err)
    assert ("policy-violation", "CKV_OWN_1", "aws_sqs_queue.orders") == (finding["rule"], finding["policy"], finding["address"])
    assert {"dev": "fail", "prod": "fail"} == finding["values"]
    assert {"file": "main.tf", "line": 5} == {name: finding["location"][name] for name in ("file", "line")}
    assert {"passed": 0, "failed": 2, "skipped": 0, "ran": True} == report["summary"]["policies"]


def test_kept_policies_pass(tmp_path: Path) -> None:
    main = MAIN.replace("-orders", '-orders"\n  kms_master_key_id = "alias/tap')
    done = run("policy", lay_out(tmp_path, main_tf=main))

    assert (0, "") == (done.code, done.err)
    assert "PASS  dev and prod keep the policies: 2 policy verdicts passed." in done.out


def test_a_suppression_is_shown_with_its_reason(tmp_path: Path) -> None:
    main = MAIN.replace("  name =", "  #checkov:skip=CKV_OWN_1:Nothing personal is in it.\n  name =")
    done = run("policy", lay_out(tmp_path, main_tf=main))

    assert 0 == done.code
    assert "Suppressed" in done.out
    assert "Nothing personal is in it." in done.out


@pytest.mark.parametrize("command", ["policy", "run"])
def test_policies_that_are_about_no_resource_did_not_run_and_fail_nothing(command: str, tmp_path: Path) -> None:
    """A directory of policies serves many stacks; that it has nothing to say of one is told."""
    directory = lay_out(tmp_path, main_tf=MAIN.replace("aws_sqs_queue", "aws_sns_topic"))
    done = run(command, directory, "--format", "json")
    report = json.loads(done.out)

    assert (0, "pass") == (done.code, report["verdict"])
    assert [{"check": "policies", "reason": "the only policy is about no resource of these plans"}] == report["skipped"]
    assert {"passed": 0, "failed": 0, "skipped": 0, "ran": False} == report["summary"]["policies"]


def test_a_misspelled_check_of_checkovs_own_is_told_at_its_line(tmp_path: Path) -> None:
    done = run("policy", lay_out(tmp_path, parity_yaml=f"{ENVIRONMENTS}policies:\n  builtin: [CKV_AWS_99999]\n"))

    assert 2 == done.code
    assert "where: parity.yaml:7" in done.err


def test_one_environment_is_enough(tmp_path: Path) -> None:
    done = run("policy", lay_out(tmp_path), "-e", "prod")

    assert 1 == done.code
    assert "FAIL  prod does not keep the policies: 1 error" in done.out


def test_another_verdict_in_another_environment_is_a_finding_of_its_own(tmp_path: Path) -> None:
    main = MAIN.replace('-orders"', '-orders"\n  kms_master_key_id = var.env == "prod" ? "alias/tap" : null')
    done = run("policy", lay_out(tmp_path, main_tf=main), "--format", "json")
    (finding,) = json.loads(done.out)["findings"]

    assert ("policy-difference", {"dev": "fail", "prod": "pass"}) == (finding["rule"], finding["values"])


@pytest.mark.parametrize(
    ("parity", "arguments", "problem"),
    [
        (ENVIRONMENTS, (), "no policies are named"),
        (PARITY, ("--least-privilege",), "no function's sources are named"),
        (PARITY.replace("checks", "nowhere"), (), "nowhere"),
    ],
)
def test_what_cannot_be_checked_is_refused(parity: str, arguments: tuple[str, ...], problem: str, tmp_path: Path) -> None:
    done = run("policy", lay_out(tmp_path, parity_yaml=parity), *arguments)

    assert 2 == done.code, done.err
    assert problem in done.err
    assert "" == done.out


UV = """\
#!/bin/sh
for last; do :; done
if [ "$1" = venv ]; then ln -s {checkov} "$last"; fi
"""


@pytest.mark.parametrize(("arguments", "told"), [((), True), (("--quiet",), False)])
def test_what_keeps_a_log_waiting_is_told_once(arguments: tuple[str, ...], told: bool, tmp_path: Path) -> None:
    """An environment for checkov takes most of a minute to make, in which a job of CI would seem to hang."""
    directory, uv = lay_out(tmp_path), tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV.replace("{checkov}", str(ROOT / ".checkov")))
    uv.chmod(0o755)
    environment = {"PATH": f"{uv.parent}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    first, second = (paritycheck("policy", *arguments, cwd=directory, env=environment) for _ in range(2))

    assert (1, 1, "") == (first.code, second.code, second.err)
    assert ["checkov: making an environment for it, once:"] * told == [line.rpartition(" ")[0] for line in first.err.splitlines()]


def test_a_broken_check_gives_no_verdict(tmp_path: Path) -> None:
    directory = lay_out(tmp_path)
    (directory / "checks" / "queue_key.py").write_text("def")
    done = run("policy", directory)

    assert 3 == done.code
    assert "queue_key.py" in done.err
    assert "Traceback" not in done.err
