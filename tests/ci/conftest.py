"""What the tests of CI share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ci.runner import ROOT, Runner, action_inputs, action_steps


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The temporary directory of a runner on which the action has installed paritycheck; one for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    temp = (base if worker_id == "master" else base.parent) / "runner"
    temp.mkdir(exist_ok=True)
    with _locked(temp / "lock"):
        if not (temp / "installed").exists():
            os.environ.setdefault("PIP_NO_COMPILE", "1")
            done = Runner(ROOT, temp, action_inputs()).run(action_steps()["install"])
            assert 0 == done.code, done.log
            assert {"program": f"{temp}/paritycheck/bin/paritycheck"} == done.outputs
            (temp / "installed").touch()
    return temp


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
