"""Where values differ that are not equal as a whole: the only place that needs `deepdiff`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paritycheck.compare.paths import Steps, topmost


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal; unlike in Python, `true` is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(part, other[key]) for key, part in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def classify(values: Sequence[Any]) -> tuple[int, ...]:
    """Return the same number for equal values, in order of their first appearance."""
    seen: list[Any] = []
    numbers = []
    for value in values:
        number = next((number for number, other in enumerate(seen) if same(value, other)), len(seen))
        if number == len(seen):
            seen.append(value)
        numbers.append(number)
    return tuple(numbers)


def differing_paths(values: Sequence[Any]) -> list[Steps]:
    """Return the topmost paths at which the values are not all equal; items of lists are held against each other by index."""
    first, *others = values
    paths: set[Steps] = set()
    for other in others:
        if not (isinstance(first, dict) and isinstance(other, dict)):
            paths.update(() if same(first, other) else [()])
            continue
        for key in first.keys() | other.keys():
            if key not in first or key not in other:
                paths.add((key,))
            elif not same(first[key], other[key]):
                paths.update((key, *steps) for steps in _deep_paths(first[key], other[key]))
    return topmost(paths)


def _deep_paths(one: Any, other: Any) -> list[Steps]:
    if type(one) is not type(other) or not isinstance(one, dict | list):
        return [()]
    from deepdiff import DeepDiff

    found = DeepDiff(one, other, view="tree", zip_ordered_iterables=True, threshold_to_diff_deeper=0, verbose_level=0)
    return [tuple(level.path(output_format="list")) for levels in found.values() for level in levels]
