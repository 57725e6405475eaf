"""How providers built on Terraform's older plugin SDK plan what they are given.

That SDK keeps values as flat texts, and so cannot tell some of them apart. The rules are those of a plan's content, as
recorded plans show it:

- a collection of simple values with an unknown one in it is unknown as a whole;
- an empty text, set or map, where the value may also be computed, counts as not set, unless the facts say otherwise;
- an empty set or map is null otherwise; an empty list stays;
- a map's null values are left out of it;
- what was empty, and is empty or not given now, stays as it was; a collection that is no longer given becomes empty;
- inside a set, a text, a list or a set that is not given is empty, and so is a truth value of an object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from paritycheck.provider.interface import UNKNOWN, Attribute, Block, NestedBlock, Object, Schema, Value
from paritycheck.provider.planning.facts import TypeFacts

_EMPTY: Sequence[Value] = (None, "", [], {})

_ZERO: Mapping[str, Value] = {"string": "", "number": 0, "bool": False}


def uses_sdk(schema: Schema) -> bool:
    """Whether a resource type is built on that SDK, which lets every resource's `id` be configured."""
    identifier = schema.block.attributes.get("id")
    return identifier is not None and identifier.optional and identifier.computed


def simplify_proposal(block: Block, proposed: Object, prior: Object | None = None) -> Object:
    """Return what the SDK makes of a proposed object, before anything is planned."""
    kept = {name: _simplify(attribute, proposed.get(name), prior, name) for name, attribute in block.attributes.items()}
    before = prior or {}
    return kept | {name: _simplify_items(nested, proposed.get(name), before.get(name)) for name, nested in block.blocks.items()}


def keep_empty_texts(facts: TypeFacts, config: Object, planned: Object) -> Object:
    """Return a planned object in which a text that may be computed stays empty, where the facts say so and it is configured so."""
    return planned | {path: "" for path, fact in facts.items() if fact.keeps_empty and config.get(path) == ""}


def keep_zeros(block: Block, planned: Object, prior: Object | None) -> Object:
    """Return a planned object in which what was empty, zero or false stays so where nothing is planned instead."""
    if prior is None:
        return planned
    kept = {name: _keep_zero(planned.get(name), prior.get(name)) for name in block.attributes}
    return kept | {name: _keep_zeros_in(nested, planned.get(name), prior.get(name)) for name, nested in block.blocks.items()}


def _keep_zero(value: Value, before: Value) -> Value:
    return before if value is None and (before in _EMPTY or before == 0) else value


def _keep_zeros_in(nested: NestedBlock, value: Value, prior: Value) -> Value:
    if isinstance(value, dict):
        return keep_zeros(nested.block, value, prior if isinstance(prior, dict) else None)
    if not isinstance(value, list) or nested.nesting != "list":
        return value
    known = prior if isinstance(prior, list) else []
    return [_keep_zeros_in(nested, item, before) for item, before in zip_longest(value, known[: len(value)])]


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


def _simplify(attribute: Attribute, value: Value, prior: Object | None, name: str) -> Value:
    cty, computed, before = attribute.type, attribute.computed, (prior or {}).get(name)
    if _holds_objects(cty):
        return value
    if cty[0] == "map" and isinstance(value, dict):
        value = {key: item for key, item in value.items() if item is not None}
    if before is not None and value is not None and (value == before or (value in _EMPTY and before in _EMPTY)):
        return before
    if isinstance(before, list | dict) and value in _EMPTY and not computed:
        return type(before)()
    if value in _EMPTY and (cty[0] in {"set", "map"} or (cty == "string" and computed) or (prior is not None and before is None)):
        return None
    return _collapse(cty, value)


def _collapse(cty: Any, value: Value) -> Value:
    """Return a collection with an unknown value in it as unknown."""
    return UNKNOWN if not _holds_objects(cty) and has_unknown(value) else value


def _simplify_items(nested: NestedBlock, value: Value, prior: Value) -> Value:
    if isinstance(value, list):
        known = prior if isinstance(prior, list) and nested.nesting == "list" else []
        return [_simplify_items(nested, item, before) for item, before in zip_longest(value, known[: len(value)])]
    return simplify_proposal(nested.block, value, prior) if isinstance(value, dict) else value


def _holds_objects(cty: Any) -> bool:
    return isinstance(cty, list) and (cty[0] == "object" or _holds_objects(cty[1]))


def has_unknown(value: Value) -> bool:
    """Tell whether a value holds one that is unknown."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(item is UNKNOWN or has_unknown(item) for item in items)
