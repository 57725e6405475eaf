"""Planned resources in the shape in which checkov's checks expect them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checkov.terraform.plan_parser import _hclify  # NOTE: a check sees exactly what checkov itself would give it

from paritycheck_checks import Unknown

_TEXT = "known after apply"
_DEEPEST = 200
"""Levels of nesting that checks, and what they call, bear."""


class Unreadable(Exception):  # noqa: N818 -- the plan, not the program, is wrong
    """Something that is no planned resource."""


@dataclass(frozen=True)
class Resource:
    """A managed resource instance or a data source of one environment."""

    address: str
    type: str
    name: str
    managed: bool
    configuration: dict[str, Any]
    """checkov's shape: every value in a list, nested blocks as lists of mappings."""


class Reader:
    """Makes resources of what the plans hold; no text in a plan can pass for an unknown value."""

    def __init__(self) -> None:
        self._nonce = secrets.token_hex(16)
        self._numbers = itertools.count()

    def read(self, entry: dict[str, Any], references: dict[str, Any]) -> Resource:
        """Read one resource: its values, which of them are unknown, and what its block's expressions refer to.

        Raises `Unreadable` for what is no object of values, or wholly unknown: there is nothing to judge.
        """
        try:
            return self._read(entry, references)
        except RecursionError as error:
            raise Unreadable("its values are nested too deeply") from error

    def _read(self, entry: dict[str, Any], references: dict[str, Any]) -> Resource:
        values = self._merge(entry["values"], entry["unknown"], references, entry["foreseen"])
        if not isinstance(values, dict):
            raise Unreadable("nothing of it is known" if isinstance(values, Unknown) else "it has no values")
        values = values if entry["managed"] else _as_written(values)
        configuration = _configuration(values, entry["type"])
        lost = {key: [value] for key, value in values.items() if key not in configuration and isinstance(value, list)}
        special = {"__address__": entry["address"], "__change_actions__": entry["actions"], "__change_keys__": []}
        return Resource(entry["address"], entry["type"], entry["name"], entry["managed"], {**configuration, **lost, **special})

    def _merge(self, value: Any, unknown: Any, references: Any, foreseen: Any) -> Any:
        """Put unknown values where the plan marks them, at any depth, and leave out what is null."""
        if unknown is True:
            return self._unknown(references, foreseen)
        if unknown and value is not None and type(unknown) is not type(value):
            raise Unreadable("what it says of its values contradicts what it says is unknown of them")
        if isinstance(value, dict) or isinstance(unknown, dict):
            value, unknown = value or {}, unknown or {}
            merged = {
                key: self._merge(value.get(key), unknown.get(key), _step(references, key), _item(foreseen, key))
                for key in {**value, **unknown}
            }
            return {key: item for key, item in merged.items() if item is not None}
        if isinstance(value, list) or (isinstance(unknown, list) and unknown):
            pairs = enumerate(itertools.zip_longest(value or [], unknown or []))
            items = [self._merge(item, mark, _step(references, index), _item(foreseen, index)) for index, (item, mark) in pairs]
            mixed = any(isinstance(item, dict) for item in items) and any(isinstance(item, Unknown) for item in items)
            return self._unknown(references) if mixed else items
        return value

    def _unknown(self, references: Any, foreseen: Any = None) -> Unknown:
        return Unknown(f"{_TEXT} ({self._nonce}-{next(self._numbers)})", tuple(dict.fromkeys(_names(references))), foreseen)


def _configuration(values: dict[str, Any], type_: str) -> dict[str, Any]:
    """Give values checkov's shape; a document in a text, which it decodes, stays a text where that is no good."""
    try:
        return _bearable(_hclify(obj=values, resource_type=type_))
    except (RecursionError, ValueError):
        return _bearable(_hclify(obj=values))


def _bearable(value: dict[str, Any]) -> dict[str, Any]:
    """Return a value; raise `RecursionError` where it is nested more deeply than what judges it bears."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [item for each in level for item in (each.values() if isinstance(each, dict) else each) if isinstance(item, dict | list)]
        if not level:
            return value
    raise RecursionError


def _as_written(value: Any) -> Any:
    """Leave out what is empty, as a configuration does: checkov's checks of data sources know them from there alone."""
    if isinstance(value, dict):
        return {key: _as_written(item) for key, item in value.items() if item != []}
    return [_as_written(item) for item in value] if isinstance(value, list) else value


def _step(references: Any, key: str | int) -> Any:
    """Go down from what an expression refers to, to what a part of it does: where that is not told apart, to all."""
    if isinstance(references, dict):
        return references.get(key) if isinstance(key, str) else references
    if isinstance(references, list) and any(isinstance(item, dict) for item in references):
        return references[key] if isinstance(key, int) and key < len(references) else references
    return references


def _item(value: Any, key: str | int) -> Any:
    """Return an item of a mapping or a list; nothing where there is none."""
    if isinstance(value, list):
        return value[key] if isinstance(key, int) and key < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


def _names(references: Any) -> Iterator[str]:
    if isinstance(references, str):
        yield references
    elif isinstance(references, list | dict):
        for item in references.values() if isinstance(references, dict) else references:
            yield from _names(item)
