"""pydantic's errors, in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from paritycheck.config.document import ParitySection
from paritycheck.config.yamltext import Document, Path
from paritycheck.errors import ConfigError, Location

_MOST = 5
_LONGEST = 60
_KINDS = {
    "string_type": "a text",
    "int_type": "a number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_NAMES = "A name has letters, digits, dots, dashes and underscores, begins with a letter or digit, and has at most 63 of them."


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake in the file."""

    text: str
    hint: str | None
    location: Location

    def __str__(self) -> str:
        return f"{self.location}: {self.text}"


def validate(document: Document) -> ParitySection:
    """Return the checked file. Raises `ConfigError` for the first mistake in it, with the others as details."""
    try:
        return ParitySection.model_validate(document.data)
    except ValidationError as error:
        complaints = [_complaint(each, document) for each in error.errors(include_url=False)]
    raise as_error(complaints)


def as_error(complaints: Iterable[Complaint]) -> ConfigError:
    """Return an error for the mistake that comes first in the file, with the others as details."""
    first, *others = sorted(set(complaints), key=lambda found: (found.location.line, found.location.column or 0, found.text))
    more = [f"and {len(others) - _MOST} more"] if len(others) > _MOST else []
    details = [str(each) for each in others[:_MOST]] + more
    return ConfigError(first.text, hint=first.hint, location=first.location, details="\n".join(details) or None)


def dotted(path: Path) -> str:
    """Return a path as a person writes it: `allow[0].reason`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the file"


def did_you_mean(word: str, accepted: Iterable[str]) -> str:
    """Return a hint that names the word that was probably meant, or all that are accepted."""
    accepted = list(accepted)
    close = get_close_matches(word, accepted, 1, 0.6)
    return f"Did you mean {close[0]}?" if close else f"It may be {', '.join(accepted)}."


def _complaint(error: ErrorDetails, document: Document) -> Complaint:
    path = tuple(step for step in error["loc"] if step != "[key]")
    text, hint = _words(error, path)
    return Complaint(text, hint, document.place(path))


def _words(error: ErrorDetails, path: Path) -> tuple[str, str | None]:
    where, kind, value = dotted(path), error["type"], error.get("input")
    accepted = _fields(path[:-1])
    hint = accepted.get(str(path[-1])) if path else None
    match kind:
        case "extra_forbidden":
            return f"{dotted(path[:-1])} has no key {str(path[-1])!r}", did_you_mean(str(path[-1]), accepted)
        case "missing":
            text = f"{where} is missing"
        case "literal_error":
            options = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            text, hint = f"{where} is {_shown(value)}, which is not accepted", did_you_mean(str(value), options)
        case "string_pattern_mismatch" if isinstance(value, str) and value.strip():
            text, hint = f"{_shown(value)} is no name for {dotted(path[:-1])}", _NAMES
        case "string_pattern_mismatch" | "too_short":
            text = f"{where} is empty"
        case "value_error":
            text = f"{where} {error['ctx']['error']}, not {_shown(value)}"
        case _ if kind in _KINDS:
            text = f"{where} must be {_KINDS[kind]}, not {_type_name(value)}"
        case _:
            text = f"{where}: {error['msg']}"
    return text, hint


def _fields(path: Path) -> Mapping[str, str | None]:
    """Return the keys that a section accepts, with what they mean."""
    found: Any = ParitySection
    for step in path:
        model = _section(found)
        field = model.model_fields.get(str(step)) if model else None
        found = field.annotation if field else found if model is None else None
    return {name: field.description for name, field in model.model_fields.items()} if (model := _section(found)) else {}


def _section(annotation: Any) -> type[BaseModel] | None:
    """Return the section that an annotation such as `list[Section]` is about."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _section(inner))), None)


def _type_name(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a mapping"}
    return names.get(type(value), "nothing")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
