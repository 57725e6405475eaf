"""How providers built on Terraform's older plugin SDK plan what they are given.

That SDK keeps values as flat texts, and so cannot tell some of them apart. The rules are those of a plan's content, as
recorded plans show it:

- a collection of simple values with an unknown one in it is unknown as a whole;
- an empty text, set or map, where the value may also be computed, counts as not set;
- an empty set or map is null otherwise; an empty list stays;
- inside a set, a text, a list or a set that is not given is empty, and so is a truth value of an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paritycheck.provider.interface import UNKNOWN, Attribute, Block, NestedBlock, Object, Schema, Value

_ZERO: Mapping[str, Value] = {"string": "", "number": 0, "bool": False}


def uses_sdk(schema: Schema) -> bool:
    """Whether a resource type is built on that SDK, which lets every resource's `id` be configured."""
    identifier = schema.block.attributes.get("id")
    return identifier is not None and identifier.optional and identifier.computed


def simplify_proposal(block: Block, proposed: Object) -> Object:
    """Return what the SDK makes of a proposed object, before anything is planned."""
    kept = {name: _simplify(attribute, proposed.get(name)) for name, attribute in block.attributes.items()}
    return kept | {name: _simplify_items(nested.block, proposed.get(name)) for name, nested in block.blocks.items()}


def fill_sets(block: Block, planned: Object, *, inside: bool = False) -> Object:
    """Return a planned object with the empty values that the SDK writes inside sets; `inside` tells that it stands in one."""
    filled = {name: _fill_attribute(attribute, planned.get(name), inside) for name, attribute in block.attributes.items()}
    for name, nested in block.blocks.items():
        filled[name] = _fill_items(nested, planned.get(name), inside or nested.nesting == "set")
    return filled


def _fill_items(nested: NestedBlock, value: Value, inside: bool) -> Value:
    if isinstance(value, list):
        return [_fill_items(nested, item, inside) for item in value]
    return fill_sets(nested.block, value, inside=inside) if isinstance(value, dict) else value


def _fill_attribute(attribute: Attribute, value: Value, inside: bool) -> Value:
    """Fill in one value; a computed one that is open here is so on an update, and was found empty."""
    if inside and attribute.computed and value is None and isinstance(attribute.type, str):
        return _ZERO.get(attribute.type)
    return _fill(attribute.type, value, inside)


def _fill(cty: Any, value: Value, inside: bool) -> Value:
    match cty, value:
        case "string", None:
            return "" if inside else None
        case ["list" | "set", _], None:
            return [] if inside else None
        case ["list" | "set" as kind, ["object", attributes]], list():
            return [_fill_object(attributes, item, inside or kind == "set") for item in value]
    return value


def _fill_object(attributes: Mapping[str, Any], value: Value, inside: bool) -> Value:
    """Fill in an object that is no block's, but an attribute's: such as a security group's rule."""
    if not isinstance(value, dict):
        return value
    return {
        name: False if inside and cty == "bool" and value.get(name) is None else _fill(cty, _collapse(cty, value.get(name)), inside)
        for name, cty in attributes.items()
    }


def _simplify(attribute: Attribute, value: Value) -> Value:
    cty, computed = attribute.type, attribute.computed
    if _holds_objects(cty):
        return value
    if value in ("", [], {}) and (cty[0] in {"set", "map"} or (cty == "string" and computed)):
        return None
    return _collapse(cty, value)


def _collapse(cty: Any, value: Value) -> Value:
    """Return a collection with an unknown value in it as unknown."""
    return UNKNOWN if not _holds_objects(cty) and _has_unknown(value) else value


def _simplify_items(block: Block, value: Value) -> Value:
    if isinstance(value, list):
        return [_simplify_items(block, item) for item in value]
    return simplify_proposal(block, value) if isinstance(value, dict) else value


def _holds_objects(cty: Any) -> bool:
    return isinstance(cty, list) and (cty[0] == "object" or _holds_objects(cty[1]))


def _has_unknown(value: Value) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(item is UNKNOWN or _has_unknown(item) for item in items)
