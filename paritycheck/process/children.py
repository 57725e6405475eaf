"""Running children: each is the leader of a session and a process group of its own.

Ctrl-C therefore reaches this process alone, which ends the child with all that the child started. Should this process be
killed, the watchdog does it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import FrameType
from typing import IO, TypeVar

from paritycheck.errors import Interrupted
from paritycheck.process.guard import guard
from paritycheck.process.outcome import Completed, ProcessError, plain

T = TypeVar("T")

GRACE = 2.0
"""Seconds that a child has between SIGTERM and SIGKILL; enough to tidy up, for no child holds a lock."""

ATTENTION = 0.2
"""Seconds between looks at signals: one that arrives just before a thread blocks does not wake it."""

OUTPUT_LIMIT = 1 << 30
"""Most bytes of captured output."""

LINE_LIMIT = 1 << 24
"""Most bytes of a streamed line; a longer one arrives in pieces."""

STDERR_CHUNKS = 4
"""How many chunks of stderr are kept: the last ones."""

_CHUNK = 1 << 16


def run(
    command: Sequence[str],
    *,
    title: str,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float | None = None,
    on_line: Callable[[str], None] | None = None,
    accept: Container[int] = (0,),
    limit: int = OUTPUT_LIMIT,
    stdin: Future[bytes] | None = None,
    stop: threading.Event | None = None,
) -> Completed:
    """Run a child to its end, with exactly this environment.

    It reads nothing, or what `stdin` gives as soon as that is there; nothing either where it is canceled. `stop` ends it when
    it is set. `title` stands for the command in errors. With `on_line`, stdout goes there line by line, from another thread, instead of
    being captured; what it raises ends the child and is raised here. Raises `ProcessError` where the child cannot start, is
    killed, takes more than `timeout` seconds, prints more than `limit` bytes, or ends with an exit code not in `accept`.
    """
    child = _start(command, title, cwd, env, reads=stdin is not None)
    if stdin is not None:
        stdin.add_done_callback(lambda given: _feed(child, given))
    stdout, stderr, failures = bytearray(), deque[bytes](maxlen=STDERR_CHUNKS), list[BaseException]()
    readers = (
        _reader(child, child.stdout, failures, lambda pipe: _stream(pipe, on_line) if on_line else _capture(pipe, stdout, limit, title)),
        _reader(child, child.stderr, failures, lambda pipe: stderr.extend(iter(lambda: pipe.read(_CHUNK), b""))),
    )
    try:
        _wait(child, title, timeout, stop or threading.Event())
    except subprocess.TimeoutExpired:
        failures.append(ProcessError(f"{title} did not end within {timeout:g} s and was stopped", command))
    finally:
        _children.release(child)
        for reader in readers:
            reader.join()
    if failures:
        raise failures[0]
    completed = Completed(child.returncode, bytes(stdout), plain(b"".join(stderr).decode("utf-8", "replace")))
    if completed.exit_code not in accept:
        raise ProcessError.ended(title, command, completed)
    return completed


def side_by_side(tasks: Sequence[Callable[[], T]]) -> list[Future[T]]:
    """Run all tasks at once, each in a thread, and return their futures when all have ended.

    Ctrl-C, SIGTERM or SIGHUP ends their children, lets no task start another one, and is raised after all have ended.
    """
    with interruptible(), ThreadPoolExecutor(max_workers=max(1, len(tasks))) as pool:
        try:
            futures = [pool.submit(task) for task in tasks]
            while wait(futures, timeout=ATTENTION).not_done:
                pass
        except BaseException:
            with _children.ending():
                pool.shutdown(wait=True, cancel_futures=True)
            raise
    return futures


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into `KeyboardInterrupt` within the block, so that everything is cleaned up on the way out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    replaced = {number: handler for number, handler in handlers.items() if handler == signal.SIG_DFL}
    for number in replaced:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


def _wait(child: subprocess.Popen[bytes], title: str, timeout: float | None, stop: threading.Event) -> None:
    deadline = None if timeout is None else time.monotonic() + timeout
    while child.poll() is None:
        if stop.is_set():
            raise Interrupted(f"{title} was stopped")
        left = ATTENTION if deadline is None else min(ATTENTION, deadline - time.monotonic())
        if left <= 0:
            raise subprocess.TimeoutExpired(child.args, timeout or 0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(left)


def _feed(child: subprocess.Popen[bytes], given: Future[bytes]) -> None:
    """Write to a child from a thread of its own, until it has all or reads no more."""

    def write() -> None:
        with contextlib.suppress(OSError, ValueError), child.stdin or contextlib.nullcontext():
            if child.stdin is not None and not given.cancelled():
                child.stdin.write(given.result())

    threading.Thread(target=write, daemon=True).start()


def _start(command: Sequence[str], title: str, cwd: Path, env: Mapping[str, str], *, reads: bool = False) -> subprocess.Popen[bytes]:
    try:
        return _children.start(command, cwd, env, reads=reads)
    except (OSError, ValueError) as error:  # NOTE: ValueError is a NUL character in an argument.
        raise ProcessError(f"{title} cannot be started: {getattr(error, 'strerror', None) or error}", command) from error


def _reader(
    child: subprocess.Popen[bytes], pipe: IO[bytes] | None, failures: list[BaseException], consume: Callable[[IO[bytes]], None]
) -> threading.Thread:
    """Start a thread that drains a pipe of the child; should `consume` fail, the child is killed and the failure kept."""

    def drain() -> None:
        if pipe is None:
            return
        with pipe:
            try:
                consume(pipe)
            except BaseException as error:  # noqa: BLE001 -- raised again by `run`
                failures.append(error)
                _signal(child, signal.SIGKILL)

    thread = threading.Thread(target=drain, daemon=True)
    thread.start()
    return thread


def _capture(pipe: IO[bytes], into: bytearray, limit: int, title: str) -> None:
    while chunk := pipe.read(_CHUNK):
        into += chunk
        if len(into) > limit:
            raise ProcessError(f"{title} printed more than {limit:,} bytes and was stopped", ())


def _stream(pipe: IO[bytes], on_line: Callable[[str], None]) -> None:
    while line := pipe.readline(LINE_LIMIT):
        on_line(plain(line.decode("utf-8", "replace")).rstrip("\r\n"))


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


class _Children:
    """The children that run now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ending = False

    def start(self, command: Sequence[str], cwd: Path, env: Mapping[str, str], *, reads: bool = False) -> subprocess.Popen[bytes]:
        """Start a child, unless all are being ended."""
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        with self._lock:
            if self._ending:
                raise Interrupted("Interrupted")
            child = subprocess.Popen(  # noqa: S603 -- a list of arguments, never a shell
                command, cwd=cwd, env=dict(env), stdin=pipe if reads else null, stdout=pipe, stderr=pipe, start_new_session=True
            )
            guard.add("group", child.pid)
            self._running.add(child)
        return child

    def release(self, child: subprocess.Popen[bytes]) -> None:
        """End the child if it still runs, and whatever it left behind in its group."""
        if child.poll() is None:
            _signal(child, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(GRACE)
        _signal(child, signal.SIGKILL)
        child.wait()
        guard.discard("group", child.pid)
        with self._lock:
            self._running.discard(child)

    @contextlib.contextmanager
    def ending(self) -> Iterator[None]:
        """End all children, and let none start within the block."""
        with self._lock:
            self._ending, running = True, list(self._running)
        try:
            for child in running:
                _signal(child, signal.SIGTERM)
            for child in running:
                self.release(child)
            yield
        finally:
            self._ending = False


_children = _Children()
