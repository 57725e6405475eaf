"""Event filters of Lambda's event source mappings; moto has the patterns, but no mapping of its own that asks them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.events.models import EventPattern

OPERATORS = {"anything-but", "equals-ignore-case", "exists", "numeric", "prefix", "suffix"}


def passes(record: Mapping[str, Any], patterns: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a record matches one of the patterns, or there are none."""
    return not patterns or any(EventPattern(None, dict(pattern)).matches_event(record) for pattern in patterns)  # type: ignore[arg-type]


def find_problems(pattern: Any, path: str = "$") -> Iterator[str]:
    """Say what of a pattern Lambda would refuse: everything but objects, lists that are not empty, and known operators."""
    match pattern:
        case dict() if pattern:
            for name, part in pattern.items():
                if name != "$or":
                    yield from find_problems(part, f"{path}.{name}")
        case list() if pattern:
            for part in pattern:
                if isinstance(part, dict) and (len(part) != 1 or not OPERATORS.issuperset(part)):
                    yield f"{path}: {json.dumps(part)} is no comparison"
        case _:
            yield f"{path}: {json.dumps(pattern)} is neither an object nor a list that holds something"
