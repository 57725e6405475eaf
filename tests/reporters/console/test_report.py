"""The report for a terminal, drawn whole."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from paritycheck.findings import Finding, Report
from paritycheck.reporters import Format, Style
from tests.conftest import Snapshot
from tests.reporters import sample


def render(report: Report, style: Style) -> str:
    return Format.CONSOLE.reporter(style).render(report)


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("80", Style(width=80)),
        ("120", Style(width=120)),
        ("color", Style(width=80, color=True)),
        ("ascii", Style(width=80, unicode=False)),
        ("narrow", Style(width=30)),
        ("verbose", Style(width=100, verbose=True)),
    ],
)
def test_draws_a_report(name: str, style: Style, snapshot: Snapshot) -> None:
    snapshot(f"report-{name}.txt", render(sample.REPORT, style))


def test_draws_a_pass(snapshot: Snapshot) -> None:
    snapshot("report-clean.txt", render(sample.CLEAN, Style(width=80)))


@pytest.mark.parametrize("width", [80, 140])
def test_draws_what_policies_found(width: int, snapshot: Snapshot) -> None:
    snapshot(f"policies-{width}.txt", render(sample.POLICIES, Style(width=width)))


PARITY, POLICY = sample.FINDINGS[0], sample.POLICIES.findings[0]


@pytest.mark.parametrize(
    ("outcome", "findings"),
    [
        ("PASS  dev, staging and prod hold parity and keep the policies", ()),
        ("FAIL  dev, staging and prod do not hold parity", (PARITY,)),
        ("FAIL  dev, staging and prod hold parity, but do not keep the policies", (POLICY,)),
        ("FAIL  dev, staging and prod neither hold parity nor keep the policies", (PARITY, POLICY)),
    ],
)
def test_says_what_holds_and_what_does_not(outcome: str, findings: tuple[Finding, ...]) -> None:
    drawn = render(replace(sample.POLICIES, findings=findings), Style(width=400))

    assert outcome in [line.partition(":")[0] for line in drawn.splitlines()]


def test_says_of_one_environment_what_it_keeps() -> None:
    one = replace(sample.POLICIES, environments=sample.POLICIES.environments[:1], compared=False)

    assert "FAIL  dev does not keep the policies: 4 errors, 120 policy verdicts passed, 5 suppressed." in render(one, Style(width=200))


@pytest.mark.parametrize(
    ("message", "begin"),
    [
        ("violates CKV_OWN_1", "Violates CKV_OWN_1."),
        ("tap-dev-matcher needs sqs:SendMessage", "tap-dev-matcher needs sqs:SendMessage."),
        ("var.region is unknown", "var.region is unknown."),
    ],
)
def test_a_sentence_begins_with_a_capital_but_where_it_begins_with_a_name(message: str, begin: str) -> None:
    drawn = render(replace(sample.POLICIES, findings=(replace(POLICY, message=message),)), Style(width=200))

    assert f"  {begin}" in drawn.splitlines()


def test_a_message_that_stands_beside_its_environment_is_not_said_twice() -> None:
    wide = sample.POLICIES.findings[-1]
    drawn = render(replace(sample.POLICIES, findings=(wide, replace(wide, address="b.c", message="else"))), Style(width=200))

    assert 2 == drawn.count("      dev      grants kinesis:GetRecords")
    assert 4 == drawn.count("grants kinesis:GetRecords")
    assert "    else" in drawn.splitlines()


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("verbose", [False, True])
def test_hostile_text_neither_acts_nor_hides(width: int, verbose: bool) -> None:
    drawn = render(sample.HOSTILE_REPORT, Style(width=width, verbose=verbose))

    assert all(line.isprintable() for line in drawn.split("\n"))
    assert not re.search(r"::error|##\[|\u202e|\u200b", drawn)
    assert r"[red]\x1b[31m" in drawn


def test_fits_the_width_but_for_what_is_to_be_copied() -> None:
    lines = render(sample.REPORT, Style(width=80)).split("\n")
    copied = re.compile(r"  (- id: |  resources: |  attributes: |  reason: |paritycheck )")

    assert [] == [line for line in lines if len(line) > 80 and not copied.match(line)]


def test_uses_ascii_alone_where_nothing_else_can_be_drawn() -> None:
    assert render(sample.REPORT, Style(unicode=False)).isascii()


def test_has_no_escape_code_without_color() -> None:
    assert "\x1b" not in render(sample.REPORT, Style())
    assert "\x1b[" in render(sample.REPORT, Style(color=True))


def test_shows_ten_findings_of_a_cause_and_says_how_many_more() -> None:
    drawn = render(sample.REPORT, Style())

    assert 10 == len(re.findall(r"photos\[\d+\]", drawn))
    assert "13 more findings of this cause" in drawn
    assert 23 == len(re.findall(r"photos\[\d+\]", render(sample.REPORT, Style(verbose=True))))


def test_does_not_depend_on_the_order_of_findings() -> None:
    backwards = Report(sample.REPORT.environments, sample.FINDINGS[::-1], sample.REPORT.allowed[::-1], sample.REPORT.skipped, 4321, 210)

    assert render(sample.REPORT, Style()) == render(backwards, Style())
