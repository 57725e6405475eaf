"""Paths inside a value: steps, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Steps = tuple[str | int, ...]
"""Attribute names, map keys and list indexes, from the top of a resource."""

_SIMPLE = re.compile(r"[^\s.\[\]\"]+")
_ESCAPED = re.compile(r'["\\]')


def render(steps: Iterable[str | int]) -> str:
    """Write a path as `ingress[0].cidr_blocks[1]`; a key that holds dots, brackets or blanks is quoted in brackets, as in HCL."""
    parts = []
    for step in steps:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _SIMPLE.fullmatch(step):
            parts.append(f".{step}")
        else:
            parts.append('["{}"]'.format(_ESCAPED.sub(r"\\\g<0>", step)))
    return "".join(parts).removeprefix(".")


def look_up(value: Any, steps: Steps, absent: Any) -> Any:
    """Return what lies at a path, or `absent`."""
    for step in steps:
        if not isinstance(value, list if isinstance(step, int) else dict):
            return absent
        try:
            value = value[step]  # type: ignore[index]  # a list is asked for a number, a dict for a name
        except LookupError:
            return absent
    return value


def topmost(paths: Iterable[Steps]) -> list[Steps]:
    """Return the paths that lie below no other one, in a stable order."""
    kept: set[Steps] = set()
    for steps in sorted(paths, key=lambda steps: (len(steps), str(steps))):
        if not any(steps[:length] in kept for length in range(len(steps) + 1)):
            kept.add(steps)
    return sorted(kept, key=lambda steps: [(isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in steps])
