"""The JSON report keeps its contract."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from paritycheck.findings import Finding, Report, Severity, Special
from paritycheck.reporters import Format, Style
from tests.conftest import Snapshot
from tests.reporters import sample

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def render(report: Report) -> str:
    return Format.JSON.reporter(Style()).render(report)


def document(report: Report) -> dict[str, Any]:
    return json.loads(render(report))


def shown(value: object) -> Any:
    """Return how one value of a finding looks in the document."""
    finding = Finding("value-difference", Severity.ERROR, "a.b", "m", "h", "c", {"dev": value})
    return document(Report((), (finding,)))["findings"][0]["values"]["dev"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(st.characters(codec=None)) | st.sampled_from(Special),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("$special"), inner, max_size=3),
    max_leaves=8,
)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "report", [sample.REPORT, sample.CLEAN, sample.HOSTILE_REPORT, Report((), ())], ids=["all", "clean", "hostile", "empty"]
)
def test_a_report_fits_the_schema(report: Report) -> None:
    Draft202012Validator(SCHEMA).validate(document(report))


@given(VALUES)
def test_any_value_fits_the_schema_in_ascii(value: object) -> None:
    text = render(Report((), (Finding("value-difference", Severity.ERROR, "a.b", "m", "h", "c", {"dev": value}),)))

    assert text.isascii()
    Draft202012Validator(SCHEMA).validate(json.loads(text))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Special.UNKNOWN, {"$special": "unknown"}),
        (Special.SENSITIVE, {"$special": "sensitive"}),
        (Special.ABSENT, {"$special": "absent"}),
        ({"$special": "unknown"}, {"$$special": "unknown"}),
        ({"$$special": 1}, {"$$$special": 1}),
        (float("nan"), {"$number": "nan"}),
        (Decimal("1.50"), 1.5),
        (Decimal("0.1000000000000000055511151231257827"), {"$number": "0.1000000000000000055511151231257827"}),
        (10**400, 10**400),
        ([1, None, True, "é"], [1, None, True, "é"]),
        ("\ud800", "\\ud800"),
    ],
    ids=repr,
)
def test_writes_a_value_so_that_it_cannot_be_mistaken(value: object, expected: object) -> None:
    assert expected == shown(value)


def test_a_number_beyond_all_readers_is_text() -> None:
    assert {"$number": hex(10**5000)} == shown(10**5000)


def test_a_bottomless_value_is_cut() -> None:
    value: object = "end"
    for _ in range(10_000):
        value = [value]

    assert '"too deep"' in json.dumps(shown(value))


def test_counts_and_verdict() -> None:
    written = document(sample.REPORT)

    assert "fail" == written["verdict"]
    assert {
        "errors": 30,
        "warnings": 1,
        "notes": 0,
        "known": 0,
        "allowed": 12,
        "normalized": 210,
        "compared_values": 4321,
        "policies": {"passed": 0, "failed": 0, "skipped": 0, "ran": False},
    } == written["summary"]
    assert "pass" == document(sample.CLEAN)["verdict"]


def test_does_not_depend_on_the_order_of_findings() -> None:
    backwards = Report(sample.REPORT.environments, sample.FINDINGS[::-1], sample.REPORT.allowed[::-1], sample.REPORT.skipped, 4321, 210)

    assert render(sample.REPORT) == render(backwards)


def test_stays_as_it_was(snapshot: Snapshot) -> None:
    """The contract: what changes here changes for every reader."""
    few = Report(
        sample.REPORT.environments, (*sample.FINDINGS[:2], *sample.FINDINGS[-2:]), sample.REPORT.allowed[:1], sample.REPORT.skipped, 9, 2
    )

    snapshot("report.json", render(few))
