"""A report comes back from what is kept as it was, to the last bit that any format shows."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.cache import NotKept
from paritycheck.cache.codec import decode, encode
from paritycheck.errors import Location
from paritycheck.findings import Finding, Report, Severity, Special
from paritycheck.reporters import Format, Style
from tests.reporters.picture.stacks import SMALL
from tests.reporters.sample import CLEAN, HOSTILE_REPORT, REPORT

texts = st.text(st.characters(exclude_categories=())) | st.sampled_from(["\ud83d\ude00", "\ud800", "\x00", "list", "map"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(Special) | st.decimals(allow_nan=False)
scalars |= st.integers(min_value=10**4400, max_value=10**4400 + 9)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner) | st.tuples(inner, inner), max_leaves=20)


def again(report: Report) -> Report:
    """Keep a report as a file would, and read it."""
    return decode(json.loads(json.dumps(encode(report))))


def holding(value: Any) -> Report:
    finding = Finding("value-difference", Severity.NOTE, "a.b", "m", "h", values={"dev": value, "prod": 1}, location=Location("f", 1, 2))
    return replace(CLEAN, findings=(finding,))


@given(values)
def test_every_value_comes_back_as_it_was(value: Any) -> None:
    expected, actual = value, again(holding(value)).findings[0].values["dev"]

    assert identity(expected) == identity(actual)


def identity(value: Any) -> Any:
    """Return what tells values apart that Python calls equal, and finds those equal that it does not."""
    match value:
        case dict():
            return [(identity(key), identity(item)) for key, item in value.items()]
        case list() | tuple():
            return type(value), [identity(item) for item in value]
        case int() if abs(value) > 10**100:
            return hex(value)
        case _:
            return type(value), repr(value)


@pytest.mark.parametrize("name", [name for name in Format if not name.needs_topology])
@pytest.mark.parametrize("report", [REPORT, CLEAN, HOSTILE_REPORT], ids=["full", "clean", "hostile"])
def test_every_format_renders_the_same(report: Report, name: Format) -> None:
    render = name.reporter(Style()).render

    assert render(report) == render(again(report))


@given(values)
def test_every_value_looks_the_same(value: Any) -> None:
    report = holding(value)
    for name in (Format.CONSOLE, Format.JSON):
        render = name.reporter(Style()).render
        assert render(report) == render(again(report))


def test_a_topology_comes_back_as_it_was() -> None:
    report = replace(CLEAN, topology=SMALL)

    assert repr(report) == repr(again(report))


def test_what_no_report_should_hold_is_not_kept() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]

    for value in (deep, object(), b"bytes"):
        with pytest.raises(NotKept):
            encode(holding(value))


@pytest.mark.parametrize(
    "data",
    [
        None,
        1,
        [],
        ["Report"],
        ["Report", 1],
        ["map", 1],
        ["Path", "/"],
        ["Any"],
        ["os"],
        [[], 1],
        ["Severity", "NONE"],
        ["Severity"],
        ["int", "x"],
        ["Decimal", "x"],
        ["Decimal", []],
        ["str", "x"],
        ["str"],
        ["ParityError", "x"],
        ["sort_findings", []],
        ["set", [[]]],
    ],
)
def test_anything_else_is_no_report(data: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        decode(data)


def test_decimals_keep_their_digits() -> None:
    assert Decimal("1.10") == again(holding(Decimal("1.10"))).findings[0].values["dev"]
