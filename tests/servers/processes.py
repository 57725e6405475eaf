"""Programs that serve on free ports as long as a context lasts."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HOST = "127.0.0.1"
PASSWORD = "only-for-tests"
PATIENCE_S = 20.0


class ServerError(Exception):
    """A server cannot be had; the text says what to do, or what the server said."""


def find_binary(name: str, variable: str) -> str:
    """Return the path of a program; without it, name the variable that would name a server instead."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin")
    if path is None:
        raise ServerError(f"{name} is not installed: run .ci/servers as root, or let {variable} name a server for tests")
    return path


@contextlib.contextmanager
def running(command: Callable[[Sequence[int]], list[str]], answers: Callable[[int], bool], log: Path) -> Iterator[Sequence[int]]:
    """Run a server, and yield its ports once it answers; stop it at the end.

    Between choosing a port and listening on it somebody else may take it: the server ends, and gets another one.
    """
    # Where there is such a program, the server does not outlive the process, and the thread, that started it.
    leash = [setpriv, "--pdeathsig", "KILL"] if (setpriv := shutil.which("setpriv")) else []
    for _ in range(5):
        ports = choose_ports()
        line = [*leash, *command(ports)]
        with log.open("wb") as output, subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent) as process:
            try:
                wait_until(lambda: process.poll() is not None or answers(ports[0]), f"{log} does not say why")  # noqa: B023
                if process.poll() is None:
                    yield ports
                    return
            finally:
                process.kill()
    raise ServerError(f"the server does not start:\n{log.read_text(errors='replace')[-2000:]}")


def choose_ports() -> tuple[int, int]:
    """Return two ports that nobody listens on now."""
    with socket.create_server((HOST, 0)) as first, socket.create_server((HOST, 0)) as second:
        return first.getsockname()[1], second.getsockname()[1]


def wait_until(condition: Callable[[], bool], problem: str) -> None:
    """Return as soon as the condition holds; raise the problem where it does not in time."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise ServerError(f"after {PATIENCE_S:.0f} seconds: {problem}")
        time.sleep(0.02)
