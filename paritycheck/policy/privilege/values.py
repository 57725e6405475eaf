"""JSON data of plans: steps down into it, and what in it is unknown."""

from __future__ import annotations

from typing import Any

from paritycheck.findings import Special
from paritycheck.source import HOLE

UNKNOWN = Special.UNKNOWN


def hide(known: Any, unknown: Any, marks: Any) -> tuple[Any, Any]:
    """Put `UNKNOWN` for what is sensitive: nothing that is told of a policy may repeat it."""
    if marks is True:
        return UNKNOWN, False
    if isinstance(marks, dict) and isinstance(known, dict):
        parts = {name: hide(known.get(name), step_down(unknown, name), mark) for name, mark in marks.items() if mark}
        whole = unknown if isinstance(unknown, dict) else {}
        return {**known, **{name: part[0] for name, part in parts.items()}}, {**whole, **{name: part[1] for name, part in parts.items()}}
    if isinstance(marks, list) and isinstance(known, list):
        pairs = [hide(part, step_down(unknown, number), step_down(marks, number)) for number, part in enumerate(known)]
        return [part for part, _ in pairs], [part for _, part in pairs]
    return known, unknown


def step_down(value: Any, step: Any) -> Any:
    """Go one step down; what is not there is nothing."""
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int):
        return value[step] if step < len(value) else None
    return value if value is True else None


def render_path(path: tuple[Any, ...]) -> str:
    """Write a path as plans' readers do: `a[0].b`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def open_holes(value: Any) -> Any:
    """Put `UNKNOWN` for what an outline leaves open."""
    if isinstance(value, dict):
        return {key: open_holes(part) for key, part in value.items()}
    if isinstance(value, list):
        return [open_holes(part) for part in value]
    return UNKNOWN if isinstance(value, str) and HOLE in value else value


def close_holes(value: Any) -> Any:
    """Put an outline's hole for what is `UNKNOWN`."""
    if isinstance(value, dict):
        return {key: close_holes(part) for key, part in value.items()}
    if isinstance(value, list):
        return [close_holes(part) for part in value]
    return HOLE if value is UNKNOWN else value
