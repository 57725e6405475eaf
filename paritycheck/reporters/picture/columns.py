"""How a row of things is cut into columns, in order, so that the highest column is as low as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

_STEPS = 40
"""Halvings, after which a height is found to less than a pixel."""


@dataclass(frozen=True, slots=True)
class Column:
    """Things that stand below each other, from `start` to before `end`; or one that is spread over several columns."""

    start: int
    end: int
    span: int = 1


def arrange(heights: Sequence[float], columns: int, enough: float) -> list[Column]:
    """Cut things into so many columns at most; one that is much higher than the others, and than `enough`, is spread over several."""
    limit = _least(lambda limit: sum(column.span for column in _cut(heights, limit, enough)) <= columns, 0, enough + sum(heights))
    return _cut(heights, limit, enough)


def split(heights: Sequence[float], columns: int) -> list[Column]:
    """Cut things into so many columns at most, none of them spread."""
    highest = max(heights, default=0)
    limit = _least(lambda limit: len(_cut(heights, limit)) <= columns, highest, sum(heights) + 1)
    return _cut(heights, limit)


def _least(fits: Callable[[float], bool], low: float, high: float) -> float:
    """Return about the least limit that fits, which the higher one must."""
    if fits(low):
        return low
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _cut(heights: Sequence[float], limit: float, enough: float = float("inf")) -> list[Column]:
    """Fill columns up to a limit; what passes it stands alone, in columns that are at least `enough` high."""
    found: list[Column] = []
    room = 0.0
    for number, height in enumerate(heights):
        if height > limit:
            found.append(Column(number, number + 1, ceil(height / max(limit, enough))))
            room = 0.0
        elif height <= room:
            found[-1] = Column(found[-1].start, number + 1)
            room -= height
        else:
            found.append(Column(number, number + 1))
            room = limit - height
    return found
