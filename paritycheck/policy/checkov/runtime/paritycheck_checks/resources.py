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

    def read(self, entry: dict[str, Any], references: dict[str, Any]) -> Resource | None:
        """Read one resource: its values, which of them are unknown, and what its block's expressions refer to.

        Of what is no object of values, or wholly unknown, there is nothing to judge.
        """
        values = self._merge(entry["values"], entry["unknown"], references)
        if not isinstance(values, dict):
            return None
        configuration = _hclify(obj=values, resource_type=entry["type"])
        lost = {key: [value] for key, value in values.items() if key not in configuration and isinstance(value, list)}
        special = {"__address__": entry["address"], "__change_actions__": entry["actions"], "__change_keys__": []}
        return Resource(entry["address"], entry["type"], entry["name"], entry["managed"], {**configuration, **lost, **special})

    def _merge(self, value: Any, unknown: Any, references: Any) -> Any:
        """Put unknown values where the plan marks them, at any depth, and leave out what is null."""
        if unknown is True:
            return self._unknown(references)
        if isinstance(value, dict) or isinstance(unknown, dict):
            value, unknown = value or {}, unknown if isinstance(unknown, dict) else {}
            merged = {key: self._merge(value.get(key), unknown.get(key), _step(references, key)) for key in {**value, **unknown}}
            return {key: item for key, item in merged.items() if item is not None}
        if isinstance(value, list) or (isinstance(unknown, list) and unknown):
            marks = unknown if isinstance(unknown, list) else []
            pairs = enumerate(itertools.zip_longest(value or [], marks))
            items = [self._merge(item, mark, _step(references, index)) for index, (item, mark) in pairs]
            mixed = any(isinstance(item, dict) for item in items) and any(isinstance(item, Unknown) for item in items)
            return self._unknown(references) if mixed else items
        return value

    def _unknown(self, references: Any) -> Unknown:
        return Unknown(f"{_TEXT} ({self._nonce}-{next(self._numbers)})", tuple(dict.fromkeys(_names(references))))


def _step(references: Any, key: str | int) -> Any:
    """Go down from what an expression refers to, to what a part of it does: where that is not told apart, to all."""
    if isinstance(references, dict):
        return references.get(key) if isinstance(key, str) else references
    if isinstance(references, list) and any(isinstance(item, dict) for item in references):
        return references[key] if isinstance(key, int) and key < len(references) else references
    return references


def _names(references: Any) -> Iterator[str]:
    if isinstance(references, str):
        yield references
    elif isinstance(references, list | dict):
        for item in references.values() if isinstance(references, dict) else references:
            yield from _names(item)
