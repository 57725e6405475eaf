"""The report uses what its reader's place can show, and no more."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from paritycheck.commands.progress import Chatter
from paritycheck.commands.terminal import chatter, style, wants_color
from paritycheck.errors import UsageError


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "colorful"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colors(stream: io.TextIOBase, environ: dict[str, str], colorful: bool) -> None:
    assert colorful is wants_color(stream, environ)  # type: ignore[arg-type]


def test_no_color_is_the_users_word() -> None:
    assert not style(no_color=True, verbose=False, stream=Terminal(), environ={}).color


@pytest.mark.parametrize(("encoding", "drawn"), [("utf-8", True), ("ascii", False), ("latin-1", False)])
def test_lines_are_drawn_where_the_encoding_has_them(encoding: str, drawn: bool) -> None:
    assert drawn is style(no_color=False, verbose=False, stream=Terminal(encoding), environ={}).unicode


def test_takes_the_terminals_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "77")

    assert 77 == style(no_color=False, verbose=False).width


@pytest.mark.parametrize(
    ("terminal", "quiet", "verbose", "expected"),
    [
        (True, False, False, Chatter.LIVE),
        (True, True, False, Chatter.NOTHING),
        (False, True, False, Chatter.NOTHING),
        (False, False, False, Chatter.BRIEF),
        (False, False, True, Chatter.LINES),
    ],
)
def test_progress_is_for_people(terminal: bool, quiet: bool, verbose: bool, expected: Chatter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Terminal() if terminal else io.StringIO())
    monkeypatch.delenv("TERM", raising=False)

    assert expected is chatter(quiet=quiet, verbose=verbose)


def test_quiet_and_verbose_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        chatter(quiet=True, verbose=True)


def test_files_are_named_from_the_root_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra" / "live").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "infra" / "live")

    assert "infra/main.tf" == style(no_color=False, verbose=False).from_root("../main.tf")


def test_a_directory_in_no_repository_is_its_own_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert "main.tf" == style(no_color=False, verbose=False).from_root("main.tf")
