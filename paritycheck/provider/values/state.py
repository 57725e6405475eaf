"""A resource's state JSON as a value, whichever version of the schema wrote it."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from itertools import repeat
from typing import Any

from paritycheck.provider.interface import Block, Diagnostic, Dynamic, NestedBlock, Object, Refused, Value
from paritycheck.provider.values.wire import simplify_number


def read_state(document: bytes, block: Block) -> Object:
    """Read a state's attributes: those that the schema no longer has are dropped, those that do not fit are null."""
    try:
        state = json.loads(document, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Refused(Diagnostic("The state cannot be read", f"It is no JSON: {error}")) from error
    value = fit(state, block.type)
    if not isinstance(value, dict):
        raise Refused(Diagnostic("The state cannot be read", "It is no JSON object."))
    return _with_blocks(value, block)


def _with_blocks(value: Object, block: Block) -> Object:
    """Return an object in which no kind of block is null, as in a state that an older schema wrote: there are none."""
    return value | {name: _blocks(value[name], nested) for name, nested in block.blocks.items()}


def _blocks(value: Value, nested: NestedBlock) -> Value:
    match value:
        case list():
            return [_with_blocks(each, nested.block) for each in value if each is not None]
        case dict() if nested.nesting == "map":
            return {key: _with_blocks(each, nested.block) for key, each in value.items() if each is not None}
        case dict():
            return _with_blocks(value, nested.block)
    return {"list": [], "set": [], "map": {}}.get(nested.nesting)


def fit(value: Any, cty: Any) -> Value:
    """Return JSON data as a value of a type; what does not fit is null, or an empty collection."""
    if value is None or isinstance(cty, str):
        return None if value is None else _fit_leaf(value, cty)
    kind, inner = cty[0], cty[1]
    match kind, value:
        case "list" | "set" | "tuple", list() if kind != "tuple" or len(value) == len(inner):
            types = inner if kind == "tuple" else repeat(inner)
            return [fit(item, item_type) for item, item_type in zip(value, types, strict=False)]
        case "map", dict():
            return {key: fit(item, inner) for key, item in value.items()}
        case "object", dict():
            return {name: fit(value.get(name), attribute_type) for name, attribute_type in inner.items()}
        case "object", [only]:  # a block that was a list of one
            return fit(only, cty)
    return [] if kind in {"list", "set"} else None


def _fit_leaf(value: Any, cty: str) -> Value:
    match cty, value:
        case ("string", str()) | ("bool", bool()):
            return value
        case "string", bool() | int() | Decimal():
            return str(value).lower()
        case "bool", "true" | "false":
            return value == "true"
        case "number", int() | Decimal() | str():
            return _number(value)
        case "dynamic", {"type": inner, "value": content}:
            return Dynamic(inner, fit(content, inner))
    return None


def _number(value: int | Decimal | str) -> Value:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return None if number.is_nan() else simplify_number(number)
