"""`paritycheck compare` takes plans from anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import PARITY


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


def test_uses_the_rules_of_the_configuration(plans: Path) -> None:
    without = PARITY.replace("[dev.tfvars]", "[]").replace("[staging.tfvars]", "[]").replace("[prod.tfvars]", "[]")
    (plans / "parity.yaml").write_text(without)

    assert (0, []) == findings(plans, "dev.json", "prod.tfplan.json")
    assert (1, [("input.size", ["prod", "dev"])]) == findings(plans, "prod=prod.tfplan.json", "dev.json")
