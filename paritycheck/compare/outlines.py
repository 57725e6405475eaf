"""Values that no environment knows before apply, by what the configuration writes of them.

The plan names only what such a value refers to, so a widened policy with the ARN of a new queue in it would look the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paritycheck.compare.align import Aligner, IsSet
from paritycheck.compare.difference import Difference
from paritycheck.compare.entities import OUTPUT, Entity
from paritycheck.compare.families import Families
from paritycheck.compare.identity import Providence
from paritycheck.compare.marks import below
from paritycheck.compare.paths import Steps, look_up, render
from paritycheck.compare.residue import classify, differing_paths
from paritycheck.compare.secrecy import entity_marks
from paritycheck.compare.topology import describe_entity
from paritycheck.compare.verdict import Presenter, decide
from paritycheck.findings import Special
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan

if TYPE_CHECKING:
    from paritycheck.source import Sources


class OutlineComparison:
    """Compares the outlines of unknown values, one object at a time."""

    def __init__(
        self,
        plans: Sequence[Plan],
        sources: Mapping[str, Sources],
        vocabulary: Vocabulary,
        is_set: IsSet,
        *,
        providence: Providence,
        families: Families,
    ) -> None:
        """Take the sources by environment, which must be those of all plans, and what `ValueComparison` takes."""
        self._plans = plans
        self._sources = [sources[plan.environment] for plan in plans if plan.environment in sources]
        self._vocabulary = vocabulary
        self._is_set = is_set
        self._providence = providence
        self._families = families
        self._presenter = Presenter(vocabulary)

    def compare(self, entity: Entity) -> Iterator[Difference]:
        """Yield the differences that are written into values of an object that no environment knows."""
        members = entity.present
        unknown = all(b"true" in bytes(member.change.after_unknown) for member in members)
        if not unknown or not len(members) == len(self._plans) == len(self._sources):
            return
        aligner = Aligner(self._vocabulary, self._is_set, entity.first.type)
        for steps in self._unknown_paths(entity):
            outlines = [self._outline(number, entity, steps) for number in range(len(self._plans))]
            if any(each != self._vocabulary.unknown for each in outlines):
                yield from self._compare(entity, steps, aligner.align(outlines, steps))

    def _compare(self, entity: Entity, steps: Steps, aligned: Sequence[Any]) -> Iterator[Difference]:
        for _, *deeper in differing_paths([{"": value} for value in aligned]):
            values = [look_up(value, tuple(deeper), self._vocabulary.absent) for value in aligned]
            path = (*steps, *deeper)
            if found := decide(values, self._vocabulary, self._families.named(entity)):
                message = f"{found[1]}, in a value that is known only after apply"
                shown = list(self._hide(self._presenter.present(values), entity, path).values())
                yield describe_entity(found[0], entity, self._vocabulary, message, shown, path=path, classes=classify(values))

    def _hide(self, values: Mapping[str, Any], entity: Entity, path: Steps) -> Mapping[str, Any]:
        """Show nothing of a value of which any part is sensitive."""
        marks = entity_marks(entity, self._plans)
        for step in path[1:] if entity.first.mode == OUTPUT else path:
            marks = below(marks, step)
        return dict.fromkeys(values, Special.SENSITIVE) if marks else values

    def _outline(self, number: int, entity: Entity, steps: Steps) -> Any:
        from paritycheck.source import HOLE

        member = entity.members[number]
        path = render(steps[1:] if entity.first.mode == OUTPUT else steps)
        found = self._sources[number].outline(member.address if member else "", path)
        return _fill(found, HOLE, self._vocabulary.unknown)

    def _unknown_paths(self, entity: Entity) -> Iterator[Steps]:
        """Yield where a value is unknown everywhere that is not the provider's alone; blocks may be dynamic, which no plan tells."""
        shapes = [plan.decode(member.change.after_unknown) for plan, member in zip(self._plans, entity.members, strict=True) if member]
        if entity.first.mode == OUTPUT:
            shapes = [{"value": shape} for shape in shapes]
        for steps in self._walk(entity.first.type, shapes, ()):
            if len(steps) > 1 or entity.first.mode == OUTPUT or self._providence.configures(entity, str(steps[0])):
                yield steps

    def _walk(self, type_name: str, shapes: Sequence[Any], steps: Steps) -> Iterator[Steps]:
        """Yield where all shapes say unknown; not within sets, whose members stand in another order in the source."""
        first = shapes[0]
        if all(shape is True for shape in shapes):
            yield steps
        elif all(isinstance(shape, dict) for shape in shapes):
            for key in first:
                if all(key in shape for shape in shapes):
                    yield from self._walk(type_name, [shape[key] for shape in shapes], (*steps, key))
        elif all(isinstance(shape, list) for shape in shapes) and not self._is_set(type_name, steps):
            for index in range(min(map(len, shapes))):
                items = [shape[index] for shape in shapes]
                if all(isinstance(item, dict) for item in items):
                    yield from self._walk(type_name, items, (*steps, index))


def _fill(value: Any, hole: str, unknown: str) -> Any:
    if isinstance(value, dict):
        return {key: _fill(part, hole, unknown) for key, part in value.items()}
    if isinstance(value, list):
        return [_fill(part, hole, unknown) for part in value]
    return unknown if value == hole else value
