"""SARIF as code scanning reads it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sarif.loader import load_sarif_file

from paritycheck.errors import Location
from paritycheck.findings import Finding, Related, Report, Severity
from paritycheck.reporters import Format, Style, sarif
from paritycheck.rules import RULES
from tests.reporters import sample
from tests.reporters.judges import SARIF

FINDING = sample.FINDINGS[0]
NOWHERE = replace(FINDING, location=None)


def run(*findings: Finding, **other: Any) -> dict[str, Any]:
    text = Format.SARIF.reporter(Style(directory="/r/infra", root="/r")).render(replace(sample.CLEAN, findings=findings, **other))
    return json.loads(text)["runs"][0]


def result(finding: Finding, **other: Any) -> dict[str, Any]:
    return run(finding, **other)["results"][0]


def test_a_reader_of_sarif_finds_what_the_report_says(tmp_path: Path) -> None:
    file = tmp_path / "report.sarif"
    file.write_text(Format.SARIF.reporter(Style()).render(sample.EVERYTHING), encoding="utf-8")
    read = load_sarif_file(str(file))

    assert ["paritycheck"] == read.get_distinct_tool_names()
    findings = (*sample.EVERYTHING.findings, *sample.EVERYTHING.known)
    for severity in Severity:
        assert sum(finding.severity is severity for finding in findings) == read.get_report().get_issue_count_for_severity(severity)
    records = {(record["Location"], int(record["Line"] or 1)) for record in read.get_records()}
    assert {(each.location.file.replace(" ", "%20"), each.location.line) for each in findings if each.location} <= records


def test_a_place_is_named_from_the_root_of_the_repository() -> None:
    place = result(replace(FINDING, location=Location("a b/ö%.tf", 3, 5)))["locations"][0]["physicalLocation"]

    assert {"uri": "infra/a%20b/%C3%B6%25.tf", "uriBaseId": "%SRCROOT%"} == place["artifactLocation"]
    assert {"startLine": 3, "startColumn": 5} == place["region"]


def test_a_file_outside_of_the_repository_is_absolute() -> None:
    place = result(replace(FINDING, location=Location("../../modules/main.tf", 3)))["locations"][0]["physicalLocation"]

    assert {"uri": "file:///modules/main.tf"} == place["artifactLocation"]


def test_a_finding_without_a_place_is_put_where_the_stack_is_described() -> None:
    """GitHub takes no result without a file, and would take several of one rule without lines for the same."""
    other = replace(NOWHERE, address="aws_sqs_queue.other")
    results = run(NOWHERE, other, place=Location("parity.yaml", 1))["results"]

    assert ["infra/parity.yaml"] * 2 == [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]
    assert ["region" in each["locations"][0]["physicalLocation"] for each in results] == [False, False]
    assert 2 == len({each["partialFingerprints"]["primaryLocationLineHash"] for each in results})


def test_a_fingerprint_of_a_line_is_left_to_who_reads_the_line() -> None:
    assert {"paritycheck/v1": FINDING.fingerprint} == result(FINDING)["partialFingerprints"]


def test_the_message_shows_the_values_and_links_to_where_they_come_from() -> None:
    said = result(replace(FINDING, message="differs", related=(Related(Location("dev.tfvars", 2), "[x](1) in dev"),)))

    assert (
        "aws_kinesis_stream.orders.shard_count: Differs. dev: 1; staging: 1; prod: 4. From [1](1) [x] (1) in dev."
        == said["message"]["text"]
    )
    assert [1] == [related["id"] for related in said["relatedLocations"]]


def test_a_policy_is_a_rule_of_its_own_with_its_own_help() -> None:
    violation = sample.POLICIES.findings[0]
    other = replace(violation, policy="CKV_OWN_2", cause="CKV_OWN_2 topic-key", hint="Set `kms_master_key_id` of the topic.")
    rules = {rule["id"]: rule for rule in run(violation, other)["tool"]["driver"]["rules"]}

    assert ["policy-violation/CKV_OWN_1", "policy-violation/CKV_OWN_2"] == list(rules)
    assert "**Fix:** Set `kms_master_key_id` of the topic." in rules["policy-violation/CKV_OWN_2"]["help"]["markdown"]
    assert "CKV_OWN_2 topic-key: A resource violates a policy." == rules["policy-violation/CKV_OWN_2"]["shortDescription"]["text"]


def test_a_rule_brings_its_help_along() -> None:
    (rule,) = run(FINDING)["tool"]["driver"]["rules"]
    known = RULES["value-difference"]

    assert [] == [text for text in (known.what, known.why, known.fix, known.before, known.after) if text not in rule["help"]["text"]]
    assert f"```terraform\n{known.after}\n```" in rule["help"]["markdown"]


def test_the_baseline_says_what_is_new() -> None:
    states = [each["baselineState"] for each in run(FINDING, known=(NOWHERE,))["results"]]

    assert ["new", "unchanged"] == states
    assert "baselineState" not in result(FINDING)


def test_what_did_not_run_and_what_is_suppressed_is_a_remark() -> None:
    invocation = run(suppressed=sample.POLICIES.suppressed, skipped=sample.REPORT.skipped)["invocations"][0]

    assert ["warning", "note", "note", "note"] == [remark["level"] for remark in invocation["toolExecutionNotifications"]]
    assert invocation["executionSuccessful"] is True


def test_what_github_does_not_take_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS", 5)
    cut = run(*sample.FINDINGS)

    assert 5 == len(cut["results"])
    assert f"{len(sample.FINDINGS) - 5} more findings" in cut["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert "error" == cut["results"][-1]["level"]


def test_the_file_stays_below_the_size_that_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "SIZE", 200_000)
    random = Random(1)
    findings = [replace(FINDING, address=random.randbytes(200).hex(), related=()) for _ in range(2_000)]
    cut = run(*findings)

    assert 100 < len(cut["results"]) < 2_000
    assert len(gzip.compress(json.dumps(cut["results"]).encode())) < 250_000
    assert f"{2_000 - len(cut['results']):,} more findings" in cut["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_an_empty_report_is_valid() -> None:
    text = Format.SARIF.reporter(Style()).render(Report((), ()))

    SARIF.validate(json.loads(text))
    assert [] == json.loads(text)["runs"][0]["results"]
