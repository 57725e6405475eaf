"""Whether an object is there in all environments, from the same provider, with the same action."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from paritycheck.compare.difference import Difference, describe
from paritycheck.compare.entities import OUTPUT, Entity
from paritycheck.compare.paths import Steps, render
from paritycheck.findings import Severity, Special, Word
from paritycheck.normalize import Vocabulary

_KINDS = {"managed": "resource", "data": "data source", OUTPUT: "output"}


def compare_topology(entity: Entity, vocabulary: Vocabulary) -> Iterator[Difference]:
    """Yield what differs about an object as a whole."""
    if None in entity.members:
        yield _missing(entity, vocabulary)
        return
    members = entity.present
    if len({(member.provider_name, member.type, member.mode) for member in members}) > 1:
        providers = [f"{member.type} of {member.provider_name}" for member in members]
        yield describe_entity("provider-difference", entity, vocabulary, "is planned by different providers", providers)
    actions = [member.change.action for member in members]
    fresh = {member.change.action for member in members if not member.existed and member.mode != OUTPUT}
    if len(fresh) > 1:
        yield describe_entity("action-difference", entity, vocabulary, "is planned with different actions", actions)
    elif len(members) > 1 and "replace" in actions and "update" in actions:
        message = "is replaced in some environments and updated in place in others"
        yield replace(describe_entity("action-difference", entity, vocabulary, message, actions), severity=Severity.WARNING)


def describe_entity(
    rule: str,
    entity: Entity,
    vocabulary: Vocabulary,
    message: str,
    values: Sequence[Any],
    *,
    path: Steps = (),
    classes: Sequence[int] = (),
) -> Difference:
    """Describe a difference of an object, or at a path of it, which knows the object's own address by environment."""
    shown = vocabulary.show(render(path))
    pairs = zip(vocabulary.environments, entity.members, strict=True)
    actual = {environment: member.address for environment, member in pairs if member is not None}
    return replace(describe(vocabulary, rule, entity.key, message, values=values, path=shown, classes=classes), actual=actual)


def _missing(entity: Entity, vocabulary: Vocabulary) -> Difference:
    lacking = [name for name, member in zip(vocabulary.environments, entity.members, strict=True) if member is None]
    message = f"the {_KINDS.get(entity.first.mode, 'object')} is missing in {' and '.join(lacking)}"
    return describe_entity(
        "missing-resource", entity, vocabulary, message, [Word("present") if member else Special.ABSENT for member in entity.members]
    )
