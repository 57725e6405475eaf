"""Annotations as GitHub's runner reads them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from paritycheck.errors import Location
from paritycheck.findings import Finding, Severity
from paritycheck.reporters import Format, Style
from tests.reporters import sample
from tests.reporters.judges import COMMAND

FINDING = sample.FINDINGS[0]


def lines(*findings: Finding, **other: object) -> list[str]:
    report = replace(sample.CLEAN, findings=findings, **other)  # type: ignore[arg-type]
    return Format.GITHUB.reporter(Style(directory="/r/infra", root="/r")).render(report).splitlines()


def parse(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does: properties are divided by commas, and then their escapes are undone."""
    match = COMMAND.fullmatch(line)
    assert match
    properties = (part.split("=", 1) for part in match["properties"].split(","))
    return match["kind"], {key: unquote(value) for key, value in properties}, unquote(match["message"])


def test_an_annotation_says_where_and_what() -> None:
    kind, properties, message = parse(lines(replace(FINDING, location=Location("a,b:c%.tf", 3, 5)))[0])

    title = "value-difference: aws_kinesis_stream.orders.shard_count"
    assert "error" == kind
    assert {"file": "infra/a,b:c%.tf", "line": "3", "col": "5", "title": title} == properties
    assert message.startswith("The value differs, and no rule allows it.\ndev: 1\nstaging: 1\nprod: 4\nfrom infra/tfvars/dev.tfvars:12  ")


def test_what_looks_like_an_escape_is_none() -> None:
    _, properties, message = parse(lines(replace(FINDING, address="a%3Ab", message="fails at 100%0A"))[0])

    assert "value-difference: a%3Ab.shard_count" == properties["title"]
    assert message.startswith("Fails at 100%0A.\n")


def test_a_finding_without_a_place_is_put_where_the_stack_is_described() -> None:
    _, properties, _ = parse(lines(replace(FINDING, location=None), place=Location("parity.yaml", 1))[0])

    assert "infra/parity.yaml" == properties["file"]


def test_ends_with_the_verdict() -> None:
    assert lines()[-1].startswith("PASS  dev and prod hold parity: ")
    assert lines(FINDING)[-1].startswith("FAIL  dev and prod do not hold parity: 1 error, ")


def test_shows_as_many_as_github_and_counts_the_others() -> None:
    shown = lines(*sample.FINDINGS)

    assert 10 == sum(line.startswith("::error ") for line in shown)
    assert "20 more: GitHub shows 10 annotations of a kind, and --format json has all findings." == shown[-2]


def test_no_cause_takes_the_place_of_another() -> None:
    """The first finding of each cause comes before the second of any."""
    many = [replace(FINDING, address=f"a.b[{number}]", cause="a", related=()) for number in range(30)]
    text = "\n".join(lines(*many, replace(FINDING, address="the.other", cause="b")))

    assert "the.other" in text


def test_severities_have_commands_of_their_own() -> None:
    kinds = [parse(line)[0] for line in lines(*(replace(FINDING, severity=severity) for severity in Severity))[:3]]

    assert ["error", "warning", "notice"] == kinds


def test_what_did_not_run_is_a_warning() -> None:
    kind, properties, message = parse(lines(skipped=sample.REPORT.skipped)[0])

    assert ("warning", "provider-versions did not run", "The plan of a state holds none.") == (kind, properties["title"], message)


def test_a_title_is_no_longer_than_github_takes() -> None:
    _, properties, _ = parse(lines(replace(FINDING, address="\x1b" * 10_000))[0])

    assert len(properties["title"]) <= 255
