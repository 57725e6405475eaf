"""JUnit XML as CI servers read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from junitparser import Failure, JUnitXml, Skipped

from paritycheck.findings import Area, Report, Severity
from paritycheck.findings import Skipped as NotRun
from paritycheck.reporters import Format, Style
from paritycheck.rules import RULES
from tests.reporters import sample

WARNING = sample.FINDINGS[-1]


def read(report: Report) -> dict[tuple[str, str], list[object]]:
    """Return the outcome of every test case, as another reader of the format sees it."""
    xml = JUnitXml.fromstring(Format.JUNIT.reporter(Style(directory="/r/infra", root="/r")).render(report).encode())
    return {(case.classname, case.name): list(case.result) for suite in xml for case in suite}


def names(report: Report, rule: str) -> list[str]:
    return [name for classname, name in read(report) if classname == f"paritycheck.{rule}"]


def test_a_reader_counts_what_the_report_says(tmp_path: Path) -> None:
    file = tmp_path / "report.xml"
    file.write_text(Format.JUNIT.reporter(Style()).render(sample.EVERYTHING), encoding="utf-8")
    xml = JUnitXml.fromfile(str(file))

    assert (
        sample.EVERYTHING.count(Severity.ERROR)
        == xml.failures
        == sum(isinstance(each, Failure) for suite in xml for case in suite for each in case.result)
    )
    assert xml.tests == sum(len(suite) for suite in xml)


def test_a_failure_tells_all_about_a_finding() -> None:
    ((failure,),) = [result for (_, name), result in read(replace(sample.CLEAN, findings=sample.FINDINGS[:1])).items() if "orders" in name]

    assert isinstance(failure, Failure)
    assert "value-difference" == failure.type
    assert "The value differs, and no rule allows it." == failure.message
    assert "  prod: 4\nAt infra/tap_stack.tf:210\nFrom infra/tfvars/dev.tfvars:12 gives dev its value: 1" in str(failure.text)


def test_a_milder_finding_fails_only_where_that_is_asked_for() -> None:
    report = replace(sample.CLEAN, findings=(WARNING,))

    assert [[]] == [result for (name, _), result in read(report).items() if name == "paritycheck.stale-allowance"]
    assert [] != [result for result in read(replace(report, fail_on=Severity.WARNING)).values() if result]


def test_a_rule_that_held_is_a_case_that_passed() -> None:
    report = replace(sample.CLEAN, examined=(Area.COMPARISON,))
    rules = {classname.partition(".")[2] for classname, name in read(report) if name == "nothing found"}

    assert {slug for slug, rule in RULES.items() if rule.area is Area.COMPARISON} == rules


def test_a_rule_that_did_not_run_is_no_case_that_passed() -> None:
    report = replace(sample.CLEAN, examined=(Area.COMPARISON,), skipped=(NotRun("edge-difference", "No configuration."),))

    assert [] == names(report, "edge-difference")
    assert ["edge-difference"] == names(report, "skipped")


def test_what_is_known_or_suppressed_is_skipped() -> None:
    report = replace(sample.CLEAN, known=sample.FINDINGS[:1], suppressed=sample.POLICIES.suppressed)
    outcomes = read(report)

    assert ["aws_kinesis_stream.orders.shard_count"] == names(report, "value-difference")
    assert 3 == len(names(report, "suppressed"))
    assert all(isinstance(each, Skipped) for (name, _), result in outcomes.items() if name != "paritycheck.environments" for each in result)


def test_findings_of_one_name_are_numbered() -> None:
    """GitLab takes the first of several cases that have one name."""
    finding = sample.FINDINGS[0]
    same = replace(finding, message="another")

    assert [f"aws_kinesis_stream.orders.shard_count{number}" for number in ("", " (2)")] == names(
        replace(sample.CLEAN, findings=(finding, same)), "value-difference"
    )
