"""The README shows what a terminal really shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.text import Text

from tools.record_terminal import PICTURE, crop, draw, run_with_drift

ROOT = Path(__file__).parents[1]
VERSION = r"(?<=offline  )[\d.]+"
"""Which Terraform made a plan; whichever does, the rest is the same."""


@pytest.fixture(scope="module")
def report() -> str:
    """Return what one variable that is set for prod alone leads to, with the version of Terraform that the picture shows."""
    version = re.search(r"offline(?:&#160;)+([\d.]+)", PICTURE.read_text(encoding="utf-8"))
    assert version
    return re.sub(VERSION, version[1], run_with_drift())


def test_the_picture_is_what_a_run_shows_now(report: str) -> None:
    """`make screenshot` draws it anew."""
    assert draw(crop(report)) == PICTURE.read_text(encoding="utf-8")


def test_the_picture_leaves_out_nothing_but_allowed_differences(report: str) -> None:
    whole, shown = (Text.from_ansi(text).plain for text in (report, crop(report)))
    table = whole.partition("Allowed by")[2].partition("\n\n")[0].splitlines()
    left_out = set(whole.splitlines()) - set(shown.splitlines())

    assert left_out
    assert left_out <= set(table)


def test_the_picture_fetches_nothing() -> None:
    picture = PICTURE.read_text(encoding="utf-8")

    assert ["http://www.w3.org/2000/svg"] == re.findall(r"\w+://[^\s\"')]+", picture)
    assert {"#"} == {target[0] for target in re.findall(r"url\((.*?)\)", picture)}
    assert [] == re.findall(r"@import|@font-face|href|<script|<image", picture)


def test_the_text_in_the_readme_is_from_the_same_run(report: str) -> None:
    shown = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.rstrip() for line in Text.from_ansi(report).plain.splitlines()]

    assert shown
    assert shown[1] in "\n".join(lines)
