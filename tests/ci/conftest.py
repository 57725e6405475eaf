"""What the tests of CI share."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ci.repository import commit_package
from tests.ci.runner import ROOT, Runner, action_inputs, action_steps


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str, Callable[[Path], None]], Path]:
    """Makes a directory of that name once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def make_once(name: str, make: Callable[[Path], None]) -> Path:
        directory, made = shared / name, shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                directory.mkdir()
                make(directory)
                made.touch()
        return directory

    return make_once


@pytest.fixture(scope="session")
def published(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """A repository of this working tree's package, as others name it in their configuration; pre-commit's own files go beside it."""
    return once("published", lambda directory: commit_package(directory / "paritycheck")) / "paritycheck"


@pytest.fixture(scope="session")
def installation(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The temporary directory of a runner on which the action has installed paritycheck."""
    return once("runner", _install)


def _install(temp: Path) -> None:
    """Run the action's step; what it installs is not compiled, for a few seconds less."""
    step = action_steps()["install"]
    done = Runner(ROOT, temp, action_inputs()).run({**step, "env": {**step["env"], "PIP_NO_COMPILE": "1"}})
    assert 0 == done.code, done.log
    assert {"program": f"{temp}/paritycheck/bin/paritycheck"} == done.outputs
