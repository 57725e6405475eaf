"""What is planned for an object, whether it differs or not: for those who want to look at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from paritycheck.compare.align import Aligner, IsSet, nothing_is_a_set
from paritycheck.compare.entities import Entity
from paritycheck.compare.paths import Steps, render
from paritycheck.compare.residue import classify
from paritycheck.compare.sealing import decode, marks_of, seal
from paritycheck.compare.verdict import Presenter
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan
from paritycheck.topology import Attribute


class PlannedValues:
    """Tells the values of objects in all environments at once; what is sensitive by its own marks is not among them."""

    def __init__(self, plans: Sequence[Plan], vocabulary: Vocabulary, is_set: IsSet | None = None) -> None:
        """Take what names environments, and the schema's word on what is a set."""
        self._plans = plans
        self._vocabulary = vocabulary
        self._is_set = is_set or nothing_is_a_set
        self._presenter = Presenter(vocabulary)

    def attributes(self, entity: Entity) -> Iterator[Attribute]:
        """Yield the attributes that are not null everywhere; of those that differ, only the parts that do stand apart."""
        marks = marks_of(entity, self._plans)
        there = [number for number, member in enumerate(entity.members) if member is not None]
        decoded = decode(entity, self._plans, self._vocabulary)
        aligner = Aligner(self._vocabulary, self._is_set, entity.first.type)
        aligned = [seal(value, marks, self._vocabulary) for value in aligner.align(decoded)]
        for name in dict.fromkeys(name for number in there if isinstance(aligned[number], dict) for name in aligned[number]):
            yield from self._walk((name,), [_part(aligned[number], name, self._vocabulary.absent) for number in there], there)

    def _walk(self, steps: Steps, values: Sequence[Any], there: Sequence[int]) -> Iterator[Attribute]:
        """Yield what lies at a path: the environments' numbers, `there`, go with the values."""
        if all(value is None or value == self._vocabulary.absent for value in values):
            return
        path = self._vocabulary.show(render(steps))
        if len(set(classify(values))) == 1:
            yield Attribute(path, value=self._shared(values[0]))
        elif keys := _common_parts(values):
            for key in keys:
                yield from self._walk((*steps, key), [_part(value, key, self._vocabulary.absent) for value in values], there)
        else:
            row = [self._vocabulary.absent] * len(self._plans)
            for number, value in zip(there, values, strict=True):
                row[number] = value
            shown = self._presenter.present(row)
            yield Attribute(path, values={name: shown[name] for number, name in enumerate(shown) if number in there})

    def _shared(self, value: Any) -> Any:
        """Return a value that all environments have, with placeholders for their names where there are several."""
        labeled = self._labeled(value) if len(self._plans) > 1 else value
        return next(iter(self._presenter.present([labeled] * len(self._plans)).values()))

    def _labeled(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if self._vocabulary.is_sign(value) else self._vocabulary.show(value)
        if isinstance(value, dict):
            return {self._vocabulary.show(key): self._labeled(part) for key, part in value.items()}
        return list(map(self._labeled, value)) if isinstance(value, list) else value


def _common_parts(values: Sequence[Any]) -> list[str | int]:
    """Return the keys to go into: of mappings, and of lists that hold mappings or lists; none where values are of other kinds."""
    if all(isinstance(value, dict) for value in values):
        return list(dict.fromkeys(key for value in values for key in value))
    if all(isinstance(value, list) for value in values) and any(isinstance(item, dict | list) for value in values for item in value):
        return list(range(max(map(len, values))))
    return []


def _part(value: Any, key: str | int, absent: Any) -> Any:
    try:
        return value[key]
    except (LookupError, TypeError):
        return absent
