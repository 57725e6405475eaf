"""How a value looks in a report for people: inert, short, and never to be mistaken for another one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from paritycheck.findings import Shown, Special, Word
from paritycheck.inert import inert, shorten

LIMIT = 160
"""Characters that a value may take before only a part of it is shown."""

_WORDS = 600
"""Characters of a `Word` that are shown."""

_CONTEXT = 24
"""Characters kept on either side of the part of a long value that differs."""

_LINES = 8
"""Lines that a text of many may take."""

_DEPTH = 16
"""Levels of a nested value that are written out."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def literal(value: Shown, depth: int = 0) -> str:
    """Write a value in one line, much as HCL does: strings quoted, `Special` members in parentheses, a `Word` as it is."""
    match value:
        case Special():
            return f"({value.value})"
        case Word():
            return inert(shorten(value, _WORDS))
        case str():
            return _quoted(value)
        case Mapping():
            items = (f"{_key(key)} = {literal(item, depth + 1)}" for key, item in value.items())
            return "{" + ("..." if value and depth >= _DEPTH else ", ".join(items)) + "}"
        case list() | tuple():
            return "[" + ("..." if value and depth >= _DEPTH else ", ".join(literal(item, depth + 1) for item in value)) + "]"
        case _:
            return _scalar(value)


def side_by_side(values: Mapping[str, Shown], limit: int = LIMIT) -> dict[str, str]:
    """Show each environment's value, in one line or more; of long values only the part in which they differ, and all of a `Word`."""
    texts = [value for value in values.values() if not isinstance(value, Special)]
    if any(isinstance(text, Word) for text in texts):
        return {name: literal(value) for name, value in values.items()}
    if texts and all(isinstance(text, str) and text.count("\n") > 1 for text in texts):
        lines = _differing_lines([text.split("\n") for text in texts])
        return {name: literal(value) if isinstance(value, Special) else lines.pop(0) for name, value in values.items()}
    shown = {name: literal(value) for name, value in values.items()}
    if max(map(len, shown.values()), default=0) <= limit:
        return shown
    quoted = all(isinstance(value, str) for value in texts)
    windows = _differing_parts([value if quoted else literal(value) for value in texts])
    return {
        name: literal(value) if isinstance(value, Special) else _window(*windows.pop(0), quoted=quoted, limit=limit)
        for name, value in values.items()
    }


def stands_alone(values: Mapping[str, Shown]) -> str | None:
    """Name the one environment whose value differs while all others, at least two, agree."""
    texts = {name: literal(value) for name, value in values.items()}
    counts = Counter(texts.values())
    if len(texts) < 3 or len(counts) != 2 or min(counts.values()) != 1:
        return None
    return next(name for name, text in texts.items() if counts[text] == 1)


def _quoted(text: str) -> str:
    """Quote a text; with single quotes where it holds double ones, as JSON inside a string does."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return quote + inert(text.replace("\\", "\\\\").replace(quote, "\\" + quote)) + quote


def _key(key: object) -> str:
    text = str(key)
    return text if _PLAIN_KEY.fullmatch(text) else _quoted(text)


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        return inert(shorten(str(value), LIMIT))
    except ValueError:  # more digits than Python is willing to write
        return "(a number of more than 4,000 digits)"


def _differing_parts(texts: Sequence[str]) -> list[tuple[int, str, int]]:
    """Cut what long texts have in common off both ends, but for some context: (characters cut, the rest, characters cut)."""
    head = common_length(texts)
    tail = common_length([text[head:][::-1] for text in texts])
    start = max(0, head - _CONTEXT)
    end = max(0, tail - _CONTEXT)
    return [(start, text[start : len(text) - end], end) for text in texts]


def _window(before: int, text: str, after: int, *, quoted: bool, limit: int) -> str:
    """Write a part of a long text; what is left out is counted outside the quotes."""
    parts = [text] if len(text) <= limit else [text[: limit * 2 // 3], text[-(limit // 3) :]]
    written = [_quoted(part) if quoted else part for part in parts]
    left_out = len(text) - sum(map(len, parts))
    return _cut(before) + _cut(left_out).join(written) + _cut(after)


def _cut(count: int) -> str:
    return f"[{count:,} characters left out]" if count else ""


def _differing_lines(texts: Sequence[Sequence[str]]) -> list[str]:
    """Show the lines in which texts differ, each behind a bar, and count those left out."""
    head = common_length(texts)
    tail = common_length([lines[head:][::-1] for lines in texts])
    return ["\n".join(_bars(lines[head : len(lines) - tail], head, tail)) for lines in texts]


def common_length(texts: Sequence[Sequence[str]]) -> int:
    """Count the items with which all begin; none where there is nothing to tell apart."""
    if all(text == texts[0] for text in texts):
        return 0
    columns = enumerate(zip(*texts, strict=False))
    return next((number for number, column in columns if len(set(column)) > 1), min(map(len, texts)))


def _bars(lines: Sequence[str], before: int, after: int) -> list[str]:
    shown = [f"| {inert(shorten(line, LIMIT))}" for line in lines[:_LINES]]
    more = len(lines) - len(shown)
    counts = [_count(before, "equal"), *shown, _count(more, "more"), _count(after, "equal")]
    return [line for line in counts if line]


def _count(lines: int, kind: str) -> str:
    return f"[{lines:,} {kind} {'line' if lines == 1 else 'lines'}]" if lines else ""
