"""The plan in which everything is known."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from tests.pipeline.applied import ROOT, plan_as_applied


@pytest.fixture(scope="module")
def applied() -> Mapping[str, Any]:
    """Staging, as it would be."""
    return plan_as_applied("staging")


def changes(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """The changes of managed resources, by address."""
    return {change["address"]: change["change"] for change in plan["resource_changes"] if change["mode"] == "managed"}


def agree(planned: Any, made: Any, unknown: Any) -> bool:
    """Whether a value is the same wherever it was known before."""
    if unknown is True:
        return True
    if isinstance(made, dict) and isinstance(planned, dict):
        marks = unknown or {}
        return all(agree(planned.get(name), value, marks.get(name)) for name, value in made.items())
    if isinstance(made, list) and isinstance(planned, list) and isinstance(unknown, list) and len(made) == len(planned) == len(unknown):
        return all(map(agree, planned, made, unknown))
    return bool(planned == made)


def test_it_is_the_ordinary_plan_with_every_unknown_value_known(applied: Mapping[str, Any]) -> None:
    config = load_config(ROOT / "parity.yaml")
    (document,) = select_engine(config).documents([each for each in config.environments if each.name == "staging"])
    ordinary, made = changes(json.loads(document)), changes(applied)

    assert ordinary.keys() == made.keys()
    assert "true" not in json.dumps([change["after_unknown"] for change in made.values()])
    assert [] == [
        address for address, change in ordinary.items() if not agree(change["after"], made[address]["after"], change["after_unknown"])
    ]


def test_no_two_resources_of_a_type_share_an_arn(applied: Mapping[str, Any]) -> None:
    arns = Counter((address.split(".")[0], change["after"].get("arn")) for address, change in changes(applied).items())

    assert {} == {key: count for key, count in arns.items() if key[1] and count > 1}
