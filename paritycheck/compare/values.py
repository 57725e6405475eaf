"""The values of one object in all environments: equal bytes first, then equal meanings, and last where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paritycheck.compare.align import Aligner, IsSet
from paritycheck.compare.difference import Difference
from paritycheck.compare.entities import Entity
from paritycheck.compare.families import Families
from paritycheck.compare.identity import Providence
from paritycheck.compare.paths import look_up
from paritycheck.compare.residue import classify, differing_paths
from paritycheck.compare.sealing import decode, marks_of, seal
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
        marks = marks_of(entity, self._plans)
        decoded = decode(entity, self._plans, self._vocabulary)
        aligned = [seal(value, marks, self._vocabulary) for value in aligner.align(decoded)]
        chosen = self._providence.chosen(entity)
        self.tally.normalized += _marked(aligned[0], self._vocabulary)
        for steps in differing_paths([_without(value, chosen) for value in aligned]):
            values = [look_up(value, steps, self._vocabulary.absent) for value in aligned]
            if found := decide(values, self._vocabulary, self._families.named(entity), item=isinstance(next(reversed(steps), ""), int)):
                self.tally.normalized -= _marked(values[0], self._vocabulary)
                shown = list(self._presenter.present(values).values())
                yield describe_entity(found[0], entity, self._vocabulary, found[1], shown, path=steps, classes=classify(values))


def _without(value: Any, names: Mapping[str, Any]) -> Any:
    return {name: part for name, part in value.items() if name not in names} if names and isinstance(value, dict) else value


def _marked(value: Any, vocabulary: Vocabulary) -> int:
    """Count the texts that hold a placeholder."""
    if isinstance(value, dict | list):
        return sum(_marked(part, vocabulary) for part in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and vocabulary.mark in value and not vocabulary.is_sign(value)
