"""The values of one object in all environments: equal bytes first, then equal meanings, and last where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paritycheck.compare.align import Aligner, IsSet
from paritycheck.compare.difference import Difference
from paritycheck.compare.entities import OUTPUT, Entity
from paritycheck.compare.families import Families
from paritycheck.compare.identity import Providence
from paritycheck.compare.marks import Marks, below, overlay
from paritycheck.compare.paths import look_up
from paritycheck.compare.residue import classify, differing_paths
from paritycheck.compare.secrecy import entity_marks
from paritycheck.compare.topology import describe_entity
from paritycheck.compare.verdict import Presenter, decide
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan


@dataclass(slots=True)
class Tally:
    """How much was compared."""

    values: int = 0
    normalized: int = 0


class ValueComparison:
    """Compares the values of objects, one object at a time."""

    def __init__(self, plans: Sequence[Plan], vocabulary: Vocabulary, is_set: IsSet, providence: Providence, families: Families) -> None:
        """Take what names environments, the schema's word on what is a set, what providers chose and what keys name by right."""
        self.tally = Tally()
        self._plans = plans
        self._vocabulary = vocabulary
        self._is_set = is_set
        self._presenter = Presenter(vocabulary)
        self._providence = providence
        self._families = families
        self._mark = vocabulary.mark.encode()

    def compare(self, entity: Entity) -> Iterator[Difference]:
        """Yield the differing values of an object that all environments have."""
        texts = [self._normalized(number, entity, "after") for number in range(len(self._plans))]
        self.tally.values += texts[0].count(b'":')
        if texts.count(texts[0]) == len(texts) and self._vocabulary.proves(texts[0]) and self._same_unknowns(entity):
            self.tally.normalized += texts[0].count(self._mark) // 2
            return
        yield from self._compare_exactly(entity)

    def _same_unknowns(self, entity: Entity) -> bool:
        texts = [self._normalized(number, entity, "after_unknown") for number in range(len(self._plans))]
        return texts.count(texts[0]) == len(texts)

    def _normalized(self, number: int, entity: Entity, part: str) -> bytes:
        member = entity.members[number]
        return self._vocabulary.normalizers[number].normalize_bytes(bytes(getattr(member.change, part)))  # type: ignore[union-attr]  # all exist

    def _compare_exactly(self, entity: Entity) -> Iterator[Difference]:
        aligner = Aligner(self._vocabulary, self._is_set, entity.first.type)
        marks = entity_marks(entity, self._plans)
        if entity.first.mode == OUTPUT:
            marks = {"value": marks}
        aligned = [self._seal(value, marks) for value in aligner.align(self._decode(entity))]
        chosen = self._providence.chosen(entity)
        self.tally.normalized += _marked(aligned[0], self._vocabulary)
        for steps in differing_paths([_without(value, chosen) for value in aligned]):
            values = [look_up(value, steps, self._vocabulary.absent) for value in aligned]
            if found := decide(values, self._vocabulary, self._families.named(entity), item=isinstance(next(reversed(steps), ""), int)):
                self.tally.normalized -= _marked(values[0], self._vocabulary)
                shown = list(self._presenter.present(values).values())
                yield describe_entity(found[0], entity, self._vocabulary, found[1], shown, path=steps, classes=classify(values))

    def _decode(self, entity: Entity) -> list[Any]:
        values = []
        for plan, member in zip(self._plans, entity.members, strict=True):
            if member is not None:
                value = overlay(plan.decode(member.change.after), plan.decode(member.change.after_unknown), self._vocabulary.unknown)
                values.append({"value": value} if member.mode == OUTPUT else value)
        return values

    def _seal(self, value: Any, marks: Marks) -> Any:
        """Put a text that starts with the sign of secrets in place of every sensitive value: comparable, and never shown.

        A null hides nothing, and is the same as what is left out.
        """
        if not marks or value is None or value in (self._vocabulary.unknown, self._vocabulary.absent):
            return value
        if marks is True:
            return self._vocabulary.secret + _freeze(value)
        if isinstance(value, dict):
            return {key: self._seal(part, below(marks, key)) for key, part in value.items()}
        if isinstance(value, list):
            return [self._seal(part, below(marks, number)) for number, part in enumerate(value)]
        return value


def _without(value: Any, names: Mapping[str, Any]) -> Any:
    return {name: part for name, part in value.items() if name not in names} if names and isinstance(value, dict) else value


def _marked(value: Any, vocabulary: Vocabulary) -> int:
    """Count the texts that hold a placeholder."""
    if isinstance(value, dict | list):
        return sum(_marked(part, vocabulary) for part in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and vocabulary.mark in value and not vocabulary.is_sign(value)


def _freeze(value: Any) -> str:
    """Return a text that is the same for equal values alone."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{key!r}:{_freeze(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_freeze, value))}]"
    return repr(value) if not isinstance(value, int) else hex(value)
