"""A report as JSON and back, exactly: numbers of any size, lone surrogates, and the difference between a text and a mark.

Every value but plain scalars is a list that begins with its kind: ``["list", ...]``, ``["map", key, value, ...]``, a number's
``["Decimal", text]``, a member's ``["Severity", name]``, a dataclass's ``["Finding", ...]`` with its fields in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import ModuleType
from typing import Any

from paritycheck import errors, findings, topology
from paritycheck.cache.inputs import NotKept
from paritycheck.findings import Report, Word

_HOMES: tuple[ModuleType, ...] = (findings, topology, errors)
"""Whose dataclasses and enumerations a report is made of; nothing else is ever built."""
_DEPTH = 200
_SAFE = 1 << 63
"""Whole numbers below it are JSON numbers."""
_NUMBERS_AND_TEXTS: Mapping[str, Callable[[str], Any]] = {
    "int": lambda digits: int(digits, 16),
    "str": lambda digits: bytes.fromhex(digits).decode("utf-8", "surrogatepass"),
    "Decimal": Decimal,
}
_COLLECTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "Word": lambda parts: Word(*parts),
}


def encode(report: Report) -> Any:
    """Return a report as JSON data. Raises `NotKept` for one that holds what no report should."""
    return _encode(report, 0)


def decode(data: Any) -> Report:
    """Return the report behind JSON data. Raises `ValueError` for anything else."""
    try:
        report = _decode(data)
    except (TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, StopIteration) as error:
        raise ValueError("this is no report") from error
    if isinstance(report, Report):
        return report
    raise ValueError("this is no report")


def _encode(value: Any, depth: int) -> Any:
    if depth > _DEPTH:
        raise NotKept("the report holds a value that is nested too deeply")
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    if isinstance(value, str):
        return _encode_text(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _SAFE else ["int", hex(value)]
    if isinstance(value, Decimal):
        return ["Decimal", str(value)]
    return [_kind(value), *(_encode(part, depth + 1) for part in _parts(value))]


def _encode_text(text: str) -> Any:
    plain = str(text) if _is_text(text) else ["str", text.encode("utf-8", "surrogatepass").hex()]
    return ["Word", plain] if isinstance(text, Word) else plain


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "map"
    name = type(value).__name__
    if name in _COLLECTIONS or (is_dataclass(value) and any(getattr(home, name, None) is type(value) for home in _HOMES)):
        return name
    raise NotKept(f"the report holds a {name}")


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        return (part for item in value.items() for part in item)
    return (getattr(value, field.name) for field in fields(value)) if is_dataclass(value) else iter(value)


def _decode(data: Any) -> Any:
    if not isinstance(data, list):
        return data
    kind, *parts = data
    if kind in _NUMBERS_AND_TEXTS:
        return _NUMBERS_AND_TEXTS[kind](*parts)
    values = [_decode(part) for part in parts]
    if kind == "map":
        return dict(zip(values[::2], values[1::2], strict=True))
    return _COLLECTIONS[kind](values) if kind in _COLLECTIONS else _build(kind, values)


def _build(kind: str, values: list[Any]) -> Any:
    """Return a member of an enumeration by its name, or an object of a dataclass."""
    built: type[Any] = next(found for home in _HOMES if (found := vars(home).get(kind)) and found.__module__ == home.__name__)
    if issubclass(built, Enum):
        return built[values[0]]
    if "__dataclass_fields__" not in vars(built):
        raise ValueError(f"{kind} is no part of a report")
    return built(*values)


def _is_text(text: str) -> bool:
    """Tell whether JSON keeps a text as it is: halves of surrogate pairs, side by side, it makes one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
