"""What providers chose, not the configuration: ids and the like, which differ in every environment that exists already.

They are no differences, and where another value refers to one, it is the same reference in all environments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from paritycheck.compare.entities import OUTPUT, Entity
from paritycheck.compare.residue import same
from paritycheck.findings import Special
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan, Resource, expressions, leaves, static_address

_ALWAYS = frozenset({"id", "arn"})
"""Attributes that hold an identity where no configuration is at hand to say what it sets."""
_POINTERS = frozenset({"id", "arn", "url", "uri", "link"})
"""What the names of attributes end in that hold identities; in a state, any other attribute may have been configured."""
_SHORTEST = 6
"""Characters below which a text identifies nothing."""


class Providence:
    """Tells which attributes a provider chose."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        """Take the plans, whose configurations say what was not left to the provider."""
        self._plans = plans

    @cached_property
    def _configured(self) -> Sequence[Mapping[str, frozenset[str]]]:
        return [
            {address: frozenset(block.expressions or ()) for address, block, _ in plan.configuration.resources()} for plan in self._plans
        ]

    def chosen(self, entity: Entity) -> Mapping[str, list[Any]]:
        """Return the values of the attributes that no configuration sets and no plan changes; unknown ones are `Special.UNKNOWN`.

        Only texts count where all are known: a number or a switch that differs is worth a finding whoever chose it. Of a
        data source only `id` does: what else it finds is an input like any other.
        """
        members = entity.present
        if entity.first.mode == OUTPUT or len(members) < len(entity.members) or not any(member.existed for member in members):
            return {}
        held = [_held(plan, member) for plan, member in zip(self._plans, members, strict=True)]
        return {
            name: values
            for name in held[0]
            if all(name in found for found in held)
            and _is_chosen(values := [found[name] for found in held])
            and not any(self._sets(number, member, name) for number, member in enumerate(members))
        }

    def configures(self, entity: Entity, name: str) -> bool:
        """Tell whether a configuration writes an attribute of an object, or none is at hand to say so."""
        return any(
            not plan.has_configuration or (member is not None and name in self._names(number, member))
            for number, (plan, member) in enumerate(zip(self._plans, entity.members, strict=True))
        )

    def _sets(self, number: int, member: Resource, name: str) -> bool:
        """Tell whether a configuration sets an attribute, or might."""
        if not member.managed:
            return name != "id" or name in self._names(number, member)
        if not self._plans[number].has_configuration:
            return name not in _ALWAYS
        return name in self._names(number, member)

    def _names(self, number: int, member: Resource) -> frozenset[str]:
        return self._configured[number].get(static_address(member.address), frozenset())

    def identify(self, entities: Iterable[Entity], vocabulary: Vocabulary) -> Vocabulary:
        """Return a vocabulary that knows the chosen texts as well, but for those that somebody configured."""
        identities: list[dict[str, str]] = [{} for _ in self._plans]
        for entity in entities:
            candidates = [
                (name, values)
                for name, values in self.chosen(entity).items()
                if all(isinstance(value, str) and len(value) >= _SHORTEST for value in values) and _differ(values, vocabulary)
            ]
            told = self._told(entity) if candidates else frozenset()
            for name, values in candidates:
                if told.isdisjoint(values):
                    for found, value in zip(identities, values, strict=True):
                        found.setdefault(value, f"{entity.key}.{name}")
        return replace(vocabulary, identities=tuple(identities)) if any(identities) else vocabulary

    def _told(self, entity: Entity) -> frozenset[str]:
        """Return the texts that variables, constants and the object's own configured attributes hold: a bucket's id is its name."""
        own = (
            part
            for number, (plan, member) in enumerate(zip(self._plans, entity.members, strict=True))
            if member is not None and isinstance(values := plan.decode(member.change.after), dict)
            for name, part in values.items()
            if (self._sets(number, member, name) if plan.has_configuration else name.rpartition("_")[2] not in _POINTERS)
        )
        return self._given.union(*map(_texts, own))

    @cached_property
    def _given(self) -> frozenset[str]:
        variables = [plan.variables for plan in self._plans]
        blocks = (block for plan in self._plans for _, block in plan.configuration.blocks())
        constants = [leaf.get("constant_value") for block in blocks for _, leaf in leaves(expressions(block))]
        return frozenset(_texts([*variables, *constants]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _held(plan: Plan, member: Resource) -> dict[str, Any]:
    """Return the attributes that are unknown, or as the state has them; not nested blocks, which may be `dynamic` ones."""
    after, before = plan.decode(member.change.after), plan.decode(member.change.before)
    unknown = plan.decode(member.change.after_unknown)
    held: dict[str, Any] = {}
    if isinstance(after, dict) and isinstance(before, dict):
        held = {n: value for n, value in after.items() if n in before and same(before[n], value) and not _is_block(value)}
    return held | ({name: Special.UNKNOWN for name, mark in unknown.items() if mark is True} if isinstance(unknown, dict) else {})


def _is_chosen(values: Sequence[Any]) -> bool:
    return Special.UNKNOWN in values or all(map(_is_text, values))


def _is_block(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value))


def _differ(values: Sequence[str], vocabulary: Vocabulary) -> bool:
    return len({normalizer.normalize(value) for normalizer, value in zip(vocabulary.normalizers, values, strict=True)}) > 1
