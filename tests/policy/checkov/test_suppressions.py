"""Suppressions as they are written: what they cover, and what counts for nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.config import Environment
from paritycheck.errors import Location
from paritycheck.policy.checkov import Suppression, Suppressions
from paritycheck.policy.checkov.suppressions import _read
from paritycheck.source import Comment, Sources

TODAY = date(2026, 1, 1)
PLACE = Location("main.tf", 1)


EVERYWHERE = """\
#checkov:skip=CKV_X_0:Outside
resource "aws_sqs_queue" "q" {
  count = 2
  # checkov:skip=CKV_X_1:Hash
  //checkov:skip=CKV_X_2:Slashes
  tags = {
    a = "b" #checkov:skip=CKV_X_3:Behind
  }
  /* checkov:skip=CKV_X_4:Long (environments: dev) */ name = "checkov:skip=CKV_X_5:No comment"
  # checkov:skip=CKV_X_9:One (environments: dev) checkov:skip=CKV_X_10:Two
}
data "aws_x" "d" {
  /*
  checkov:skip=CKV_X_6:Lines
  checkov:skip=CKV_X_7:More lines
  */
}
locals {
  #checkov:skip=CKV_X_8:Local
}
"""


def parse(text: str, block: str = "aws_sqs_queue.q") -> list[Suppression]:
    return list(_read([Comment(text, PLACE, block)]))


def written(tmp_path: Path, text: str) -> tuple[Suppression, ...]:
    (tmp_path / "main.tf").write_text(text)
    return Suppressions.read([Sources.load(Environment("dev", tmp_path))]).all


@pytest.mark.parametrize(
    ("text", "reason", "environments", "until", "problem"),
    [
        ("checkov:skip=CKV_X_1:A reason", "A reason", None, None, None),
        ("checkov:skip= CKV_X_1 : A reason", "A reason", None, None, None),
        ("checkov:skip=CKV_X_1", "", None, None, None),
        ("checkov:skip=CKV_X_1:", "", None, None, None),
        ("checkov:skip=CKV_X_1:Why (see the wiki)", "Why (see the wiki)", None, None, None),
        ("checkov:skip=CKV_X_1:Why (environments: dev, staging)", "Why", ("dev", "staging"), None, None),
        ("checkov:skip=CKV_X_1:Why (until: 2026-01-31)", "Why", None, date(2026, 1, 31), None),
        ("checkov:skip=CKV_X_1:Why (until: 2026-01-31) (environments: dev)", "Why", ("dev",), date(2026, 1, 31), None),
        ("checkov:skip=CKV_X_1:Why (environment: dev)", "Why (environment: dev)", None, None, "has no option 'environment'"),
        ("checkov:skip=CKV_X_1:Why (environments: )", "Why", (), None, "names no environment"),
        ("checkov:skip=CKV_X_1:Why (until: soon)", "Why", None, None, "has an end that is no date: 'soon'"),
        ("checkov:skip=CKV_X_1:Why (environments: dev).", "Why (environments: dev).", None, None, "has 'environments' where no option"),
        ("checkov:skip=CKV_X_1:(until: 2026-01-31) Why", "(until: 2026-01-31) Why", None, None, "has 'until' where no option"),
        ("checkov:skip=CKV_X_1:Why [Environments: dev]", "Why [Environments: dev]", None, None, "has 'Environments' where no option"),
        ("checkov:skip=CKV_X_1:W (environments: a) (environments: b)", "W (environments: a)", ("b",), None, "says 'environments' twice"),
    ],
)  # fmt: skip
def test_a_comment_is_read(text: str, reason: str, environments: tuple[str, ...] | None, until: date | None, problem: str | None) -> None:
    (found,) = parse(text)

    assert ("CKV_X_1", reason, environments, until) == (found.policy, found.reason, found.environments, found.until)
    assert (found.problem or "").startswith(problem or "")
    assert (problem is None) is (found.problem is None)
    assert found.covers("CKV_X_1", "aws_sqs_queue.q", "dev", TODAY) is (bool(reason) and problem is None)


def test_a_comment_may_name_several_policies() -> None:
    assert ["CKV_X_1", "CKV2_X_2"] == [found.policy for found in parse("checkov:skip=CKV_X_1, CKV2_X_2:Why")]


def test_an_id_is_whole() -> None:
    """checkov takes CKV_X_1 for CKV_X_12 too."""
    (found,) = parse("checkov:skip=CKV_X_1:Why")

    assert not found.covers("CKV_X_12", "aws_sqs_queue.q", "dev", TODAY)


def test_one_that_names_environments_counts_in_no_other() -> None:
    (found,) = parse("checkov:skip=CKV_X_1:Why (environments: dev)")

    assert [True, False] == [found.covers("CKV_X_1", "aws_sqs_queue.q", name, TODAY) for name in ("dev", "prod")]


def test_it_counts_on_its_last_day_and_not_after() -> None:
    (found,) = parse("checkov:skip=CKV_X_1:Why (until: 2026-01-01)")

    assert [True, False] == [found.covers("CKV_X_1", "aws_sqs_queue.q", "dev", day) for day in (TODAY, date(2026, 1, 2))]


def test_a_comment_is_found_wherever_it_stands_in_a_block(tmp_path: Path) -> None:
    found = written(tmp_path, EVERYWHERE)

    assert [
        ("CKV_X_0", None, 1, "Outside"),
        ("CKV_X_1", "aws_sqs_queue.q", 4, "Hash"),
        ("CKV_X_2", "aws_sqs_queue.q", 5, "Slashes"),
        ("CKV_X_3", "aws_sqs_queue.q", 7, "Behind"),
        ("CKV_X_4", "aws_sqs_queue.q", 9, "Long"),
        ("CKV_X_9", "aws_sqs_queue.q", 10, "One"),
        ("CKV_X_10", "aws_sqs_queue.q", 10, "Two"),
        ("CKV_X_6", "data.aws_x.d", 14, "Lines"),
        ("CKV_X_7", "data.aws_x.d", 15, "More lines"),
        ("CKV_X_8", None, 19, "Local"),
    ] == [(each.policy, each.block, each.location.line, each.reason) for each in found]
    assert ["CKV_X_4", "CKV_X_9"] == [each.policy for each in found if each.environments == ("dev",)]


def test_a_comment_in_a_module_counts_for_every_call_and_one_in_a_call_for_all_that_it_makes(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  #checkov:skip=CKV_X_1:Inside\n}\n')
    calls = 'module "a" {\n  source = "./inner"\n  #checkov:skip=CKV_X_2:Call\n}\nmodule "b" {\n  source = "./inner"\n  for_each = {}\n}\n'
    found = {(each.policy, each.block) for each in written(tmp_path, calls)}
    (call,) = (each for each in written(tmp_path, calls) if each.policy == "CKV_X_2")

    assert {("CKV_X_1", "module.a.aws_sqs_queue.q"), ("CKV_X_1", "module.b.aws_sqs_queue.q"), ("CKV_X_2", "module.a")} == found
    assert call.covers("CKV_X_2", "module.a.aws_sqs_queue.q", "dev", TODAY)
    assert not call.covers("CKV_X_2", "module.abc.aws_sqs_queue.q", "dev", TODAY)


def test_a_module_that_calls_itself_comes_to_an_end(tmp_path: Path) -> None:
    text = 'module "a" { source = "./" }\nmodule "b" { source = "./" }\nresource "aws_sqs_queue" "q" {\n  #checkov:skip=CKV_X_1:Why\n}\n'

    assert written(tmp_path, text)


@given(st.text(max_size=80))
def test_any_comment_is_read(text: str) -> None:
    """Each gives something to report, whatever is in it."""
    assert all(found.location == PLACE for found in parse(f"checkov:skip={text}"))
