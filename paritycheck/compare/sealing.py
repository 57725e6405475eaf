"""The values of one object as they are compared: unknown parts and secrets are signs, which no report can take for a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paritycheck.compare.entities import OUTPUT, Entity
from paritycheck.compare.marks import Marks, below, overlay
from paritycheck.compare.secrecy import entity_marks
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan


def decode(entity: Entity, plans: Sequence[Plan], vocabulary: Vocabulary) -> list[Any]:
    """Return an object's planned value in every environment; the sign of absence where it does not exist."""
    values: list[Any] = []
    for plan, member in zip(plans, entity.members, strict=True):
        if member is None:
            values.append(vocabulary.absent)
            continue
        value = overlay(plan.decode(member.change.after), plan.decode(member.change.after_unknown), vocabulary.unknown)
        values.append({"value": value} if member.mode == OUTPUT else value)
    return values


def marks_of(entity: Entity, plans: Sequence[Plan]) -> Marks:
    """Return which parts of a decoded value are sensitive."""
    marks = entity_marks(entity, plans)
    return {"value": marks} if entity.first.mode == OUTPUT else marks


def seal(value: Any, marks: Marks, vocabulary: Vocabulary) -> Any:
    """Put a text that starts with the sign of secrets in place of every sensitive value: comparable, and never shown.

    A null hides nothing, and is the same as what is left out.
    """
    if not marks or value is None or value in (vocabulary.unknown, vocabulary.absent):
        return value
    if marks is True:
        return vocabulary.secret + _freeze(value)
    if isinstance(value, dict):
        return {key: seal(part, below(marks, key), vocabulary) for key, part in value.items()}
    if isinstance(value, list):
        return [seal(part, below(marks, number), vocabulary) for number, part in enumerate(value)]
    return value


def _freeze(value: Any) -> str:
    """Return a text that is the same for equal values alone."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{key!r}:{_freeze(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_freeze, value))}]"
    return repr(value) if not isinstance(value, int) else hex(value)
