"""Private directories that are gone afterwards, however the process ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from paritycheck.process.children import interruptible
from paritycheck.process.guard import guard

PREFIX = "paritycheck-"


@contextlib.contextmanager
def private_directory() -> Iterator[Path]:
    """Give a new directory that only the user can enter (0700), and remove it at the end.

    It is removed too after an error, Ctrl-C, SIGTERM and, by the watchdog, SIGKILL. What a crash of the whole machine left is
    removed by the next run: a living owner holds a lock on the directory.
    """
    sweep()
    with interruptible():
        directory, lock = _create()
        try:
            guard.add("directory", str(directory))
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)
            guard.discard("directory", str(directory))
            os.close(lock)


def sweep() -> None:
    """Remove this user's private directories that no living process owns."""
    for entry in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if entry.lstat().st_uid == os.getuid() and (lock := _lock(entry)) is not None:
                shutil.rmtree(entry, ignore_errors=True)
                os.close(lock)


def _create() -> tuple[Path, int]:
    """Create a directory and lock it; a sweeper of another process may have been faster, so try until it holds."""
    while True:
        directory = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        with contextlib.suppress(OSError):
            if (lock := _lock(directory)) is not None:
                if directory.exists():
                    return directory, lock
                os.close(lock)


def _lock(directory: Path) -> int | None:
    """Return a descriptor that holds the directory's lock, or ``None`` where another process holds it."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
