"""Untrusted text, made safe to print: every character that could act on a terminal, a log or a reader's eye is shown instead."""

from __future__ import annotations

import re

_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Characters that count as printable but show nothing: joiners, fillers and variation selectors."""

_COMMAND = re.compile(
    r"::(?=(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)\b)"
    r"|##(?=\[|vso\[)"
    r"|\[\[(?=ATTACHMENT\|)",
    re.IGNORECASE,
)
"""How a line starts that a CI runner obeys, wherever wrapping may put it, and what attaches a file to a test's result."""


def inert(text: str, *, keep_lines: bool = False) -> str:
    r"""Return the text with control, format and invisible characters as escapes such as ``\x1b``, and CI commands broken up.

    Line feeds are shown as ``\n`` too, unless `keep_lines`.
    """
    if keep_lines:
        return "\n".join(map(inert, text.split("\n")))
    if not text.isprintable() or _BLANK.search(text):
        text = "".join(_escape(character) for character in text)
    return _COMMAND.sub(lambda match: f"{match[0][0]}\\x{ord(match[0][1]):02x}", text)


def _escape(character: str) -> str:
    visible = character.isprintable() and not _BLANK.match(character)
    return character if visible else character.encode("unicode_escape").decode("ascii")


def shorten(text: str, limit: int) -> str:
    """Return at most about `limit` characters: the start and the end of a longer text, and how much is left out between."""
    if len(text) <= limit:
        return text
    head, tail = limit * 2 // 3, limit // 3
    return f"{text[:head]}[{len(text) - head - tail:,} characters left out]{text[-tail:]}"
