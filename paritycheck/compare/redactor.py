"""No secret leaves: every text of a report passes through here."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import quote

from paritycheck.findings import Allowed, Finding
from paritycheck.plan.jsontext import decode_embedded

T = TypeVar("T", Finding, Allowed)

REDACTED = "(sensitive)"

_SHORTEST = 4
"""Characters below which a secret is looked for as a whole value only: as a part it is in every text."""
_PART = 8
"""Characters from which on a line or a JSON member of a secret is a secret too."""


class Redactor:
    """Blots out the copies of secrets inside other texts, in the forms in which they are usually written."""

    def __init__(self, secrets: Iterable[Any] = ()) -> None:
        """Take sensitive values of any shape; they are kept as texts, and shown by nothing."""
        texts = {text for secret in secrets for text in _texts(secret)}
        self._whole = frozenset(form for text in texts for form in _forms(text))
        lengths: dict[str, set[int]] = {}
        for text in self._whole:
            if len(text) >= _SHORTEST:
                lengths.setdefault(text[:_SHORTEST], set()).add(len(text))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._start = _any_start(lengths)

    def redact(self, value: Any) -> Any:
        """Return JSON data without any secret in it, in keys neither."""
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._text(value)
        if isinstance(value, dict):
            return {self.redact(key): self.redact(part) for key, part in value.items()}
        if isinstance(value, list):
            return list(map(self.redact, value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return REDACTED if len(str(value)) >= _SHORTEST and str(value) in self._whole else value
        return value

    def redact_finding(self, finding: T) -> T:
        """Return a `Finding`, or an `Allowed`, without any secret in what it says."""
        changes: dict[str, Any] = {}
        for name in ("address", "message", "hint", "path", "cause"):
            if text := getattr(finding, name, None):
                changes[name] = self._text(text)
        changes["values"] = {environment: self.redact(value) for environment, value in finding.values.items()}
        if isinstance(finding, Finding):
            changes["related"] = tuple(replace(place, message=self._text(place.message)) for place in finding.related)
        return replace(finding, **changes)

    def _text(self, text: str) -> str:
        if text in self._whole:
            return REDACTED
        pieces: list[str] = []
        position = start = 0
        while begin := self._start.search(text, position):
            position = begin.start()
            found = self._at(text, position)
            if found:
                pieces += [text[start:position], REDACTED]
                start = position + found
            position += found or 1
        return "".join([*pieces, text[start:]]) if pieces else text

    def _at(self, text: str, position: int) -> int:
        """Return the length of the longest secret that starts here, or 0."""
        lengths = self._lengths.get(text[position : position + _SHORTEST], ())
        return next((length for length in lengths if text[position : position + length] in self._whole), 0)

    def __repr__(self) -> str:
        return f"Redactor({len(self._whole)} texts)"


def _any_start(texts: Iterable[str]) -> re.Pattern[str]:
    """Return an expression that matches where one of the texts may start, by its first two characters."""
    seconds: dict[str, set[str]] = {}
    for text in texts:
        seconds.setdefault(text[0], set()).add(text[1])
    pairs = (f"{re.escape(first)}[{re.escape(''.join(sorted(found)))}]" for first, found in sorted(seconds.items()))
    return re.compile("|".join(pairs) or "(?!)")


def _texts(secret: Any) -> Iterator[str]:
    """Yield the texts in a sensitive value: also its lines, and the members of JSON that it holds."""
    if isinstance(secret, dict):
        for key, part in secret.items():
            yield from _texts(part)
            yield from (key,) if len(key) >= _PART else ()
    elif isinstance(secret, list):
        for part in secret:
            yield from _texts(part)
    elif isinstance(secret, str):
        yield from _lines(secret)
        yield from (part for part in _texts(decode_embedded(secret)) if len(part) >= _PART)
    elif isinstance(secret, int | Decimal) and not isinstance(secret, bool):
        text = str(Decimal(secret))
        yield from (text,) if len(text) >= _SHORTEST else ()


def _lines(text: str) -> Iterator[str]:
    if text.strip():
        yield text
        yield text.strip()
    lines = text.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= _PART)


def _forms(text: str) -> Iterator[str]:
    """Yield a secret as itself, and as JSON, URLs and base64 write it."""
    yield text
    if len(text) >= _SHORTEST:
        plain = json.dumps(text, ensure_ascii=False)[1:-1]
        go = plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        for form in (plain, json.dumps(text)[1:-1], go):
            yield form
            yield json.dumps(form, ensure_ascii=False)[1:-1]
        octets = text.encode("utf-8", "surrogatepass")
        yield quote(octets, safe="")
        yield quote(octets)
        yield base64.b64encode(octets).decode()
        yield base64.b64encode(octets).decode().rstrip("=")
