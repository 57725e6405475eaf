"""`parity.yaml` held against its published JSON Schema, so that an editor and this tool accept the same.

NOTE: Only the keywords that the schema uses are known here, which a test proves. A model class would say the same, but building one
takes longer than a whole answer may: an error in `parity.yaml` must be told in a fraction of a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from paritycheck.config.yamltext import Document, Path
from paritycheck.errors import ConfigError, Location

_MOST = 5
_LONGEST = 60
_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "a mapping"),
    "array": ((list,), "a list"),
    "string": ((str,), "a text"),
    "number": ((int, float), "a number"),
    "null": ((type(None),), "nothing"),
}

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake in the file."""

    text: str
    hint: str | None
    location: Location

    def __str__(self) -> str:
        return f"{self.location}: {self.text}"


def validate(document: Document) -> None:
    """Raise `ConfigError` for the first mistake against the schema, with the others as details."""
    complaints = list(_Validator(document).check(document.data, schema(), ()))
    if complaints:
        raise as_error(complaints)


@cache
def schema() -> Schema:
    """Return the JSON Schema of `parity.yaml`."""
    loaded: Schema = json.loads((FilePath(__file__).parent / "parity.schema.json").read_text(encoding="utf-8"))
    return loaded


def as_error(complaints: Iterable[Complaint]) -> ConfigError:
    """Return an error for the mistake that comes first in the file, with the others as details."""
    first, *others = sorted(set(complaints), key=lambda found: (found.location.line, found.location.column or 0, found.text))
    more = [f"and {len(others) - _MOST} more"] if len(others) > _MOST else []
    details = [str(each) for each in others[:_MOST]] + more
    return ConfigError(first.text, hint=first.hint, location=first.location, details="\n".join(details) or None)


def did_you_mean(word: str, accepted: Iterable[str]) -> str:
    """Return a hint that names the word that was probably meant, or all that are accepted."""
    accepted = list(accepted)
    close = get_close_matches(word, accepted, 1)
    return f"Did you mean {close[0]}?" if close else f"Accepted: {', '.join(accepted)}."


def dotted(path: Path) -> str:
    """Return a path as a person writes it: `allow[0].reason`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the file"


class _Validator:
    """Checks one document; each method takes a value, its schema and its path."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def check(self, value: Any, part: Schema, path: Path) -> Iterator[Complaint]:
        part = _resolved(part)
        if "enum" in part and (isinstance(value, bool) or value not in part["enum"]):
            accepted = did_you_mean(str(value), map(str, part["enum"]))
            yield self._complain(f"{dotted(path)} is {_shown(value)}, which is not accepted", accepted, path)
        elif not _has_type(value, part):
            wanted = " or ".join(_TYPES[name][1] for name in _types(part) if name != "null")
            hint = "Put it in quotes." if wanted == "a text" and isinstance(value, int | float) else part.get("description")
            yield self._complain(f"{dotted(path)} must be {wanted}, not {_type_name(value)}", hint, path)
        elif isinstance(value, dict):
            yield from self._mapping(value, part, path)
        elif isinstance(value, list):
            yield from self._list(value, part, path)
        elif isinstance(value, str):
            yield from self._text(value, part, path)

    def _mapping(self, value: dict[str, Any], part: Schema, path: Path) -> Iterator[Complaint]:
        known, others = part.get("properties", {}), part.get("additionalProperties", {})
        for name in part.get("required", ()):
            if name not in value:
                yield self._complain(f"{dotted((*path, name))} is missing", _resolved(known[name]).get("description"), path)
        if len(value) < part.get("minProperties", 0):
            found = f"only {next(iter(value))}" if value else "nothing"
            yield self._complain(f"{dotted(path)} holds {found}: it takes {part['minProperties']} or more", part.get("description"), path)
        for name, inner in value.items():
            here = (*path, name)
            if name in known:
                yield from self.check(inner, known[name], here)
            elif others is False:
                yield self._complain(f"{dotted(path)} has no key {_shown(name)}", did_you_mean(name, known), here)
            else:
                yield from self._name(name, part, here)
                yield from self.check(inner, others, here)

    def _name(self, name: str, part: Schema, path: Path) -> Iterator[Complaint]:
        names = _resolved(part.get("propertyNames", {}))
        if not re.search(names.get("pattern", ""), name):
            yield self._complain(f"{_shown(name)} is not accepted as a name in {dotted(path[:-1])}", names["description"], path)

    def _list(self, value: list[Any], part: Schema, path: Path) -> Iterator[Complaint]:
        if len(value) < part.get("minItems", 0):
            yield self._complain(f"{dotted(path)} is empty", part.get("description"), path)
        for index, inner in enumerate(value):
            yield from self.check(inner, part.get("items", {}), (*path, index))

    def _text(self, value: str, part: Schema, path: Path) -> Iterator[Complaint]:
        if not value.strip() and "pattern" in part:
            yield self._complain(f"{dotted(path)} is empty", part.get("description"), path)
        elif not re.search(part.get("pattern", ""), value):
            yield self._complain(f"{dotted(path)} is {_shown(value)}, which is not accepted", part.get("description"), path)
        elif part.get("format") == "date" and not _is_date(value):
            yield self._complain(f"{dotted(path)} is {_shown(value)}, which is no date", part.get("description"), path)

    def _complain(self, text: str, hint: str | None, path: Path) -> Complaint:
        return Complaint(text, hint, self._document.place(path))


def _resolved(part: Schema) -> Schema:
    """Return a schema with what it refers to; its own description wins."""
    reference = part.get("$ref")
    return {**schema()["$defs"][reference.rpartition("/")[2]], **part} if reference else part


def _types(part: Schema) -> list[str]:
    names = part.get("type", [])
    return [names] if isinstance(names, str) else names


def _has_type(value: Any, part: Schema) -> bool:
    names = _types(part)
    return not names or (not isinstance(value, bool) and any(isinstance(value, _TYPES[name][0]) for name in names))


def _type_name(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    return next((name for types, name in _TYPES.values() if isinstance(value, types)), "that")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
