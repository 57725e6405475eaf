"""A resource's configuration as a check gets it: it notices which unknown values the check gets hold of.

NOTE: What a check learns of a container without taking anything out of it, such as the names of its keys, is known; iterating over
a mapping therefore counts for nothing, and whatever is done with a value that came of it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

import dpath

import paritycheck_checks
from paritycheck_checks import Unknown


class Observed(Enum):
    """What a check did with unknown values since `forget`."""

    NOTHING = 0
    """It got hold of none."""
    ACKNOWLEDGED = 1
    """It asked about every one that it got hold of."""
    TAKEN = 2
    """It took one for a known value."""


def forget() -> None:
    """Begin anew, for another check or another resource."""
    paritycheck_checks._seen.clear()  # noqa: SLF001 -- the same package
    paritycheck_checks._acknowledged.clear()  # noqa: SLF001


def observed() -> Observed:
    """Tell what was done since `forget`."""
    seen, acknowledged = paritycheck_checks._seen, paritycheck_checks._acknowledged  # noqa: SLF001
    if seen - acknowledged:
        return Observed.TAKEN
    return Observed.ACKNOWLEDGED if seen else Observed.NOTHING


def observing(value: Any) -> Any:
    """Return a copy of a value whose mappings and lists notice what is taken out of them."""
    if isinstance(value, dict):
        return ObservingDict({key: observing(item) for key, item in value.items()})
    if isinstance(value, list):
        return ObservingList([observing(item) for item in value])
    return value


class ObservingDict(dict[str, Any]):
    """Notices unknown values that are asked for by their key, even if only for whether they are there."""

    def __getitem__(self, key: str) -> Any:
        return _noticed(super().__getitem__(key))

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) and _noticed(super().__getitem__(key)) is not _ABSENT  # type: ignore[index]

    def get(self, key: str, default: Any = None) -> Any:
        """See `dict.get`."""
        return _noticed(super().get(key, default))

    def pop(self, key: str, *default: Any) -> Any:
        """See `dict.pop`."""
        return _noticed(super().pop(key, *default))

    def setdefault(self, key: str, default: Any = None) -> Any:
        """See `dict.setdefault`."""
        return _noticed(super().setdefault(key, default))


class ObservingList(list[Any]):
    """Notices unknown items, whatever is done with the list."""

    def __getitem__(self, index: Any) -> Any:
        return _noticed(super().__getitem__(index))

    def __iter__(self) -> Iterator[Any]:
        _noticed(self)
        return super().__iter__()

    def __len__(self) -> int:
        _noticed(self)
        return super().__len__()

    def __contains__(self, item: object) -> bool:
        _noticed(self)
        return super().__contains__(item)

    def __eq__(self, other: object) -> bool:
        _noticed(self)
        return super().__eq__(other)

    __hash__ = None  # as a list


_ABSENT = object()
_INDEX = re.compile(r"\[?\d+\]?")


def observe_searches() -> None:
    """Let a search by a path, as most of checkov's own checks make it, count for what the path leads to, not for all that it passes."""
    dpath.search = _selective(dpath.search)
    dpath.get = _selective(dpath.get)


def _selective(function: Callable[..., Any]) -> Callable[..., Any]:
    def search(container: Any, glob: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(container, ObservingDict):
            return function(container, glob, *args, **options)
        before = set(paritycheck_checks._seen)  # noqa: SLF001
        try:
            found = function(container, glob, *args, **options)
            return iter(list(found)) if isinstance(found, Iterator) else found
        finally:
            paritycheck_checks._seen.intersection_update(before)  # noqa: SLF001
            asked = [part for part in (glob.split("/") if isinstance(glob, str) else map(str, glob)) if not _INDEX.fullmatch(part)]
            for path, unknown in _paths(container, ()):
                if _leads_to(asked, path):
                    paritycheck_checks._see(unknown)  # noqa: SLF001

    return search


def _paths(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Unknown]]:
    if isinstance(value, Unknown):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    elif isinstance(value, list):
        for item in list.__iter__(value):
            yield from _paths(item, path)


def _leads_to(asked: list[str], path: tuple[str, ...]) -> bool:
    """Return whether a glob asks for a value, something in it or something around it."""
    if "**" in asked:
        return fnmatchcase(path[-1], asked[-1])
    return all(fnmatchcase(name, pattern) for name, pattern in zip(path, asked, strict=False))


def _noticed(value: Any) -> Any:
    """Note the value if it is unknown, or a list of which an item is."""
    items = list.__iter__(value) if isinstance(value, list) else (value,)
    for item in items:
        if isinstance(item, Unknown):
            paritycheck_checks._see(item)  # noqa: SLF001
    return value
