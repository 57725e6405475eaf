"""The fidelity runner, on cases made for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import fidelity

CONFIGURATION = """
terraform {
  required_version = "~> 1.3.0"
}

variable "name" {}

data "aws_vpc" "default" {}

resource "aws_sqs_queue" "a" {
  name   = var.name
  policy = file("policy.json")
  tags = {
    Vpc = data.aws_vpc.default.id
    Key = file("~/.ssh/id_rsa.pub")
  }
}
"""


def write_case(directory: Path, *, text: str = CONFIGURATION, tags: dict[str, str], **parts: Any) -> None:
    """Record a plan of a queue, of which only the name and the tags are known."""
    directory.mkdir()
    (directory / "main.tf").write_text(text)
    after = {"name": "orders", "tags": tags, "tags_all": tags}
    entry = {"address": "aws_sqs_queue.a", "type": "aws_sqs_queue", "mode": "managed", "change": {"after": after, "after_unknown": {}}}
    read = {"mode": "data", "type": "aws_vpc", "values": {"id": "vpc-recorded"}}
    document = {"variables": {"name": {"value": "orders"}}, "resource_changes": [entry]}
    document["prior_state"] = {"values": {"root_module": {"resources": [read]}}}
    (directory / "plan.json").write_text(json.dumps(document | parts))


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["fidelity", *arguments])
    return fidelity.main(), capsys.readouterr().out


def test_a_case_is_planned_in_the_recorders_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its variables and data are used, missing files stood in for, and the version of Terraform does not matter."""
    write_case(tmp_path / "a", tags={"Vpc": "vpc-recorded", "Key": ""})

    code, text = run(monkeypatch, capsys, str(tmp_path), "--json")

    result = json.loads(text)[0]
    assert (0, "") == (code, result["failure"])
    assert (1, 1, []) == (result["agreement"]["resources"], result["agreement"]["reproduced_resources"], result["agreement"]["missing"])
    assert not {"name", "tags.Vpc", "tags.Key"} & {mismatch["path"] for mismatch in result["agreement"]["mismatches"]}


def test_a_bad_case_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named with its reason, and the shares are printed."""
    write_case(tmp_path / "broken", text="resource {", tags={})
    write_case(tmp_path / "fine", tags={})
    write_case(tmp_path / "no-plan", tags={})
    (tmp_path / "no-plan" / "plan.json").write_text("{")

    code, text = run(monkeypatch, capsys, str(tmp_path), "--top", "3")

    assert 1 == code
    assert "not planned  broken: " in text
    assert "not planned  no-plan: cannot be read: " in text
    assert "cases        33.33 % (1 of 3) planned" in text


def test_nothing_to_measure_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And no agreement."""
    assert 2 == run(monkeypatch, capsys, str(tmp_path))[0]
    assert 2 == run(monkeypatch, capsys, str(tmp_path / "missing"))[0]
