"""Progress is told on stderr, and nothing is left of it on a terminal."""

from __future__ import annotations

import os
import pty
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from paritycheck.commands.progress import Chatter, progress_display
from paritycheck.engines.interface import Stage


def test_a_log_gets_a_line_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_display(Chatter.LINES, ["dev"]) as progress:
        progress("dev", Stage.PLANNING, "")
        progress("dev", Stage.PLANNING, "7 resources")
        progress("dev", Stage.DONE, "61 resources\x1b[31m")

    assert ("", "dev: planning\ndev: done: 61 resources\\x1b[31m\n") == capsys.readouterr()


def test_nothing_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_display(Chatter.NOTHING, ["dev"]) as progress:
        progress("dev", Stage.PLANNING, "x")

    assert ("", "") == capsys.readouterr()


@pytest.fixture(autouse=True)
def _capable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


@contextmanager
def on_a_terminal() -> Iterator[list[str]]:
    """Let stderr be a terminal within the block; the list then holds what it got."""
    ours, theirs = pty.openpty()
    drawn: list[str] = []
    kept = sys.stderr
    try:
        with os.fdopen(theirs, "w", encoding="utf-8") as sys.stderr:
            yield drawn
    finally:
        sys.stderr = kept
        with suppress(OSError):  # the other end is closed
            while chunk := os.read(ours, 1 << 16):
                drawn.append(chunk.decode())
        os.close(ours)


def test_a_terminal_shows_every_environment_and_then_nothing() -> None:
    with on_a_terminal() as drawn, progress_display(Chatter.LIVE, ["dev", "prod"]) as progress:
        for step in (("dev", Stage.PLANNING, "a\x1b]0;title\x07"), ("prod", Stage.FAILED, "")):
            thread = threading.Thread(target=progress, args=step)
            thread.start()
            thread.join()
    text = "".join(drawn)

    assert "dev   planning  a\\x1b]0;title\\x07" in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
    assert "\x1b]0;" not in text
    assert text.endswith("\x1b[2K")


def test_the_cursor_comes_back_after_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt), on_a_terminal() as drawn, progress_display(Chatter.LIVE, ["dev"]):
        raise KeyboardInterrupt

    assert "\x1b[?25h" in "".join(drawn)
