"""The built-in provider's stand-in, against core's own where that can be: what both plan is the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Config, Environment
from paritycheck.engines import select_engine
from paritycheck.engines.core import BUNDLED
from paritycheck.errors import EngineError
from paritycheck.plan import Plan


def state(*names: str) -> str:
    """Return a state with a `terraform_data` of each name."""
    old = {"value": "old", "type": "string"}
    attributes = {"id": "1", "input": old, "output": old, "triggers_replace": old}
    resource = {
        "mode": "managed",
        "type": "terraform_data",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [{"schema_version": 0, "attributes": attributes}],
    }
    resources = [{**resource, "name": name} for name in names]
    return json.dumps({"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "x", "outputs": {}, "resources": resources})


DATA = """
resource "terraform_data" "created" { input = { a = [1, "x"] } }
resource "terraform_data" "empty" {}
resource "terraform_data" "kept" {
  input            = "old"
  triggers_replace = "old"
}
resource "terraform_data" "updated" {
  input            = "new"
  triggers_replace = "old"
}
resource "terraform_data" "replaced" {
  input            = "old"
  triggers_replace = "new"
}
"""

REMOTE = """
data "terraform_remote_state" "net" {
  backend = "s3"
  config  = { bucket = "b", key = "k", region = "r" }
  %s
}

output "vpc" {
  value = data.terraform_remote_state.net.outputs.vpc
}
"""


def plan(directory: Path, text: str, **options: Any) -> Plan:
    (directory / "main.tf").write_text(text)
    (directory / "old.tfstate").write_text(state("kept", "updated", "replaced", "deleted"))
    environment = Environment("dev", directory, state=directory / "old.tfstate")
    given = Config(path=directory / "parity.yaml", engine="offline", environments=(environment,), terraform=BUNDLED, **options)
    return select_engine(given).plan(environment)


def changes(found: Plan) -> dict[str, Any]:
    return {
        address: (resource.change.action, found.decode(resource.change.after), found.decode(resource.change.after_unknown))
        for address, resource in found.resources.items()
        if resource.managed
    }


def test_terraform_data_is_planned_as_core_plans_it(tmp_path: Path) -> None:
    own = changes(plan(tmp_path, DATA))
    ours = changes(plan(tmp_path, DATA + REMOTE % "", data_sources={"terraform_remote_state": {"outputs": {"vpc": "vpc-1"}}}))

    assert ["create", "delete", "create", "no-op", "replace", "update"] == [own[address][0] for address in sorted(own)]
    assert own == ours


@pytest.mark.parametrize(
    ("defaults", "options", "expected"),
    [
        ("", {"outputs": {"vpc": "vpc-1"}}, "vpc-1"),
        ('defaults = { vpc = "vpc-2" }', {}, "vpc-2"),
        ('defaults = { vpc = "vpc-2" }', {"outputs": {"vpc": ["vpc-1"]}}, ["vpc-1"]),
    ],
)
def test_another_stacks_outputs_are_what_the_user_says(tmp_path: Path, defaults: str, options: Any, expected: Any) -> None:
    found = plan(tmp_path, REMOTE % defaults, data_sources={"terraform_remote_state": options})

    assert expected == found.decode(found.outputs["vpc"].after)


def test_without_an_answer_another_stacks_state_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="The state of another stack cannot be read offline") as caught:
        plan(tmp_path, REMOTE % "")

    assert "terraform_remote_state:" in (caught.value.details or "")
    assert "main.tf" in str(caught.value.location)
