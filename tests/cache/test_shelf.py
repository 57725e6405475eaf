"""What is not whole, not ours or not private is as if it were not there."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest

from paritycheck.cache import NotKept, Question, Shelf, Store, open_shelf, shelf
from paritycheck.cache.inputs import Input
from tests.reporters.sample import CLEAN, REPORT

QUESTION = Question.ask("run", (), {})


@pytest.fixture
def ours(tmp_path: Path) -> Shelf:
    found = open_shelf({"PARITYCHECK_CACHE_DIR": str(tmp_path / "cache")})
    assert found
    return found


def keep(ours: Shelf, path: Path, question: Question = QUESTION) -> Store:
    """Keep a report that came from a file."""
    path.write_text("before")
    time.sleep(0.05)
    store = Store(ours, question)
    store.keep([Input(str(path))], REPORT)
    return store


def test_gives_back_what_was_put(ours: Shelf) -> None:
    assert ours.put("x", {"a": [1, "\ud800"]})
    assert {"a": [1, "\ud800"]} == ours.get("x")


def test_names_tell_nothing_and_differ_from_shelf_to_shelf(ours: Shelf, tmp_path: Path) -> None:
    other = open_shelf({"PARITYCHECK_CACHE_DIR": str(tmp_path / "other")})

    assert other
    assert ours.name("a") == ours.name("a")
    assert 4 == len({ours.name("a"), ours.name("b"), ours.name("a", "b"), other.name("a")})


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 70, -1])
def test_what_is_cut_off_is_not_there(size: int, ours: Shelf) -> None:
    ours.put("x", {"a": 1})
    path = ours.directory / "x"
    path.write_bytes(path.read_bytes()[:size])

    assert ours.get("x") is None


def test_what_another_key_signed_is_not_there(ours: Shelf, tmp_path: Path) -> None:
    other = Shelf(ours.directory, bytes(32))
    other.put("x", {"a": 1})

    assert ours.get("x") is None


@pytest.mark.parametrize("made", ["fifo", "directory", "link"])
def test_what_is_no_file_is_not_there(made: str, ours: Shelf, tmp_path: Path) -> None:
    ours.put("y", 1)
    path = ours.directory / "x"
    if made == "fifo":
        os.mkfifo(path)
    elif made == "directory":
        path.mkdir()
    else:
        path.symlink_to(ours.directory / "y")

    assert ours.get("x") is None


def test_takes_nothing_from_a_directory_that_others_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)

    assert open_shelf({"PARITYCHECK_CACHE_DIR": str(tmp_path)}) is None


def test_closes_a_directory_that_others_may_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)

    assert open_shelf({"PARITYCHECK_CACHE_DIR": str(tmp_path)})
    assert 0o700 == tmp_path.stat().st_mode & 0o777


def test_does_not_follow_a_link_to_its_directory(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert open_shelf({"PARITYCHECK_CACHE_DIR": str(tmp_path / "link")}) is None


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_key_that_is_none_keeps_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)

    assert open_shelf({"PARITYCHECK_CACHE_DIR": str(tmp_path)}) is None


@pytest.mark.parametrize("variables", [{"PARITYCHECK_CACHE_DIR": "/dev/null/x"}, {"PARITYCHECK_CACHE_DIR": "a\0b"}, {"HOME": "/dev/null"}])
def test_without_a_place_there_is_no_shelf(variables: dict[str, str]) -> None:
    assert open_shelf(variables) is None


def test_the_place_is_where_caches_are(tmp_path: Path) -> None:
    by_home, by_xdg = open_shelf({"HOME": str(tmp_path)}), open_shelf({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path / "xdg")})

    assert by_home
    assert by_xdg
    assert tmp_path / "xdg" / "paritycheck" / "verdicts" == by_xdg.directory
    assert by_home.directory.is_relative_to(tmp_path)


def test_removes_what_was_not_used_for_longest(ours: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "ENTRIES", 3)
    for number in range(5):
        ours.put(f"{number}", number)
        os.utime(ours.directory / f"{number}", (number, number))
    ours.touch("2")
    ours.put("5", 5)

    assert [2, 4, 5] == [number for number in range(6) if ours.get(f"{number}") is not None]


def test_keeps_few_alternatives(ours: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "ALTERNATIVES", 2)
    for number in range(4):
        ours.put(f"x-{number}", number)
        os.utime(ours.directory / f"x-{number}", (number, number))
    ours.put("y-0", 0)

    assert ["x-3", "x-2"] == ours.alternatives("x")


def test_has_an_end_of_its_room(ours: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SIZE", 1000)
    for number in range(5):
        ours.put(f"{number}", "x" * 300)
        os.utime(ours.directory / f"{number}", (number, number))
    ours.put("last", "x")
    monkeypatch.setattr(shelf, "LARGEST", 10)

    assert 1000 >= sum(path.stat().st_size for path in ours.directory.iterdir() if path.name != "key")
    assert ours.get("3") is None
    assert not ours.put("large", "x" * 20)


def test_removes_drafts_that_nobody_finishes(ours: Shelf) -> None:
    old, new = ours.directory / ".x.old", ours.directory / ".x.new"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    ours.put("y", 1)

    assert (False, True) == (old.exists(), new.exists())


def test_a_verdict_is_found_while_nothing_has_changed(ours: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    kept = keep(ours, path).find()

    assert kept
    assert REPORT == kept.report
    assert abs(datetime.now().astimezone() - kept.made).total_seconds() < 60

    path.write_text("after!")
    assert Store(ours, QUESTION).find() is None


def test_a_file_that_was_touched_is_read_and_then_trusted_again(ours: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "main.tf"
    keep(ours, path)
    path.write_text("before")
    time.sleep(0.05)

    read: list[str] = []

    def note(name: str, *_: object, **__: object) -> IO[bytes]:
        read.append(name)
        return Path(name).open("rb", buffering=0)

    monkeypatch.setattr("builtins.open", note)

    assert Store(ours, QUESTION).find()
    assert Store(ours, QUESTION).find()
    assert [str(path)] == read


def test_verdicts_of_several_states_are_kept_side_by_side(ours: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    keep(ours, path)
    path.write_text("branch")
    time.sleep(0.05)
    Store(ours, QUESTION).keep([Input(str(path))], CLEAN)
    on_branch = Store(ours, QUESTION).find()
    path.write_text("before")
    back = Store(ours, QUESTION).find()

    assert on_branch
    assert back
    assert (CLEAN, REPORT) == (on_branch.report, back.report)


def test_what_changes_while_a_run_is_made_is_not_kept(ours: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text("before")
    time.sleep(0.05)
    store = Store(ours, QUESTION)
    path.write_text("after")
    os.utime(path, (0, 0))

    with pytest.raises(NotKept, match=r"main\.tf was changed while the run was being made"):
        store.keep([Input(str(path))], REPORT)
    assert Store(ours, QUESTION).find() is None


def test_what_has_no_room_is_not_kept(ours: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "LARGEST", 10)

    with pytest.raises(NotKept, match="no room"):
        keep(ours, tmp_path / "main.tf")
