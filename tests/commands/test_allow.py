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
    return [f"{finding['rule']} {finding['address']}" for finding in found_in(directory)]


def found_in(directory: Path) -> list[dict[str, str]]:
    """Return the report's findings."""
    found: list[dict[str, str]] = json.loads(paritycheck("run", "--format", "json", cwd=directory).out)["findings"]
    return found


def plan_of(address: str, size: int) -> str:
    """Return a state with one resource."""
    resource = {"address": address, "mode": "managed", "type": "t", "name": "x", "provider_name": "p", "values": {"size": size}}
    return json.dumps({"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [resource]}}})


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
    fingerprint = next(one["fingerprint"] for one in found_in(tmp_path) if one["address"] == "terraform_data.archive")
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


def test_one_item_is_allowed_and_not_the_others(tmp_path: Path) -> None:
    write(tmp_path, {**DRIFT, "main.tf": MAIN.replace("{ retention = var.retention }", "[var.retention, var.retention]")})
    paritycheck("allow", "terraform_data.archive.input[1]", "--reason", "r", cwd=tmp_path)

    assert ["input[0]"] == [each["path"] for each in found_in(tmp_path) if each["address"] == "terraform_data.archive"]


def test_a_name_that_cannot_be_printed_can_be_allowed(tmp_path: Path) -> None:
    write(tmp_path, {**DRIFT, "main.tf": MAIN.replace("{ retention =", '{ "a\\n[\\"b" =')})
    (name,) = [each["fingerprint"] for each in found_in(tmp_path) if each["address"] == "terraform_data.archive"]
    done = paritycheck("allow", name, "--reason", "r", cwd=tmp_path)

    assert (0, "") == (done.code, done.err)
    assert ["value-difference terraform_data.queue"] == findings(tmp_path)


def test_what_no_rule_can_name_changes_nothing(tmp_path: Path) -> None:
    config = "version: 1\nengine: files\nenvironments: {dev: {plan: dev.json}, prod: {plan: prod.json}}\n"
    write(tmp_path, {"parity.yaml": config, "dev.json": plan_of('t.x["a', 1), "prod.json": plan_of('t.x["a', 2)})
    name = found_in(tmp_path)[0]["fingerprint"]
    done = paritycheck("allow", name, cwd=tmp_path)

    assert (2, config) == (done.code, (tmp_path / "parity.yaml").read_text())
    assert "without its counterpart" in done.err


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
    assert "allow rule 'retention' would permit it already, and lacks a reason\nwhere: parity.yaml:13:5\n" in again.err
    assert "hint: Write the reason" in again.err
    assert text == (tmp_path / "parity.yaml").read_text()
    assert "paritycheck allow terraform_data.archive.input.retention" in report
    assert report.count("  - id: ") == report.count("To allow it") == 1
    assert "terraform_data.archive" in report.split("- id: ")[1].split("\n")[1]
