"""A command line that was understood before means the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paritycheck.cache import open_shelf
from paritycheck.commands.lines import Line
from paritycheck.commands.request import Request
from paritycheck.commands.selection import Selection
from paritycheck.findings import Severity

FULL = Request(
    command="policy",
    selection=Selection(Path("a/parity.yaml"), "offline", "./tofu", "checkov", ("dev", "prod"), Path("known.json")),
    formats=("console", "json=x.json"),
    output=Path("report.txt"),
    fail_on=Severity.WARNING,
    no_color=True,
    quiet=True,
    verbose=True,
    privilege_only=True,
    plans=("a.json", "b=c.json"),
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PARITYCHECK_CACHE_DIR": str(tmp_path / "cache")}


@pytest.mark.parametrize("request_", [FULL, Request("run", Selection()), Request("compare", Selection(environments=("dev",)))])
def test_a_request_comes_back_as_it_was(request_: Request, environ: dict[str, str]) -> None:
    Line(["run", "-q"], environ).remember(request_)

    assert request_ == Line(["run", "-q"], environ).recall()


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["run"], {}),
        (["run", "-q", "-q"], {}),
        (["policy", "-q"], {}),
        (["run", "-q"], {"PARITYCHECK_CHECKOV": "x"}),
        (["run", "-q"], {"PARITYCHECK_NO_CACHE": "1"}),
        (["run", "-q"], {"PARITYCHECK_DEBUG": "1"}),
    ],
)
def test_another_line_is_parsed(arguments: list[str], variables: dict[str, str], environ: dict[str, str]) -> None:
    Line(["run", "-q"], environ).remember(FULL)

    assert Line(arguments, environ | variables).recall() is None


@pytest.mark.parametrize("arguments", [[], ["--help"], ["rules"], ["plan"], ["--debug", "run"], ["run", "--no-cache"]])
def test_other_commands_are_not_remembered(arguments: list[str], environ: dict[str, str]) -> None:
    Line(arguments, environ).remember(FULL)

    assert Line(arguments, environ).recall() is None
    assert not Path(environ["PARITYCHECK_CACHE_DIR"]).exists()


@pytest.mark.parametrize(
    "document", [None, 1, [], {}, {"selection": {}}, {"selection": {"colour": 1}, "fail_on": "error"}, {"selection": [], "fail_on": "x"}]
)
def test_what_is_no_request_is_parsed_again(document: Any, environ: dict[str, str]) -> None:
    shelf = open_shelf(environ)
    assert shelf
    Line(["run"], environ).remember(FULL)
    (name,) = [path.name for path in shelf.directory.iterdir() if path.name != "key"]
    shelf.put(name, document)

    assert Line(["run"], environ).recall() is None


def test_where_nothing_can_be_kept_a_line_is_parsed() -> None:
    line = Line(["run"], {"PARITYCHECK_CACHE_DIR": "/dev/null/x"})
    line.remember(FULL)

    assert line.recall() is None
