"""The private directory of what is kept, and the key of its digests."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from paritycheck.user_cache import user_cache

VARIABLE = "PARITYCHECK_CACHE_DIR"
"""Names another directory."""
KEY = "key"
_KEY_BYTES = 32


def open_place(environ: Mapping[str, str] = os.environ) -> tuple[Path, bytes] | None:
    """Return the directory, made where it is missing, and the key in it; `None` where this user has no such place.

    Nobody else may write to it or read it: a verdict that another one put there would be believed.
    """
    directory = Path(environ.get(VARIABLE) or user_cache(environ) / "verdicts")
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = directory.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
            return None
        if facts.st_mode & 0o077:
            directory.chmod(0o700)
        key = _key(directory / KEY)
    except (OSError, RuntimeError, ValueError):  # NOTE: there may be no home; a path may hold a NUL.
        return None
    return (directory, key) if len(key) == _KEY_BYTES else None


def _key(path: Path) -> bytes:
    """Return the key; of several processes that make it, one wins."""
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(8).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(os.urandom(_KEY_BYTES))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
        return stream.read(_KEY_BYTES + 1)
