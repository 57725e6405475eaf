"""Which parts of a value are sensitive or unknown: Terraform marks both by a shape beside the value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

ITEMS = 0
"""Key of the marks that all items of a list share: items change their places, and caution costs little."""

Marks = bool | Mapping[str | int, Any]
"""`True` for a whole value, else the marks of its parts by key."""


def merge_marks(shapes: Iterable[Any]) -> Marks:
    """Unite the marks of all environments, and those of all items of a list."""
    parts: dict[str | int, list[Any]] = {}
    for shape in shapes:
        if shape is True:
            return True
        if isinstance(shape, dict):
            for key, part in shape.items():
                parts.setdefault(key, []).append(part)
        elif isinstance(shape, list):
            parts.setdefault(ITEMS, []).extend(shape)
    merged = {key: merge_marks(found) for key, found in parts.items()}
    return {key: marks for key, marks in merged.items() if marks}


def below(marks: Marks, key: str | int) -> Marks:
    """Return the marks of a part of a value."""
    if isinstance(marks, bool):
        return marks
    found: Marks = marks.get(ITEMS if isinstance(key, int) else key, False)
    return found


def marked_parts(value: Any, marks: Marks) -> Iterator[Any]:
    """Yield the parts of a value that are sensitive."""
    if marks is True:
        yield value
    elif marks and isinstance(value, dict):
        for key, part in value.items():
            yield from marked_parts(part, below(marks, key))
    elif marks and isinstance(value, list):
        for number, part in enumerate(value):
            yield from marked_parts(part, below(marks, number))


def overlay(value: Any, unknown: Any, sign: str) -> Any:
    """Put `sign` into a value wherever the shape says that it is known only after apply.

    Terraform leaves unknown attributes of objects out of the value, and writes `null` for unknown items of lists.
    """
    if unknown is True:
        return sign
    if isinstance(unknown, dict) and (isinstance(value, dict) or _any(unknown)):
        result = dict(value) if isinstance(value, dict) else {}
        for key, part in unknown.items():
            if key in result or _any(part):
                result[key] = overlay(result.get(key), part, sign)
        return result
    if isinstance(unknown, list) and (isinstance(value, list) or _any(unknown)):
        items = value if isinstance(value, list) else [None] * len(unknown)
        return [overlay(item, part, sign) for item, part in zip(items, [*unknown, *[False] * len(items)], strict=False)]
    return value


def _any(shape: Any) -> bool:
    if isinstance(shape, dict):
        return any(map(_any, shape.values()))
    if isinstance(shape, list):
        return any(map(_any, shape))
    return shape is True
