"""`paritycheck allow`: a proposal for one finding, in the file's own words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import DRIFT, MAIN, write

FINDING = "terraform_data.queue.input.retention"


def findings(directory: Path) -> list[str]:
    """Return what the environments' differences are."""
    document = json.loads(paritycheck("run", "--format", "json", cwd=directory).out)
    return [f"{finding['rule']} {finding['address']}" for finding in document["findings"]]


def test_a_proposal_permits_nothing_until_it_has_a_reason(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    done = paritycheck("allow", FINDING, cwd=tmp_path)
    text = (tmp_path / "parity.yaml").read_text()
    proposed = findings(tmp_path)
    (tmp_path / "parity.yaml").write_text(text.replace("reason:  #", "reason: Prod keeps longer.  #"))

    assert (0, "") == (done.code, done.err)
    assert text.startswith(DRIFT["parity.yaml"])
    assert [
        "value-difference terraform_data.archive",
        "value-difference terraform_data.queue",
        "unexplained-allowance allow.retention",
    ] == proposed
    assert ["value-difference terraform_data.archive"] == findings(tmp_path)


def test_with_a_reason_it_counts_at_once(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    done = paritycheck("allow", FINDING, "--reason", 'Prod\'s "audit": 30 d\u00e4ys # long', cwd=tmp_path)
    report = json.loads(paritycheck("run", "--format", "json", cwd=tmp_path).out)

    assert (0, "") == (done.code, done.err)
    assert ['Prod\'s "audit": 30 d\u00e4ys # long'] == [each["reason"] for each in report["allowed"] if each["allow"] == "retention"]


def test_a_fingerprint_names_a_finding(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    document = json.loads(paritycheck("run", "--format", "json", cwd=tmp_path).out)
    fingerprint = next(one["fingerprint"] for one in document["findings"] if one["address"] == "terraform_data.archive")
    paritycheck("allow", fingerprint[:6], "--reason", "r", cwd=tmp_path)

    assert ["value-difference terraform_data.queue"] == findings(tmp_path)


def test_two_rules_get_two_ids(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    for finding in (FINDING, "terraform_data.archive"):
        paritycheck("allow", finding, "--reason", "r", cwd=tmp_path)

    assert [] == findings(tmp_path)
    assert 1 == (tmp_path / "parity.yaml").read_text().count("id: retention-2\n")


def test_one_instance_is_allowed_and_not_the_others(tmp_path: Path) -> None:
    main = MAIN.replace('"archive" {', '"archive" {\n  for_each = toset(["a", "b"])')
    write(tmp_path, {**DRIFT, "main.tf": main})
    paritycheck("allow", 'terraform_data.archive["a"].input.retention', "--reason", "r", cwd=tmp_path)

    assert ['value-difference terraform_data.archive["b"]', "value-difference terraform_data.queue"] == findings(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "there is no finding 'nothing'\nhint: Name one by its fingerprint, or as ADDRESS.PATH:"),
        (("[red]\x1b[31m",), "there is no finding '[red]\\x1b[31m'"),
        ((FINDING, "--reason", "  "), "--reason is empty"),
        ((FINDING, "--reason", "a\nb"), "--reason holds characters that cannot be printed"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = paritycheck("allow", *arguments, cwd=write(tmp_path, DRIFT))

    assert (2, "") == (done.code, done.out)
    assert message in done.err
    assert DRIFT["parity.yaml"] == (tmp_path / "parity.yaml").read_text()


def test_what_is_protected_cannot_be_allowed(tmp_path: Path) -> None:
    protect = "protect:\n  - id: keep\n    resources: [terraform_data.archive]\n    reason: It is an archive.\n"
    write(tmp_path, {**DRIFT, "parity.yaml": DRIFT["parity.yaml"] + protect})
    done = paritycheck("allow", "terraform_data.archive.input.retention", cwd=tmp_path)

    assert 2 == done.code
    assert "protected-difference is nothing that a rule could allow\nwhere: main.tf:27:3\nhint: It is about the rule 'keep'." in done.err


def test_what_is_proposed_already_wants_its_reason(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    paritycheck("allow", FINDING, cwd=tmp_path)
    text = (tmp_path / "parity.yaml").read_text()
    again = paritycheck("allow", FINDING, "--reason", "r", cwd=tmp_path)
    report = paritycheck("run", cwd=tmp_path).out

    assert 2 == again.code
    assert "allow rule 'retention' would permit it already, and lacks a reason\nwhere: parity.yaml:13:5\nhint: Write the reason" in again.err
    assert text == (tmp_path / "parity.yaml").read_text()
    assert "paritycheck allow terraform_data.archive.input.retention" in report
    assert report.count("  - id: ") == report.count("To allow it") == 1
    assert "terraform_data.archive" in report.split("- id: ")[1].split("\n")[1]
