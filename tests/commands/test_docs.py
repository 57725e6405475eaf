"""The documented help is the help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.invoke import paritycheck

DOCUMENT = Path(__file__).parents[2] / "docs" / "commands.md"
BLOCK = re.compile(r"(?ms)^## paritycheck(?P<command>[ a-z]*)$(?P<between>.*?)^```text\n.*?^```$")


def test_help_is_documented_as_it_is(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    def fill(block: re.Match[str]) -> str:
        done = paritycheck(*block["command"].split(), "--help", cwd=tmp_path)
        return f"## paritycheck{block['command']}{block['between']}```text\n{done.out}```"

    actual = BLOCK.sub(fill, text)
    if request.config.getoption("--update-snapshots"):
        DOCUMENT.write_text(actual, encoding="utf-8")

    assert text == actual, "pytest --update-snapshots writes the help into the document"


def test_every_command_is_documented() -> None:
    documented = {block["command"].strip() for block in BLOCK.finditer(DOCUMENT.read_text(encoding="utf-8"))}

    assert {
        "",
        "run",
        "policy",
        "plan",
        "compare",
        "matrix",
        "allow",
        "baseline",
        "explain",
        "graph",
        "init",
        "rules",
        "schema import",
    } == documented
