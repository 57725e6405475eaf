"""A run never fails for what is kept, or not, of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import paritycheck.cache.gather as gathering
from paritycheck.cache import NotKept
from paritycheck.commands.progress import Chatter
from paritycheck.commands.recalling import Memory, Note
from paritycheck.commands.selection import Selection
from paritycheck.config import Config
from paritycheck.errors import ConfigError
from paritycheck.findings import Report
from tests.reporters.sample import CLEAN


def recall(memory: Memory, calls: list[int]) -> Report:
    def examine(note: Note) -> Report:
        calls.append(1)
        note(Config(Path.cwd(), "files", ()), (), (), None)
        return CLEAN

    return memory.recall("run", Selection(), (), examine)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARITYCHECK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(gathering, "gather", lambda *_: ())


def test_examines_once(capsys: pytest.CaptureFixture[str]) -> None:
    calls: list[int] = []
    reports = [recall(Memory(wanted=True, chatter=Chatter.BRIEF), calls) for _ in range(3)]

    assert [CLEAN] * 3 == reports
    assert [1] == calls
    assert 2 == capsys.readouterr().err.count("nothing has changed since ")


def test_examines_each_time_where_it_is_not_to_remember() -> None:
    calls: list[int] = []
    for _ in range(2):
        recall(Memory(wanted=False, chatter=Chatter.BRIEF), calls)
    recall(Memory(wanted=True, chatter=Chatter.BRIEF), calls)

    assert 3 == len(calls)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (NotKept("why\x1b[2J"), "why"),
        (PermissionError(13, "Permission denied", "/x"), "Permission denied"),
        (ConfigError("cannot read it"), "cannot read it"),
    ],
)
def test_what_cannot_be_kept_is_no_failure(
    error: Exception, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(gathering, "gather", fail)
    calls: list[int] = []

    assert CLEAN == recall(Memory(wanted=True, chatter=Chatter.BRIEF), calls)
    assert "" == capsys.readouterr().err

    assert CLEAN == recall(Memory(wanted=True, chatter=Chatter.BRIEF, verbose=True), calls)
    said = capsys.readouterr().err
    assert 2 == len(calls)
    assert said.startswith("this verdict is not kept for the next run: ")
    assert why in said
    assert "\x1b" not in said
