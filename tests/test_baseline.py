"""A baseline holds what it knows, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.baseline import Baseline, Entry, read_baseline, set_apart, write_baseline
from paritycheck.errors import ConfigError
from paritycheck.findings import Finding, Report, Severity, Special, Word
from tests.reporters.sample import REPORT, difference

TODAY = date(2026, 1, 1)
LAST = date(2026, 3, 31)
DIFFERENCE = difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, 5))
FILE = Path("parity.baseline.json")


def reporting(*findings: Finding) -> Report:
    return Report(REPORT.environments, findings)


def held(*findings: Finding, expires: date = LAST) -> Baseline:
    """Return a baseline of findings, written and read."""
    return Baseline(1, tuple(_decode(write_baseline(reporting(*findings), expires))))


def _decode(data: bytes) -> list[Entry]:
    return [Entry(**entry | {"expires": date.fromisoformat(entry["expires"])}) for entry in json.loads(data)["findings"]]


def outcome(baseline: Baseline, *findings: Finding, today: date = TODAY, complete: bool = False) -> tuple[list[Finding], list[Finding]]:
    """Return what is new and what is known."""
    report = set_apart(reporting(*findings), baseline, FILE, today, complete=complete)
    return list(report.findings), list(report.known)


def test_what_it_holds_is_known_and_does_not_fail() -> None:
    report = set_apart(reporting(DIFFERENCE), held(DIFFERENCE), FILE, TODAY, complete=True)

    assert ((), (DIFFERENCE,), True) == (report.findings, report.known, report.passed)


@pytest.mark.parametrize(
    "finding",
    [
        difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, 7)),
        difference("aws_sqs_queue.orders", "delay_seconds", (1, 5, 5)),
        difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, "5")),
        difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, Special.UNKNOWN)),
        difference("aws_sqs_queue.orders", "max_message_size", (1, 1, 5)),
        difference("aws_sqs_queue.other", "delay_seconds", (1, 1, 5)),
        difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, 5), rule="environment-leak"),
        difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, 5), policy="CKV_TAP_1"),
        replace(DIFFERENCE, values={"dev": 1, "staging": 1, "prod": 5, "qa": 1}),
    ],
)
def test_what_changes_is_new(finding: Finding) -> None:
    assert ([finding], []) == outcome(held(DIFFERENCE), finding)


def test_a_violation_in_one_environment_hides_none_in_another() -> None:
    dev = difference("aws_sqs_queue.orders", "", ("fail", "pass", "pass"), rule="policy-difference", policy="CKV_TAP_1")
    prod = replace(dev, values={"dev": "pass", "staging": "pass", "prod": "fail"})

    assert ([prod], []) == outcome(held(dev), prod)


def test_some_of_the_environments_are_known_with_all_of_them() -> None:
    part = replace(DIFFERENCE, values={"staging": 1, "prod": 5})

    assert ([], [part]) == outcome(held(DIFFERENCE), part)


GRANT = replace(
    difference("aws_iam_role_policy.matcher", "policy.Statement[Read]", (0, 0, 0), rule="unused-grant"),
    values={},
    message="it grants sqs:SendMessage, which matcher never needs (lambdas/matcher.py:12)",
)


def test_what_is_said_of_all_environments_is_new_where_it_changes() -> None:
    more = replace(GRANT, message="it grants sqs:SendMessage and dynamodb:*, which matcher never needs (lambdas/matcher.py:12)")

    assert ([], [GRANT]) == outcome(held(GRANT), GRANT)
    assert ([more], []) == outcome(held(GRANT), more)


def test_what_was_said_of_one_environment_hides_not_that_it_is_so_in_all() -> None:
    one = replace(GRANT, values={"dev": Word(GRANT.message), "staging": Special.ABSENT, "prod": Special.ABSENT})

    assert ([GRANT], []) == outcome(held(one), GRANT)
    assert ([one], []) == outcome(held(GRANT), one)


def test_what_names_a_line_is_known_where_the_line_has_moved() -> None:
    moved = replace(GRANT, message=GRANT.message.replace("lambdas/matcher.py:12", "../lambdas/matcher.py:34:5"))

    assert ([], [moved]) == outcome(held(GRANT), moved)


def test_after_its_last_day_a_finding_counts_again_and_says_so() -> None:
    news, known = outcome(held(DIFFERENCE), DIFFERENCE, today=date(2026, 4, 1))

    assert [] == known
    assert [f"{DIFFERENCE.message} The baseline held it until 2026-03-31."] == [finding.message for finding in news]
    assert ([], [DIFFERENCE]) == outcome(held(DIFFERENCE), DIFFERENCE, today=LAST)


def test_what_is_found_no_more_is_reported_where_all_was_looked_at() -> None:
    news, _ = outcome(held(DIFFERENCE), complete=True)

    assert [("stale-baseline", Severity.WARNING)] == [(finding.rule, finding.severity) for finding in news]
    assert "value-difference aws_sqs_queue.orders delay_seconds" in news[0].message
    assert ([], []) == outcome(held(DIFFERENCE), complete=False)


@pytest.mark.parametrize("rule", ["protected-difference", "partial-plan"])
def test_what_must_be_mended_cannot_be_held(rule: str) -> None:
    grave = replace(DIFFERENCE, rule=rule)
    smuggled = Baseline(1, tuple(replace_entry(entry, grave) for entry in held(DIFFERENCE).findings))

    assert () == held(grave).findings
    assert ([grave], []) == outcome(smuggled, grave)


def replace_entry(entry: Entry, finding: Finding) -> Entry:
    return Entry(finding.fingerprint, finding.rule, entry.address, entry.path, entry.environments, entry.expires)


def test_stale_rules_of_two_names_are_told_apart() -> None:
    stale = [Finding("stale-allowance", Severity.WARNING, "", f"{name} permits nothing", "", allow=name) for name in ("a", "b")]

    assert ([stale[1]], [stale[0]]) == outcome(held(stale[0]), *stale)


def test_written_anew_it_keeps_the_last_day_of_what_it_held() -> None:
    other = difference("aws_sqs_queue.other", "delay_seconds", (1, 1, 5))
    changed = difference("aws_sqs_queue.orders", "delay_seconds", (1, 1, 9))
    former = held(DIFFERENCE, expires=date(2026, 2, 1))

    assert [date(2026, 2, 1), LAST] == [entry.expires for entry in _decode(write_baseline(reporting(DIFFERENCE, other), LAST, former))]
    assert [LAST] == [entry.expires for entry in _decode(write_baseline(reporting(changed), LAST, former))]


def test_it_reads_what_it_writes(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(write_baseline(REPORT, LAST))
    report = set_apart(REPORT, read_baseline(file), file, TODAY, complete=True)

    assert ["partial-plan"] == [finding.rule for finding in report.findings]
    assert len(REPORT.findings) - 1 == len(report.known)


def test_it_holds_no_value_in_clear() -> None:
    assert b"hunter2" not in write_baseline(reporting(replace(DIFFERENCE, values={"dev": "hunter2", "prod": ["hunter2"]})), LAST)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.one_of(st.integers(), st.text(), st.none(), st.booleans()), max_size=4))
def test_any_values_are_known_again(values: dict[str, object]) -> None:
    finding = replace(DIFFERENCE, values=values)

    assert ([], [finding]) == outcome(held(finding), finding)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "truncated"),
        ("[]", "object"),
        ('{"version": 2, "findings": []}', "version"),
        ('{"version": 1}', "findings"),
        ('{"version": 1, "findings": [{"fingerprint": 3}]}', "findings[0].fingerprint"),
        ('{"version": 1, "findings": [], "more": 1}', "more"),
        ('{"version": 1, "findings": ' + "[" * 100_000, "baseline"),
        ("\udcff", "baseline"),
    ],
)
def test_what_is_no_baseline_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError) as raised:
        read_baseline(file)

    assert complaint in raised.value.message
    assert (file, 2) == (raised.value.location, raised.value.exit_code)


def test_a_missing_one_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read_baseline(tmp_path / "none.json")

    assert "Write it: paritycheck baseline" == raised.value.hint
