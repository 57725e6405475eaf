"""Which of a resource's values are sets, of which the order says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from paritycheck.provider.interface import Block, Path, Provider


def set_test(providers: Iterable[Provider]) -> Callable[[str, Path], bool]:
    """Return a function that tells whether the value at a path of a resource or data source of some type is a set."""
    known = tuple(providers)

    @lru_cache(maxsize=4096)
    def kind(type_name: str, path: Path) -> bool:
        schemas = (find(type_name) for provider in known for find in (provider.resource_schema, provider.data_source_schema))
        schema = next(filter(None, schemas), None)
        return schema is not None and _is_set(schema.block, path)

    return lambda type_name, path: kind(type_name, tuple(0 if isinstance(step, int) else step for step in path))


def _is_set(block: Block, path: Path) -> bool:
    """Follow a path that starts in a block."""
    if not path:
        return False
    name, rest = path[0], path[1:]
    if nested := block.blocks.get(str(name)):
        inner = rest[1:] if nested.nesting in ("list", "set", "map") else rest
        return _is_set(nested.block, inner) if rest else nested.nesting == "set"
    attribute = block.attributes.get(str(name))
    return attribute is not None and _is_set_type(attribute.type, rest)


def _is_set_type(cty: Any, path: Path) -> bool:
    """Follow a path that starts in a value of a cty type."""
    if isinstance(cty, str):
        return False
    kind, inner = cty[0], cty[1]
    if not path:
        return bool(kind == "set")
    if kind == "object":
        return path[0] in inner and _is_set_type(inner[path[0]], path[1:])
    if kind == "tuple":
        return isinstance(path[0], int) and path[0] < len(inner) and _is_set_type(inner[path[0]], path[1:])
    return _is_set_type(inner, path[1:])
