"""Verdicts: a report, and the digests of all that it came from."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from paritycheck.cache import codec
from paritycheck.cache.digests import Digester
from paritycheck.cache.inputs import Input, NotKept, Program, Source, distinct
from paritycheck.cache.question import Question
from paritycheck.cache.shelf import Shelf
from paritycheck.findings import Report

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict of an earlier run."""

    report: Report
    made: datetime
    """When the run ended, in local time."""


class Store:
    """What is kept for one question, from when it is asked."""

    def __init__(self, shelf: Shelf, question: Question) -> None:
        """Keep verdicts on a shelf."""
        self._shelf = shelf
        self._name = shelf.name("verdict", _FORMAT, astuple(question))
        self._asked = time.time_ns()

    def find(self) -> Kept | None:
        """Return a verdict from whose making nothing has changed."""
        quick, thorough = Digester(self._shelf.key, quick=True), Digester(self._shelf.key)
        for name in self._shelf.alternatives(self._name):
            with contextlib.suppress(OSError, ValueError, LookupError, TypeError, NotKept):
                document = self._shelf.get(name)
                inputs = [(_source(source), digest, glance) for source, digest, glance in document["inputs"]]
                touched = [(source, digest) for source, digest, glance in inputs if quick.digest(source) != glance]
                if all(thorough.digest(source) == digest for source, digest in touched):
                    if touched and quick.newest < self._asked:
                        document["inputs"] = [(_document(source), digest, quick.digest(source)) for source, digest, _ in inputs]
                        self._shelf.put(name, document)
                    self._shelf.touch(name)
                    return Kept(codec.decode(document["report"]), datetime.fromtimestamp(document["made"]).astimezone())
        return None

    def keep(self, sources: Iterable[Source], report: Report) -> None:
        """Keep the report of a run that began after this store was opened.

        Raises `NotKept` where that is not possible, or where something has changed since then: it cannot be told which state of
        it was read.
        """
        quick, thorough = Digester(self._shelf.key, quick=True), Digester(self._shelf.key)
        try:
            found = [(source, thorough.digest(source), quick.digest(source)) for source in distinct(sources)]
        except OSError as error:
            raise NotKept(f"{error.filename} cannot be read: {error.strerror}") from error
        newest = max(quick, thorough, key=lambda digester: digester.newest)
        if newest.newest >= self._asked:
            raise NotKept(f"{newest.newest_path} was changed while the run was being made, or right before")
        inputs = [(_document(source), digest, glance) for source, digest, glance in found]
        name = f"{self._name}-{self._shelf.name([(source, digest) for source, digest, _ in found])[:16]}"
        if not self._shelf.put(name, {"made": time.time(), "inputs": inputs, "report": codec.encode(report)}):
            raise NotKept(f"there is no room in {self._shelf.directory}")


def _document(source: Source) -> list[Any]:
    return [source.name] if isinstance(source, Program) else [source.path, source.endings, source.deep, source.contents, source.skipped]


def _source(document: list[Any]) -> Source:
    if len(document) == 1:
        return Program(*document)
    path, endings, deep, contents, skipped = document
    return Input(path, tuple(endings), deep, contents, tuple(skipped))
