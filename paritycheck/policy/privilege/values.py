"""JSON data of plans: steps down into it, and what in it is unknown."""

from __future__ import annotations

from typing import Any

from paritycheck.findings import Special
from paritycheck.source import HOLE

UNKNOWN = Special.UNKNOWN


def conceal(value: Any, marks: Any) -> Any:
    """Put `UNKNOWN` for what marks call sensitive: `True` there, at any depth."""
    if marks is True:
        return UNKNOWN
    if isinstance(marks, dict) and isinstance(value, dict):
        return {name: conceal(part, marks.get(name)) for name, part in value.items()}
    if isinstance(marks, list) and isinstance(value, list):
        return [conceal(part, step_down(marks, number)) for number, part in enumerate(value)]
    return value


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
