from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from paritycheck.process import private_directory, scratch
from paritycheck.process.scratch import PREFIX, sweep
from tests.waiting import alive, number_in, until

OWNER = """
import os, sys, time
from pathlib import Path
from paritycheck.process import private_directory, run
directory_file, child_file = map(Path, sys.argv[1:])
with private_directory() as directory:
    (directory / "secret").write_text("x")
    child = f"import os, time; open({str(child_file)!r}, 'w').write(str(os.getpid())); time.sleep(120)"
    directory_file.write_text(str(directory))
    run([sys.executable, "-c", child], title="child", cwd=directory, env=dict(os.environ))
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for temporary directories of this test's own."""
    directory = tmp_path / "tmp"
    directory.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(directory))
    monkeypatch.setenv("TMPDIR", str(directory))
    return directory


def test_a_private_directory_is_for_its_owner_and_for_a_while() -> None:
    with private_directory() as directory:
        (directory / "file").write_text("x")
        assert 0o700 == stat.S_IMODE(directory.stat().st_mode)

    assert not directory.exists()


def test_it_is_removed_after_an_error() -> None:
    with pytest.raises(LookupError), private_directory() as directory:
        raise LookupError

    assert not directory.exists()


def test_links_in_it_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    with private_directory() as directory:
        (directory / "link").symlink_to(tmp_path / "precious")

    assert "x" == (tmp_path / "precious" / "file").read_text()


def test_what_a_dead_owner_left_is_swept_and_what_a_living_one_has_is_not(temporary: Path) -> None:
    stale = temporary / f"{PREFIX}stale"
    stale.mkdir()
    (stale / "file").write_text("x")
    other = temporary / "other"
    other.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(other)
    (temporary / f"{PREFIX}file").write_text("x")
    with private_directory() as mine:
        sweep()
        assert not stale.exists()
        assert mine.exists()

    assert {"other", f"{PREFIX}link", f"{PREFIX}file"} == {path.name for path in temporary.iterdir()}


def test_a_directory_that_a_sweeper_took_is_not_used(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its making and its locking, another process may find the directory without an owner."""
    lock, taken = scratch._lock, iter(["held by the sweeper", "removed by the sweeper"])

    def race(directory: Path) -> int | None:
        match next(taken, None):
            case "held by the sweeper":
                directory.rmdir()
                return None
            case "removed by the sweeper":
                descriptor = lock(directory)
                directory.rmdir()
                return descriptor
        return lock(directory)

    monkeypatch.setattr(scratch, "_lock", race)
    with private_directory() as directory:
        assert [directory] == list(temporary.resolve().iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_neither_directory_nor_child_survives_a_signal(number: int, tmp_path: Path, temporary: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "directory"), str(tmp_path / "child")], stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    child = number_in(tmp_path / "child")
    directory = Path((tmp_path / "directory").read_text())
    assert (directory / "secret").exists()

    owner.send_signal(number)
    owner.wait(30)

    until(lambda: not alive(child))
    until(lambda: not directory.exists())
    assert [] == list(temporary.iterdir())
