"""`paritycheck graph` draws the stack, and gives no verdict."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import DRIFT, STACK, write


def test_draws_every_resource_as_svg(tmp_path: Path) -> None:
    done = paritycheck("graph", cwd=write(tmp_path, STACK))
    drawn = [each.get("data-address") for each in ET.fromstring(done.out).iter() if each.get("role") == "graphics-symbol"]

    assert (0, "") == (done.code, done.err)
    assert ["terraform_data.archive", "terraform_data.queue"] == drawn


def test_a_difference_stands_out_and_is_no_failure(tmp_path: Path) -> None:
    done = paritycheck("graph", "--format", "mermaid", cwd=write(tmp_path, DRIFT))

    assert 0 == done.code
    assert ":::differs" in done.out


def test_writes_to_a_file(tmp_path: Path) -> None:
    done = paritycheck("graph", "--format", "dot", "--by", "service", "--output", "stack.dot", cwd=write(tmp_path, STACK))

    assert (0, "") == (done.code, done.out)
    assert 'label="Terraform helpers \u00d72"' in (tmp_path / "stack.dot").read_text(encoding="utf-8")


def test_one_environment_is_enough(tmp_path: Path) -> None:
    done = paritycheck("graph", "--environment", "prod", cwd=write(tmp_path, STACK))

    assert 0 == done.code
    assert "2 resources and data sources in prod" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "service"], "--by is not for svg"),
        (["--output", "nowhere/stack.svg"], "does not exist"),
        (["--format", "png"], "'png' is not one of"),
        (["--environment", "test"], "no environment 'test'"),
    ],
)
def test_says_what_it_does_not_draw_before_it_plans(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = paritycheck("graph", *arguments, cwd=write(tmp_path, STACK))

    assert (2, "") == (done.code, done.out)
    assert message in done.err


def test_a_plan_that_fails_draws_nothing(tmp_path: Path) -> None:
    done = paritycheck("graph", cwd=write(tmp_path, {**STACK, "prod.tfvars": 'env = "prod"\nsize = "many"\n'}))

    assert (3, "") == (done.code, done.out)
