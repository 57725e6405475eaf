"""Servers for tests say plainly why they cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.servers import ServerError
from tests.servers.processes import choose_ports, find_binary, running


def test_a_program_that_is_not_installed_is_named_with_what_to_do() -> None:
    with pytest.raises(ServerError) as caught:
        find_binary("no-such-server", "TEST_REDIS_URL")

    assert "no-such-server is not installed: run .ci/servers as root, or let TEST_REDIS_URL name a server for tests" == str(caught.value)


def test_a_server_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('the disk is full')"]

    with pytest.raises(ServerError, match="the disk is full"), running(lambda ports: command, lambda port: False, tmp_path / "log"):
        pytest.fail("it never answered")


def test_a_server_is_gone_after_its_context(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]

    with running(lambda ports: command, lambda port: log.read_text().endswith("\n"), log):
        process = Path("/proc", log.read_text().strip())
        assert process.exists() or not Path("/proc/self").exists()

    assert not process.exists()


def test_ports_are_two_different_ones() -> None:
    first, second = choose_ports()

    assert first != second
