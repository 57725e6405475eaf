"""Fixtures that many tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers.fixtures import aurora, database, free_port, redis_client, redis_cluster  # noqa: F401  fixtures: their names make them known

pytest_plugins = ["tests.observation.plugin"]

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# A test that runs the program wants it to do its work, not to remember what another test had it do.
os.environ["PARITYCHECK_NO_CACHE"] = "1"

# Whoever runs the tests in the background of a shell, or with nohup, has them ignore signals that some tests send, and their children too.
for _number, _handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)

SNAPSHOTS = Path(__file__).parent / "assets" / "snapshots"

Snapshot = Callable[[str, str], None]
"""Holds a text against the file of that name under ``tests/assets/snapshots``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write the texts that tests compare with, instead of comparing")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    def compare(name: str, actual: str) -> None:
        path = SNAPSHOTS / name
        if request.config.getoption("--update-snapshots"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8")
        expected = path.read_text(encoding="utf-8") if path.exists() else ""

        assert expected == actual, f"{path} holds another text; pytest --update-snapshots writes it"

    return compare
