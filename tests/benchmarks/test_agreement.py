"""Comparing a recorded plan with an offline one."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.agreement import UNKNOWN, Agreement, compare_plans, total


def plan(*, data: dict[str, Any] | None = None, unknown: Any = None, **after: Any) -> dict[str, Any]:
    change = {"actions": ["create"], "after": after, "after_unknown": unknown or {}}
    document: dict[str, Any] = {
        "resource_changes": [{"address": "aws_x.a", "type": "aws_x", "mode": "managed", "change": change}],
    }
    if data:
        document["prior_state"] = {"values": {"root_module": {"child_modules": [{"resources": [{"mode": "data", "values": data}]}]}}}
    return document


def mismatches(recorded: dict[str, Any], planned: dict[str, Any], *, strict: bool = False) -> list[tuple[str, Any, Any]]:
    found = compare_plans(recorded, planned, strict=strict).mismatches
    return [(mismatch.path, mismatch.recorded, mismatch.planned) for mismatch in found]


def test_equal_plans_agree() -> None:
    """In every resource and value."""
    whole = plan(a=1, b=[{"c": "x", "d": None}], unknown={"id": True, "b": [{"e": True}]})

    assert Agreement(resources=1, reproduced_resources=1, values=5, reproduced_values=5) == compare_plans(whole, whole)


def test_an_unknown_value_is_a_value() -> None:
    """It is not null, at any depth."""
    assert [("b.c", UNKNOWN, None), ("id", UNKNOWN, "x")] == mismatches(
        plan(b=[{}], unknown={"id": True, "b": [{"c": True}]}), plan(b=[{}], id="x")
    )


def test_each_leaf_of_an_unknown_block_counts() -> None:
    """A block that is known in one plan alone counts by what the recorded one says of it."""
    block = [{"x": 1, "y": 2}]

    assert [("b.x", 1, UNKNOWN), ("b.y", 2, UNKNOWN)] == mismatches(plan(b=block), plan(unknown={"b": True}))
    assert [("b", UNKNOWN, block)] == mismatches(plan(unknown={"b": True}), plan(b=block))


def test_the_order_of_a_collection_says_nothing() -> None:
    """Items are paired by content: equal ones, then the most alike."""
    recorded = plan(rules=[{"port": 1, "name": "a"}, {"port": 2, "name": "b"}, {"port": 3, "name": "c"}])
    planned = plan(rules=[{"port": 3, "name": "c"}, {"port": 9, "name": "b"}, {"port": 1, "name": "a"}])

    assert [("rules.port", 2, 9)] == mismatches(recorded, planned)


@pytest.mark.parametrize(("recorded", "planned"), [(1, 1.0), (None, None), ([], []), ({}, {})])
def test_what_is_written_differently_is_equal(recorded: Any, planned: Any) -> None:
    """A whole number is one with a fraction of zero; an absent value is null."""
    assert [] == mismatches(plan(a=recorded), plan(a=planned))
    assert [] == mismatches(plan(a=None), plan())


@pytest.mark.parametrize(("recorded", "planned"), [(True, 1), ("1", 1), (None, ""), ([], None), (False, None)])
def test_what_only_looks_alike_differs(recorded: Any, planned: Any) -> None:
    """A truth value is no number, and nothing is not empty."""
    assert [("a", recorded, planned)] == mismatches(plan(a=recorded), plan(a=planned))


@pytest.mark.parametrize(
    "text", ["/home/someone/key.pub", "2024-05-01T10:00:00Z", "arn:aws:iam::999999999999:role/x", "eu-central-1a", "ami-0abc-from-data"]
)
def test_values_of_the_recorders_surroundings_are_left_out(text: str) -> None:
    """They count with `strict`."""
    recorded, planned = plan(a=text, data={"image": "ami-0abc-from-data"}), plan(a="other")

    assert (0, 1) == ((found := compare_plans(recorded, planned)).values, found.environmental)
    assert [("a", text, "other")] == mismatches(recorded, planned, strict=True)


def test_resources_are_matched_by_address() -> None:
    """One that only one plan has is named; a deleted one is none, and neither is a data source."""
    recorded, planned = plan(a=1), plan(a=1)
    planned["resource_changes"][0]["address"] = "aws_x.b"
    gone = {"address": "aws_x.c", "type": "aws_x", "mode": "managed", "change": {"after": None}}
    data = {"address": "data.aws_x.d", "type": "aws_x", "mode": "data", "change": {"after": {}}}
    recorded["resource_changes"] += [gone, data]

    assert Agreement(resources=1, missing=["aws_x.a"], extra=["aws_x.b"]) == compare_plans(recorded, planned)


def test_counts_add_up() -> None:
    """Over cases."""
    agreement = compare_plans(plan(a=1, b=2), plan(a=1, b=3))

    whole = total([agreement, agreement])

    assert (2, 2, 4, 2, 2) == (whole.resources, whole.reproduced_resources, whole.values, whole.reproduced_values, len(whole.mismatches))
