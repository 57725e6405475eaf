"""Values on the plugin protocol's wire: MessagePack, read and written by the type that the schema gives.

The encoding is Terraform's: unknown values are extensions, numbers beyond 64 bits or beyond a binary fraction are
decimal texts, and a value of type ``"dynamic"`` is a pair of its type and itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, TypeVar

import msgpack

from paritycheck.provider.interface import UNKNOWN, Dynamic, Value

_T = TypeVar("_T")

_UNKNOWN_EXTENSION = msgpack.ExtType(0, b"\0")
_INT_DIGITS = 40
"""A whole number of more digits than this stays a `Decimal`, so that a short text cannot fill the memory."""


class WireError(ValueError):
    """A value does not fit the type that the schema gives, or is no MessagePack."""


def decode(data: bytes, cty: Any) -> Value:
    """Read a value of a type; raise `WireError` where the bytes hold something else."""
    return _checked(lambda: _convert(msgpack.unpackb(data, ext_hook=_read_extension, strict_map_key=False), cty, _READERS))


def encode(value: Value, cty: Any) -> bytes:
    """Write a value of a type; raise `WireError` where the value is of another one."""
    return _checked(lambda: bytes(msgpack.packb(_convert(value, cty, _WRITERS), default=_write_extension)))


def _checked(convert: Callable[[], _T]) -> _T:
    try:
        return convert()
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, InvalidOperation, RecursionError) as error:
        raise WireError(f"a value is not of its schema's type: {error}") from error


def _read_extension(code: int, data: bytes) -> Value:
    """Read an unknown value; what is known about it (12: such as a prefix) does not matter to a plan."""
    del code, data
    return UNKNOWN


def _write_extension(value: Value) -> msgpack.ExtType:
    if value is UNKNOWN:
        return _UNKNOWN_EXTENSION
    raise WireError(f"{type(value).__name__} is no value")


def _convert(value: Value, cty: Any, leaves: Mapping[str, Callable[[Any], Value]]) -> Value:
    """Read or write a value by its type; `leaves` does it for the types that are named by a string."""
    if value is None or value is UNKNOWN:
        return value
    if isinstance(cty, str):
        return leaves[cty](value)
    kind, inner = cty[0], cty[1]
    match kind:
        case "list" | "set":
            return [_convert(item, inner, leaves) for item in _expect(value, list)]
        case "map":
            return {_expect(key, str): _convert(item, inner, leaves) for key, item in _expect(value, dict).items()}
        case "object":
            known = _expect(value, dict)
            return {name: _convert(known.get(name), attribute_type, leaves) for name, attribute_type in inner.items()}
        case "tuple":
            return [_convert(item, item_type, leaves) for item, item_type in zip(_expect(value, list), inner, strict=True)]
    raise WireError(f"no such type: {kind!r}")


def _expect(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise WireError(f"expected {kind.__name__}, not {type(value).__name__}")
    return value


def _read_number(raw: Any) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise WireError(f"expected a number, not {type(raw).__name__}")
    return raw if isinstance(raw, int) else simplify_number(Decimal(raw))


def simplify_number(number: Decimal) -> int | Decimal:
    """Return a whole number as `int`, unless it is enormous or infinite."""
    if number.is_finite() and number.adjusted() < _INT_DIGITS and number == number.to_integral_value():
        return int(number)
    return number


def _write_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WireError(f"expected a number, not {type(value).__name__}")
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    number = Decimal(value)
    if number.is_nan():
        raise WireError("NaN is not a number")
    as_float = float(number)
    return as_float if Decimal(as_float) == number else str(number)


def _read_dynamic(raw: Any) -> Dynamic:
    type_json, value = _expect(raw, list)
    cty = json.loads(type_json)
    return Dynamic(cty, _convert(value, cty, _READERS))


def _write_dynamic(value: Value) -> list[Any]:
    dynamic = value if isinstance(value, Dynamic) else Dynamic(infer_type(value), value)
    return [json.dumps(dynamic.type, separators=(",", ":")).encode(), _convert(dynamic.value, dynamic.type, _WRITERS)]


def infer_type(value: Value) -> Any:
    """Return the cty type of a value that comes without one: lists are tuples, dicts are objects."""
    match value:
        case bool():
            return "bool"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "string"
        case list():
            return ["tuple", [infer_type(item) for item in value]]
        case Mapping():
            return ["object", {name: infer_type(item) for name, item in value.items()}]
    return "dynamic"


_READERS: Mapping[str, Callable[[Any], Value]] = {
    "string": partial(_expect, kind=str),
    "bool": partial(_expect, kind=bool),
    "number": _read_number,
    "dynamic": _read_dynamic,
}
_WRITERS: Mapping[str, Callable[[Any], Any]] = {**_READERS, "number": _write_number, "dynamic": _write_dynamic}
