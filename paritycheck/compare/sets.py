"""Members of sets, side by side: equal ones first by content, then by likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

Rows = list[list[Any]]
"""One row a member, with one value an environment."""

_LIMIT = 40
"""Rows among which the most alike is looked for: with all of them, the price were quadratic."""


def arrange(sets: Sequence[list[Any]], content: Callable[[int, Any], str], absent: Any) -> Rows:
    """Arrange the members of one set an environment in rows; the order of the first environment leads."""
    rows: Rows = []
    contents: list[str] = []
    for number, members in enumerate(sets):
        free: dict[str, list[int]] = defaultdict(list)
        for row in reversed(range(len(rows))):
            free[contents[row]].append(row)
        strangers: list[tuple[Any, str]] = []
        for member in members:
            text = content(number, member)
            if free[text]:
                rows[free[text].pop()][number] = member
            else:
                strangers.append((member, text))
        open_rows = sorted(row for found in free.values() for row in found)
        for member, text in strangers:
            row = _most_alike(member, open_rows, [_representative(rows[row], absent) for row in open_rows[:_LIMIT]])
            if row < 0:
                row = len(rows)
                rows.append([absent] * len(sets))
                contents.append(text)
            else:
                open_rows.remove(row)
            rows[row][number] = member
    return rows


def _most_alike(member: Any, open_rows: Sequence[int], representatives: Sequence[Any]) -> int:
    """Return the row whose member shares most with this one, of the same shape; -1 where there is none."""
    candidates = [(row, other) for row, other in zip(open_rows, representatives, strict=False) if type(other) is type(member)]
    return max(candidates, key=lambda pair: _likeness(member, pair[1]), default=(-1, None))[0]


def _representative(row: Sequence[Any], absent: Any) -> Any:
    return next(value for value in row if value != absent)


def _likeness(one: Any, other: Any) -> int:
    if not isinstance(one, dict):
        return 0
    return sum(one[key] == other[key] for key in one.keys() & other.keys())
