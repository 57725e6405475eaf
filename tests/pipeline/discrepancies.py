"""What may be wrong with a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that the ledger and the books disagree about."""

    name: str
    what: str

    def __str__(self) -> str:
        """Tell it on a line."""
        return f"{self.name}: {self.what}"


def compare_sets(name: str, expected: Iterable[Hashable], actual: Iterable[Hashable]) -> Iterator[Discrepancy]:
    """Yield what of the expected is missing, what is there more than once, and what should not be there at all.

    What is expected twice has to be there twice.
    """
    wanted, there = Counter(iter(expected)), Counter(iter(actual))
    for thing, count in wanted.items():
        if there[thing] < count:
            yield Discrepancy(f"{name}-missing", _tell(thing, there[thing], count))
        elif there[thing] > count:
            yield Discrepancy(f"{name}-twice", _tell(thing, there[thing], count))
    for thing, count in there.items():
        if thing not in wanted:
            yield Discrepancy(f"{name}-unexpected", _tell(thing, count, 0))


def compare_values(name: str, whose: str, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[Discrepancy]:
    """Yield the expected values that are others, or none."""
    for key, value in expected.items():
        if actual.get(key) != value:
            yield Discrepancy(f"{name}-differs", f"{whose} has {key} {actual.get(key)!r} instead of {value!r}")


def _tell(thing: Hashable, there: int, wanted: int) -> str:
    text = " / ".join(map(str, thing)) if isinstance(thing, tuple) else str(thing)
    return text if (there, wanted) in {(0, 1), (1, 0)} else f"{text} ({there} instead of {wanted})"
