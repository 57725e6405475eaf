"""How providers built on Terraform's older plugin SDK plan what they are given.

That SDK keeps values as flat texts, and so cannot tell some of them apart. The rules are those of a plan's content, as
recorded plans show it:

- a collection of simple values with an unknown one in it is unknown as a whole;
- an empty text or collection, where the value may also be computed, counts as not set;
- an empty set or map is null; an empty list stays;
- inside a set, a text, a truth value, a list or a set that is not given has its type's zero value.
"""

from __future__ import annotations

from typing import Any

from paritycheck.provider.interface import UNKNOWN, Block, Object, Schema, Value
from paritycheck.provider.wire import implied_type

_ZERO: dict[str, Value] = {"string": "", "bool": False}
_EMPTY: tuple[Value, ...] = ("", [], {})


def uses_sdk(schema: Schema) -> bool:
    """Whether a resource type is built on that SDK, which lets every resource's `id` be configured."""
    identifier = schema.block.attributes.get("id")
    return identifier is not None and identifier.optional and identifier.computed


def simplify_proposal(block: Block, proposed: Object) -> Object:
    """Return what the SDK makes of a proposed object, before anything is planned."""
    kept = {name: _simplify(attribute.type, attribute.computed, proposed.get(name)) for name, attribute in block.attributes.items()}
    return kept | {name: _simplify_items(nested.block, proposed.get(name)) for name, nested in block.blocks.items()}


def fill_sets(block: Block, planned: Object) -> Object:
    """Return a planned object with the zero values that the SDK writes inside sets."""
    return {name: _fill(cty, planned.get(name), inside=False) for name, cty in implied_type(block)[1].items()}


def _simplify(cty: Any, computed: bool, value: Value) -> Value:
    if _holds_objects(cty):
        return value
    if value in _EMPTY and (computed or cty[0] in {"set", "map"}):
        return None
    return UNKNOWN if _has_unknown(value) else value


def _simplify_items(block: Block, value: Value) -> Value:
    if isinstance(value, list):
        return [_simplify_items(block, item) for item in value]
    return simplify_proposal(block, value) if isinstance(value, dict) else value


def _holds_objects(cty: Any) -> bool:
    return isinstance(cty, list) and (cty[0] == "object" or _holds_objects(cty[1]))


def _has_unknown(value: Value) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(item is UNKNOWN or _has_unknown(item) for item in items)


def _fill(cty: Any, value: Value, *, inside: bool) -> Value:
    """Fill in zero values of a value of a type, where it stands inside a set."""
    match cty, value:
        case str(), None:
            return _ZERO.get(cty) if inside else None
        case ["list" | "set", _], None:
            return [] if inside else None
        case ["list" | "set" as kind, inner], list():
            return [_fill(inner, item, inside=inside or kind == "set") for item in value]
        case ["object", attributes], dict():
            return {name: _fill(attribute, value.get(name), inside=inside) for name, attribute in attributes.items()}
    return value
