"""Entries: a report, and the digests of all that it came from. Whatever is wrong with one, there simply is none."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from paritycheck.cache import codec
from paritycheck.cache.inputs import Digester, Input, NotKept, Program, Source, distinct
from paritycheck.cache.place import KEY, open_place
from paritycheck.cache.question import Question
from paritycheck.findings import Report

FORMAT = 1
ALTERNATIVES = 8
"""Entries for one question: branches that are switched between, and what is staged beside what is not."""
ENTRIES = 256
SIZE = 128 << 20
"""Bytes of all entries together."""
LARGEST = 32 << 20
"""Bytes of one entry."""
_ABANDONED = 3600
"""Seconds after which a draft is nobody's any more."""
_MAC = 64


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict of an earlier run."""

    report: Report
    made: datetime
    """When the run ended, in local time."""


def open_store(question: Question, environ: Mapping[str, str] = os.environ) -> Store | None:
    """Return the store for a question, or `None` where nothing can be kept."""
    place = open_place(environ)
    return Store(*place, question) if place else None


class Store:
    """What is kept for one question, from when it is asked."""

    def __init__(self, directory: Path, key: bytes, question: Question) -> None:
        """Use a private directory; `key` is for digests."""
        self._directory = directory
        self._key = key
        self._name = self._mac(ascii(astuple(question)).encode())[:32]
        self._asked = time.time_ns()

    def find(self) -> Kept | None:
        """Return a verdict from whose making nothing has changed."""
        digester = Digester(self._key)
        for path in self._entries():
            with contextlib.suppress(OSError, ValueError, NotKept):
                if kept := self._read(path, digester):
                    os.utime(path)
                    return kept
        return None

    def keep(self, sources: Iterable[Source], report: Report) -> None:
        """Keep the report of a run that began after this store was opened.

        Raises `NotKept` where that is not possible, or where something has changed since then: it cannot be told which state of
        it was read.
        """
        digester = Digester(self._key)
        try:
            inputs = [[_write(source), digester.digest(source)] for source in distinct(sources)]
        except OSError as error:
            raise NotKept(f"{error.filename} cannot be read: {error.strerror}") from error
        if digester.newest >= self._asked:
            raise NotKept(f"{digester.newest_path} was changed while the run was being made, or right before")
        body = codec.write({"format": FORMAT, "made": time.time(), "inputs": inputs, "report": codec.encode(report)})
        if len(body) > LARGEST:
            raise NotKept(f"the report takes more than {LARGEST >> 20} MiB")
        name = f"{self._name}-{self._mac(ascii(inputs).encode())[:16]}"
        try:
            self._place(name, self._mac(body).encode() + body)
            self._prune()
        except OSError as error:
            raise NotKept(f"{self._directory} cannot be written: {error.strerror}") from error

    def _entries(self) -> list[Path]:
        """Return the entries for the question, the one that was used last first."""
        with contextlib.suppress(OSError):
            found = [(path.stat().st_mtime_ns, path) for path in self._directory.glob(f"{self._name}-*")]
            return [path for _, path in sorted(found, reverse=True)][:ALTERNATIVES]
        return []

    def _read(self, path: Path, digester: Digester) -> Kept | None:
        """Return what an entry holds, if it still holds. Raises `ValueError` for what is no entry of ours."""
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
            data = stream.read(LARGEST + _MAC + 1)
        mac, body = data[:_MAC], data[_MAC:]
        if not hmac.compare_digest(mac, self._mac(body).encode()):
            raise ValueError("not written by us, or not whole")
        entry = codec.read(body)
        if any(digester.digest(_source(source)) != digest for source, digest in entry["inputs"]):
            return None
        return Kept(codec.decode(entry["report"]), datetime.fromtimestamp(entry["made"]).astimezone())

    def _place(self, name: str, data: bytes) -> None:
        """Write an entry at once: it is whole, or not there."""
        draft = self._directory / f".{name}.{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(data)
            draft.replace(self._directory / name)
        finally:
            draft.unlink(missing_ok=True)

    def _prune(self) -> None:
        """Remove what has not been used for longest where there is too much, and drafts that were left."""
        now, room, counts = time.time(), SIZE, {"": ENTRIES}
        for facts, path in sorted(self._files(), key=lambda each: each[0].st_mtime, reverse=True):
            if path.name.startswith("."):
                over = now - facts.st_mtime > _ABANDONED
            else:
                question = path.name.partition("-")[0]
                counts[""] -= 1
                counts[question] = counts.get(question, ALTERNATIVES) - 1
                room -= facts.st_size
                over = min(counts[""], counts[question], room) < 0
            if over:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[os.stat_result, Path]]:
        for path in self._directory.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.name != KEY:
                    yield path.lstat(), path

    def _mac(self, data: bytes) -> str:
        return hmac.digest(self._key, data, "sha256").hex()


def _write(source: Source) -> list[Any]:
    return [source.name] if isinstance(source, Program) else [source.path, source.endings, source.deep, source.contents, source.skipped]


def _source(data: list[Any]) -> Source:
    if len(data) == 1:
        return Program(*data)
    path, endings, deep, contents, skipped = data
    return Input(path, tuple(endings), deep, contents, tuple(skipped))
