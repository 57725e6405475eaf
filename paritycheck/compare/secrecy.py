"""Which values of the plans are sensitive: the union of the marks of all environments counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from paritycheck.compare.entities import Entity
from paritycheck.compare.marks import Marks, marked_parts, merge_marks
from paritycheck.plan import Plan


def entity_marks(entity: Entity, plans: Sequence[Plan]) -> Marks:
    """Return the marks of an object's values in any environment, planned or prior."""
    return merge_marks(
        plan.decode(raw)
        for plan, member in zip(plans, entity.members, strict=True)
        for raw in ((member.change.after_sensitive, member.change.before_sensitive) if member else ())
        if b"true" in bytes(raw)
    )


def secrets(plans: Sequence[Plan], entities: Iterable[Entity]) -> Iterator[Any]:
    """Yield every sensitive value of all plans, in any shape."""
    names = frozenset().union(*(plan.configuration.sensitive_variables() for plan in plans))
    for plan in plans:
        yield from (value for name, value in plan.variables.items() if name in names)
        for resource in plan.resources.values():
            if resource.change.action in {"delete", "forget"}:
                yield from _values(plan, resource.change, merge_marks([plan.decode(resource.change.before_sensitive)]))
    for entity in entities:
        marks = entity_marks(entity, plans)
        if marks:
            for plan, member in zip(plans, entity.members, strict=True):
                if member is not None:
                    yield from _values(plan, member.change, marks)


def _values(plan: Plan, change: Any, marks: Marks) -> Iterator[Any]:
    if marks:
        yield from marked_parts(plan.decode(change.before), marks)
        yield from marked_parts(plan.decode(change.after), marks)
