"""Text in Markdown, none of which can act: no markup, no link, no mention, no reference to an issue, no emoji."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape as escape_html

from paritycheck.inert import inert

_WORD = re.compile(r"(?P<before>[(\"']*)(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*|\d[\d,]*)(?P<after>[.,;:!?)\"']*)")
"""What stands for itself: letters or digits, with the punctuation of a sentence around them."""

_TOKEN = re.compile(r"(?P<before>[(\"']*)`(?P<code>[^`]+)`(?P<after>[.,;:!?)\"']*)(?=\s|$)|\S+")
"""A word, or what is written as code."""

_COMMIT = re.compile(r"[0-9a-f]{7,40}")
"""What GitHub takes for a commit."""

_CLOSING = str.maketrans("(", ")")

_TICKS = re.compile("`+")


def code(text: str) -> str:
    """Return a text of one line in a code span, where nothing acts; also within a table."""
    text = inert(text)
    if not text:
        return ""
    if "`" in text or "|" in text or text != text.strip():
        return f"<code>{_entities(text)}</code>"
    return f"`{text}`"


def prose(text: str) -> str:
    """Return a sentence of one line: plain words as they are, and all else, such as names, numbers with units and addresses, as code."""
    return " ".join(map(_token, _TOKEN.finditer(inert(text))))


def html(text: str) -> str:
    """Return a text of one line as HTML, where Markdown does not reach, in a code element: mentions and emoji are left alone there."""
    return f"<code>{escape_html(inert(text))}</code>" if text else ""


def fence(text: str, language: str) -> str:
    """Return lines in a fence that none of them can close."""
    text = inert(text, keep_lines=True)
    ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def details(heading: str, content: str, *, unfolded: bool = False) -> str:
    """Return Markdown to be folded and unfolded under a heading in HTML."""
    return f"<details{' open' if unfolded else ''}>\n<summary>{heading}</summary>\n\n{content}\n\n</details>"


def _token(token: re.Match[str]) -> str:
    return token["before"] + code(token["code"]) + token["after"] if token["code"] else _word(token[0])


def _word(text: str) -> str:
    found = _WORD.fullmatch(text)
    if not found or _COMMIT.fullmatch(found["word"]):
        return _named(text)
    number = found["word"][0].isdigit()
    return found["before"] + found["word"] + (re.sub(r"[.)]", r"\\\g<0>", found["after"]) if number else found["after"])


def _named(text: str) -> str:
    """Return a name as code, without the punctuation of the sentence around it."""
    before = text[: len(text) - len(text.lstrip("(\"'"))]
    name = text[len(before) :].rstrip(".,;:" + before.translate(_CLOSING)) or text[len(before) :]
    return before + code(name) + text[len(before) + len(name) :]


def _entities(text: str) -> str:
    """Write all that Markdown or HTML could take for something else as entities."""
    return "".join(character if character.isalnum() or character in " ." else f"&#{ord(character)};" for character in text)
