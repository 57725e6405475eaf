"""What objects of a module hold under a key, and what other resources' values make of an outline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Environment
from paritycheck.source import Sources

MAIN = """
locals {
  first = { Read = { actions = ["a"] } }
  loop  = { for name in ["x"] : name => { Read = { actions = ["never"] } } }
}

data "aws_iam_policy_document" "d" {
  statement {
    sid     = "Read"
    actions = ["b"]
  }
  statement { actions = ["c"] }
}

resource "aws_x" "own" {
  policy = jsonencode({ Statement = [{ Sid = "Read", Action = "d" }, { Sid = "Other" }] })
}

resource "aws_x" "y" {
  for_each = toset(["k"])
  text     = "${aws_queue.q[each.key].arn}/${data.aws_thing.t.id}/${aws_queue.q[each.key].name}"
}

resource "aws_queue" "q" {
  for_each = toset(["k"])
  name     = "written"
}

module "m" { source = "./m" }
"""


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(MAIN, encoding="utf-8")
    (tmp_path / "m" / "main.tf").write_text('locals { a = { Read = "in the module" } }\n', encoding="utf-8")
    return Sources.load(Environment("dev", tmp_path))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("data.aws_iam_policy_document.d", [{"actions": ["a"]}, {"Sid": "Read", "Action": "d"}]),
        ("aws_x.own", [{"Sid": "Read", "Action": "d"}, {"actions": ["a"]}]),
        ("module.m.aws_x.y", ["in the module"]),
        ("module.gone.aws_x.y", []),
    ],
)
def test_entries_are_those_of_its_module_and_of_its_own_block_first(sources: Sources, address: str, expected: list[Any]) -> None:
    assert expected == [value for _, value in sources.entries(address, "Read")]


def test_nested_blocks_have_their_place_and_their_sid(sources: Sources) -> None:
    found = [(location.line, sid) for location, sid in sources.blocks("data.aws_iam_policy_document.d", "statement")]

    assert [(8, "Read"), (12, None)] == found


def test_a_lookup_is_asked_for_what_other_resources_hold_that_is_no_constant(sources: Sources) -> None:
    asked = []

    def look_up(prefix: str, address: str, steps: tuple[Any, ...]) -> Any:
        asked.append((prefix, address, steps))
        return "told"

    assert "told/told/written" == sources.outline('aws_x.y["k"]', "text", look_up)
    assert [("", "aws_queue.q", ("k", "arn")), ("", "data.aws_thing.t", ("id",))] == asked


def test_dynamic_blocks_are_told_by_their_kind(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_x" "y" {\n dynamic "rule" {\n for_each = []\n content {}\n }\n other {}\n}\n', encoding="utf-8"
    )
    found = Sources.load(Environment("dev", tmp_path))

    assert [{"rule"}, set()] == [found.dynamic_blocks(address) for address in ("aws_x.y", "aws_x.gone")]
