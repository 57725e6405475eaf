"""HTML from values: every text is inert and escaped on its way in, so that no name and no value can become markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from paritycheck.inert import inert

VOID = frozenset({"br", "input", "meta"})
"""The elements used here that have no content and no end tag."""

_INLINE = frozenset({"a", "b", "button", "code", "mark", "span"})
"""The elements within a line; after others a line ends, so that a page can be read, and compared line by line."""


class Markup(str):
    """HTML that is finished; any other text is still to be escaped."""

    __slots__ = ()


Content = str | None | Iterable["Content"]
"""What may stand in an element: texts, finished markup, nothing, or a sequence of these."""

Attribute = str | int | bool | None
"""The value of an attribute: `True` for one without a value, `None` or `False` for none."""


def element(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Return an element; a trailing underscore of an attribute's name is dropped, others become hyphens."""
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    end = "" if name in _INLINE else "\n"
    return Markup(start + end if name in VOID else f"{start}{join(*content)}</{name}>{end}")


def join(*content: Content) -> Markup:
    """Return one thing behind the other."""
    return Markup("".join(map(_written, content)))


def spaced(*content: Content) -> Markup:
    """Return one thing behind the other, with a space between, so that they are not one word to those who copy or hear them."""
    return Markup(" ".join(filter(None, map(_written, content))))


def text(content: str) -> Markup:
    """Return a text of one line or more as it reads, whatever is in it."""
    return Markup(escape(inert(content, keep_lines=True)))


def code(*content: Content, **attributes: Attribute) -> Markup:
    """Return what is a name or a value, and no sentence."""
    return element("code", *content, **attributes)


def prose(content: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    parts = content.split("`")
    if len(parts) % 2 == 0:
        return text(content)
    return join(code(part) if number % 2 else part for number, part in enumerate(parts))


def _written(content: Content) -> str:
    match content:
        case None:
            return ""
        case Markup():
            return content
        case str():
            return text(content)
        case _:
            return join(*content)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
