from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from paritycheck.process.watchdog import watch
from tests.waiting import alive


def lines(*entries: tuple[str, str, str | int]) -> list[str]:
    return [json.dumps(entry) for entry in entries]


def test_what_is_still_registered_is_ended_and_removed(tmp_path: Path) -> None:
    for name in ("left", "done"):
        (tmp_path / name / "deeper").mkdir(parents=True)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)

    watch(
        lines(
            ("+", "directory", str(tmp_path / "left")),
            ("+", "directory", str(tmp_path / "done")),
            ("+", "group", child.pid),
            ("-", "directory", str(tmp_path / "done")),
        )
    )
    child.wait(30)

    assert not alive(child.pid)
    assert [tmp_path / "done"] == list(tmp_path.iterdir())


def test_what_is_gone_already_is_no_trouble(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    child.wait()

    watch(lines(("+", "group", child.pid), ("+", "directory", str(tmp_path / "gone"))))


def test_the_program_imports_nothing_of_the_package() -> None:
    """It starts quickly, and on an interpreter without site packages."""
    from paritycheck.process import watchdog

    program = [sys.executable, "-I", "-S", "-X", "importtime", watchdog.__file__]
    completed = subprocess.run(program, input=b"", capture_output=True, check=True)

    assert b"paritycheck" not in completed.stderr
