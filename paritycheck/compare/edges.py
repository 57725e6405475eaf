"""Whether the configurations behind the plans are wired alike: which expression refers to which resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from paritycheck.compare.difference import Difference, describe
from paritycheck.compare.entities import Entity
from paritycheck.compare.settings import compare_settings
from paritycheck.findings import Special
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Plan, references, static_address

_NO_EDGES = frozenset({"var", "local", "each", "count", "path", "self", "terraform"})

Blocks = Mapping[str, Any]
"""Blocks of a configuration by static address."""


def compare_configurations(plans: Sequence[Plan], entities: Iterable[Entity], vocabulary: Vocabulary) -> Iterator[Difference]:
    """Yield differing references, settings and blocks; equal bytes mean equal configurations, and cost nothing."""
    if not all(plan.has_configuration for plan in plans) or len({bytes(plan.raw_configuration) for plan in plans}) == 1:
        return
    planned: dict[str, list[Entity]] = {}
    for entity in entities:
        planned.setdefault(static_address(entity.key), []).append(entity)
    for address, blocks in _match([dict(plan.configuration.blocks()) for plan in plans], vocabulary).items():
        if None not in blocks:
            yield from _compare_references(address, blocks, planned.get(address, ()), vocabulary)
            yield from compare_settings(address, blocks, vocabulary)
        elif address not in planned and not address.startswith(("output.", "provider.")):
            yield _missing(address, blocks, vocabulary)


def _match(configurations: Sequence[Blocks], vocabulary: Vocabulary) -> dict[str, list[Any]]:
    common = set(configurations[0]).intersection(*configurations[1:])
    matched: dict[str, list[Any]] = {}
    for number, blocks in enumerate(configurations):
        for address, block in blocks.items():
            shared = address if address in common else vocabulary.normalizers[number].normalize(address)
            matched.setdefault(shared, [None] * len(configurations))[number] = block
    return matched


def _compare_references(address: str, blocks: Sequence[Any], entities: Sequence[Entity], vocabulary: Vocabulary) -> Iterator[Difference]:
    found = [references(block) for block in blocks]
    for path in dict.fromkeys(path for attributes in found for path in attributes):
        behind = [_normalize(attributes.get(path, frozenset()), number, vocabulary) for number, attributes in enumerate(found)]
        if len(set(behind)) == 1:
            continue
        edges = [frozenset(filter(None, map(_edge, names))) for names in behind]
        if len(set(edges)) > 1:
            values = [sorted(map(vocabulary.show, names)) for names in edges]
            yield describe(vocabulary, "edge-difference", address, "refers to different resources", values=values, path=path)
        elif entities and all(_is_unknown(entity, path) for entity in entities):
            message = "is known only after apply, and comes from different expressions"
            unknown = [Special.UNKNOWN] * len(blocks)
            yield describe(vocabulary, "value-difference", address, message, values=unknown, path=path, classes=list(map(sorted, behind)))


def _normalize(names: frozenset[str], number: int, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(vocabulary.normalizers[number].normalize(name) for name in names)


def _edge(reference: str) -> str | None:
    """Return the resource, data source or module output that an expression refers to."""
    head, *rest = static_address(reference).split(".")
    if head in _NO_EDGES:
        return None
    return ".".join([head, *rest[: 2 if head in {"data", "module"} else 1]])


def _is_unknown(entity: Entity, path: str) -> bool:
    needle = f'"{re.split(r"[.[]", path)[0]}":'.encode()
    return all(member is not None and needle in bytes(member.change.after_unknown) for member in entity.members)


def _missing(address: str, blocks: Sequence[Any], vocabulary: Vocabulary) -> Difference:
    values = ["declared" if block else Special.ABSENT for block in blocks]
    lacking = " and ".join(name for name, block in zip(vocabulary.environments, blocks, strict=True) if block is None)
    return describe(vocabulary, "missing-resource", address, f"is not declared in {lacking}", values=values)
