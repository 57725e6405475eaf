"""What is proposed can be typed, and helps."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from paritycheck.findings import Finding, Report, Severity
from paritycheck.reporters.advice import Step, next_steps
from tests.reporters.sample import CLEAN, HOSTILE_REPORT, difference

ORDERS = difference('aws_sqs_queue.this["orders"]', "delay_seconds", (1, 1, 5))
NAME = "'aws_sqs_queue.this[\"orders\"].delay_seconds'"


def commands(*findings: Finding) -> list[str]:
    return [step.command for step in next_steps(Report((), findings))]


def test_a_difference_can_be_explained_and_allowed() -> None:
    assert (
        Step(f"paritycheck explain {NAME}", "see where its values come from"),
        Step(f"paritycheck allow {NAME}", "propose the rule that would allow it"),
    ) == next_steps(Report((), (ORDERS,)))


def test_of_many_findings_a_baseline_can_take_hold() -> None:
    many = [replace(ORDERS, path=f"p{number}") for number in range(5)]

    assert "paritycheck baseline" == commands(*many)[-1]
    assert "paritycheck baseline" not in commands(*many[:4])


def test_where_there_is_nothing_to_do_nothing_is_proposed() -> None:
    assert () == next_steps(CLEAN)
    assert [] == commands(Finding("partial-plan", Severity.ERROR, "", "", ""))
    assert () == next_steps(Report((), (ORDERS,), compared=False))


@pytest.mark.parametrize("address", ["a\nb", "x\x1b[31m", "a\u202eb", "a" * 200])
def test_what_cannot_be_typed_is_named_by_its_fingerprint(address: str) -> None:
    finding = replace(ORDERS, address=address)

    assert [f"paritycheck allow {finding.fingerprint}"] == commands(finding)


def test_a_shell_takes_each_for_the_words_that_are_meant() -> None:
    finding = replace(ORDERS, address="a'; rm -rf ~ #$(id)", path="")

    assert [["paritycheck", "explain", finding.address], ["paritycheck", "allow", finding.address]] == [
        shlex.split(command) for command in commands(finding)
    ]
    assert all(command.isprintable() for command in commands(*HOSTILE_REPORT.findings))
