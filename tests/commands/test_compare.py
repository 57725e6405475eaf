"""`paritycheck compare` takes plans from anywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import PARITY

ROOT = Path(__file__).parents[2]


def plan(name: str, size: int, retention: int = 7) -> str:
    """Return a plan with one queue in it."""
    after = {"input": {"name": f"tap-{name}-orders", "size": size, "retention": retention}}
    change: dict[str, Any] = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}, "after_sensitive": {}}
    resource = {
        "address": "terraform_data.queue",
        "mode": "managed",
        "type": "terraform_data",
        "name": "queue",
        "provider_name": "terraform.io/builtin/terraform",
        "change": change,
    }
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "variables": {"env": {"value": name}},
            "resource_changes": [resource],
            "configuration": {"root_module": {"variables": {"env": {}}}},
        }
    )


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    (tmp_path / "dev.json").write_text(plan("dev", 1))
    (tmp_path / "prod.tfplan.json").write_text(plan("prod", 4))
    return tmp_path


def findings(directory: Path, *arguments: str) -> tuple[int, list[tuple[str, list[str]]]]:
    """Compare, and return the exit code with the path and environments of each finding."""
    done = paritycheck("compare", *arguments, "--format", "json", cwd=directory)
    return done.code, [(finding["path"], list(finding["values"])) for finding in json.loads(done.out)["findings"]]


def test_without_a_configuration_no_difference_is_allowed(plans: Path) -> None:
    """The names of the files stand for the environments, in the plans' own values too."""
    assert (1, [("input.size", ["dev", "prod"])]) == findings(plans, "dev.json", "prod.tfplan.json")


def test_takes_names_and_keeps_the_order(plans: Path) -> None:
    assert (1, [("input.size", ["prod", "dev"])]) == findings(plans, "prod=prod.tfplan.json", "dev=dev.json")


def test_a_file_with_an_equals_sign_is_a_file(plans: Path) -> None:
    (plans / "a=dev.json").write_text(plan("dev", 1))

    assert ["a=dev", "prod"] == findings(plans, "a=dev.json", "prod=prod.tfplan.json")[1][-1][1]


def configure(directory: Path) -> None:
    """Give the plans a configuration: dev, staging and prod, whose size may grow."""
    (directory / "parity.yaml").write_text(re.sub(r"\[\w+\.tfvars\]", "[]", PARITY))


def test_uses_the_rules_of_the_configuration(plans: Path) -> None:
    configure(plans)

    assert (0, []) == findings(plans, "dev.json", "prod.tfplan.json", "-e", "dev", "-e", "prod")
    assert (1, [("input.size", ["old", "new"])]) == findings(plans, "old=prod.tfplan.json", "new=dev.json")


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """A directory `made` of plans, as the jobs of a pipeline leave them."""
    configure(tmp_path)
    (tmp_path / "made").mkdir()
    for size, name in enumerate(["dev", "staging", "prod"]):
        (tmp_path / "made" / f"{name}.json").write_text(plan(name, size))
    return tmp_path


def compared(directory: Path, *arguments: str) -> tuple[int, list[str]]:
    """Compare, and return the exit code with the environments in their order."""
    done = paritycheck("compare", *arguments, "--format", "json", cwd=directory)
    return done.code, [environment["name"] for environment in json.loads(done.out)["environments"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["made"],
        ["made/prod.json", "made/dev.json", "made/staging.json"],
        ["staging=made/staging.json", "prod=made/prod.json", "dev=made/dev.json"],
    ],
)
def test_plans_are_compared_in_the_order_of_the_configuration(pipeline: Path, arguments: list[str]) -> None:
    assert (0, ["dev", "staging", "prod"]) == compared(pipeline, *arguments)


def test_a_part_is_compared_where_that_is_asked_for(pipeline: Path) -> None:
    assert (0, ["staging", "prod"]) == compared(pipeline, "made", "-e", "prod", "-e", "staging")


def test_without_a_configuration_a_directory_is_compared_in_the_order_of_its_names(pipeline: Path) -> None:
    (pipeline / "parity.yaml").unlink()

    assert (1, ["dev", "prod", "staging"]) == compared(pipeline, "made")


@pytest.mark.parametrize("arguments", [["made"], ["made/dev.json", "made/prod.json"], ["made", "-e", "dev", "-e", "staging"]])
def test_a_plan_that_no_job_made_is_no_pass(pipeline: Path, arguments: list[str]) -> None:
    (pipeline / "made" / "staging.json").unlink()
    done = paritycheck("compare", *arguments, cwd=pipeline)

    assert (3, "") == (done.code, done.out)
    assert "there is no plan of staging" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["made", "-e", "dev", "-e", "qa"], 2, "has no environment 'qa'"),
        (["made/dev.json", "made/staging.json", "made/prod.json", "qa=made/prod.json"], 2, "has no environment 'qa'"),
        (["made", "-e", "dev"], 2, "only one plan"),
        (["empty"], 3, "empty holds no plans"),
        (["made", "made/dev.json"], 2, "has no environment 'made'"),
    ],
)
def test_what_does_not_fit_the_configuration_is_refused(pipeline: Path, arguments: list[str], code: int, said: str) -> None:
    (pipeline / "empty").mkdir()
    done = paritycheck("compare", *arguments, cwd=pipeline)

    assert (code, "") == (done.code, done.out)
    assert said in done.err


def test_hidden_files_are_no_plans(pipeline: Path) -> None:
    for name in (".json", "._dev.json"):
        (pipeline / "made" / name).write_text(plan("dev", 0))

    assert (0, ["dev", "staging", "prod"]) == compared(pipeline, "made")


def test_a_plan_that_the_configuration_does_not_know_is_not_passed_over(pipeline: Path) -> None:
    (pipeline / "made" / "qa.json").write_text(plan("qa", 9))
    done = paritycheck("compare", "made", cwd=pipeline)

    assert (2, "") == (done.code, done.out)
    assert "parity.yaml has no environment 'qa'" in done.err


POLICY = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Trigger(BaseResourceCheck):
    def __init__(self):
        super().__init__("What is replaced says when", "CKV_OWN_1", [CheckCategories.CONVENTION], ["terraform_data"])

    def scan_resource_conf(self, conf):
        return CheckResult.PASSED if conf.get("triggers_replace") else CheckResult.FAILED


check = Trigger()
"""


def test_plans_are_held_against_the_policies_too(pipeline: Path) -> None:
    with (pipeline / "parity.yaml").open("a") as stream:
        stream.write("policies: checks\n")
    (pipeline / "checks").mkdir()
    (pipeline / "checks" / "trigger.py").write_text(POLICY)
    done = paritycheck("compare", "made", "--format", "json", "--checkov", ROOT / ".checkov", cwd=pipeline)
    report = json.loads(done.out)

    assert (1, ["policy-violation"]) == (done.code, [finding["rule"] for finding in report["findings"]])
    assert 3 == report["summary"]["policies"]["failed"]
