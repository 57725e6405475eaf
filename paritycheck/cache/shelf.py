"""Small JSON documents under names that tell nothing. Whatever is wrong with one, it simply is not there."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from paritycheck.cache.place import KEY, open_place

ALTERNATIVES = 8
"""Documents whose names differ only behind their hyphen."""
ENTRIES = 256
SIZE = 128 << 20
"""Bytes of all documents together."""
LARGEST = 32 << 20
"""Bytes of one document."""
_ABANDONED = 3600
"""Seconds after which a draft is nobody's any more."""
_MAC = 64


def open_shelf(environ: Mapping[str, str] = os.environ) -> Shelf | None:
    """Return the user's shelf, or `None` where there is no private place for it."""
    place = open_place(environ)
    return Shelf(*place) if place else None


class Shelf:
    """A private directory of documents, each signed, so that one that is not whole or not ours is never believed."""

    def __init__(self, directory: Path, key: bytes) -> None:
        """Use a directory, and a key for signatures and names."""
        self.directory = directory
        self.key = key

    def name(self, *facts: object) -> str:
        """Return the name that stands for facts, 32 hex digits."""
        return self._mac(ascii(facts).encode())[:32].decode()

    def alternatives(self, name: str) -> list[str]:
        """Return the names of the documents ``NAME-...``, the one that was used last first."""
        with contextlib.suppress(OSError):
            found = [(path.stat().st_mtime_ns, path.name) for path in self.directory.glob(f"{name}-*")]
            return [found_name for _, found_name in sorted(found, reverse=True)][:ALTERNATIVES]
        return []

    def get(self, name: str) -> Any:
        """Return a document, or `None` where there is none."""
        path = self.directory / name
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
                data = stream.read(LARGEST + _MAC + 1)
            mac, body = data[:_MAC], data[_MAC:]
            return json.loads(body) if hmac.compare_digest(mac, self._mac(body)) else None
        except (OSError, ValueError, RecursionError):
            return None

    def put(self, name: str, document: Any) -> bool:
        """Write a document at once: it is whole, or not there. Return whether there was room for it."""
        body = json.dumps(document, separators=(",", ":")).encode("ascii")
        draft = self.directory / f".{name}.{os.urandom(8).hex()}"
        try:
            if len(body) > LARGEST:
                return False
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                    stream.write(self._mac(body) + body)
                draft.replace(self.directory / name)
            finally:
                draft.unlink(missing_ok=True)
            self._prune()
        except OSError:
            return False
        return True

    def touch(self, name: str) -> None:
        """Say that a document was of use."""
        with contextlib.suppress(OSError):
            os.utime(self.directory / name)

    def _prune(self) -> None:
        """Remove what has not been used for longest where there is too much, and drafts that were left."""
        now, room, counts = time.time(), SIZE, {"": ENTRIES}
        for facts, path in sorted(self._files(), key=lambda each: each[0].st_mtime, reverse=True):
            if path.name.startswith("."):
                over = now - facts.st_mtime > _ABANDONED
            else:
                name = path.name.partition("-")[0]
                counts[""] -= 1
                counts[name] = counts.get(name, ALTERNATIVES) - 1
                room -= facts.st_size
                over = min(counts[""], counts[name], room) < 0
            if over:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _files(self) -> Iterator[tuple[os.stat_result, Path]]:
        for path in self.directory.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.name != KEY:
                    yield path.lstat(), path

    def _mac(self, data: bytes) -> bytes:
        return hmac.digest(self.key, data, "sha256").hex().encode()
