"""Archives that this process has written: the environments of one run archive the same files."""

from __future__ import annotations

import shutil
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from paritycheck.provider.companions.archives import Entry, appearing, write_archive
from paritycheck.provider.companions.digests import digest

_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Written:
    """An archive that was written, and what there is to know of it."""

    path: Path
    state: Hashable
    """What tells whether the file is still what was written; see `_state`."""
    size: int
    digests: Mapping[str, str]
    """See `digest`."""


class Shelf:
    """Writes each archive once, and copies it where the same files are to be archived again."""

    def __init__(self) -> None:
        self._written: dict[Hashable, Written] = {}
        self._lock = Lock()

    def write(self, kind: str, entries: Sequence[Entry], output: Path, mode: int | None) -> Written:
        """Write an archive as `write_archive` does. Threads write one after the other: copying takes less than writing at once."""
        contents = (kind, mode, *((entry.name, _state(entry.source)) for entry in entries))
        with self._lock:
            known = self._written.get(contents)
            if known and _state(known.path) == known.state:
                with known.path.open("rb") as source, appearing(output) as copy:
                    shutil.copyfileobj(source, copy)
                return known
            write_archive(kind, entries, output, mode)
            self._written[contents] = written = _describe(output)
            return written


def _state(source: Path | bytes) -> Hashable:
    """Return what changes whenever a file's content does, or the content; nothing where there is no file."""
    if isinstance(source, bytes):
        return source
    try:
        found = source.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns


def _describe(path: Path) -> Written:
    with path.open("rb") as file:
        digests = digest(iter(lambda: file.read(_CHUNK), b""))
    return Written(path, _state(path), path.stat().st_size, digests)
