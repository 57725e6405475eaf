"""From a block along an attribute path to what is written there."""

from __future__ import annotations

from dataclasses import dataclass

from paritycheck.errors import Location
from paritycheck.source.constructs import Step
from paritycheck.source.scope import Scope, Value, dynamic_scope
from paritycheck.source.syntax import Block

_WRITTEN_AS = {"tags_all": "tags"}
"""Computed attributes by the argument that most of their value is written in."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far into a block an attribute path leads."""

    location: Location
    name: str
    """The argument or nested block that was reached, such as `ingress.cidr_blocks`; empty for the block itself."""
    value: Value | None


def navigate(scope: Scope, block: Block, path: tuple[Step, ...]) -> Place:
    """Follow an attribute path into a block, through nested and dynamic blocks, as far as it is written there."""
    location = block.location
    reached: list[str] = []
    while path and isinstance(name := path[0], str):
        name = name if name in block.attributes or block.nested(name) else _WRITTEN_AS.get(name, name)
        if (attribute := block.attributes.get(name)) is not None:
            return Place(attribute.location, ".".join([*reached, name]), Value(scope, attribute.value, path[1:]))
        index = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
        found = _nested(scope, block, name, index)
        if found is None:
            break
        scope, block = found
        location = block.location
        reached.append(name)
        path = path[2:] if len(path) > 1 and not isinstance(path[1], str) else path[1:]
    return Place(location, ".".join(reached), None)


def _nested(scope: Scope, block: Block, name: str, index: int) -> tuple[Scope, Block] | None:
    """Return the nested block with this index, written out or made by a dynamic block."""
    written = block.nested(name)
    if index < len(written):
        return scope, written[index]
    for dynamic in block.nested("dynamic"):
        content = dynamic.nested("content")
        if dynamic.labels == (name,) and content:
            return dynamic_scope(scope, dynamic, index - len(written)), content[0]
    return (scope, written[-1]) if written else None
