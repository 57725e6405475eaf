"""Wildcard patterns as sets of texts.

In a policy's `Resource`, a wildcard stays within its segment of the ARN, unless it is an asterisk that ends the segment
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). In a condition on an ARN, all six
components are compared apart (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import takewhile

WILDCARDS = frozenset("*?")

_SEGMENTS = 5
"""How many colons separate an ARN's components; what follows the last is the resource's own name, colons included."""


class Wild(Enum):
    """A wildcard in a pattern."""

    ANY = "."
    """One character."""
    MANY = ".*"
    """Any number of characters."""
    ANY_IN_SEGMENT = "[^:]"
    """One character, but no colon."""
    MANY_IN_SEGMENT = "[^:]*"
    """Any number of characters, but no colon."""

    @property
    def repeats(self) -> bool:
        """Whether it stands for any number of characters."""
        return self in (Wild.MANY, Wild.MANY_IN_SEGMENT)

    def accepts(self, symbol: str) -> bool:
        """Whether a character can be here. A policy variable is any text, which only an asterisk without borders takes."""
        if len(symbol) > 1:
            return self is Wild.MANY
        return symbol != ":" or self in (Wild.ANY, Wild.MANY)


Symbol = str | Wild
"""A character, a policy variable as it is written (`${aws:username}`), or a wildcard."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A set of texts."""

    symbols: tuple[Symbol, ...]
    prefix: str = field(init=False, compare=False, repr=False)
    """The characters before the first wildcard or variable."""
    variables: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The policy variables in it."""

    def __post_init__(self) -> None:
        plain = takewhile(lambda symbol: isinstance(symbol, str) and len(symbol) == 1, self.symbols)
        object.__setattr__(self, "prefix", "".join(map(str, plain)))
        variables = tuple(symbol for symbol in self.symbols if isinstance(symbol, str) and len(symbol) > 1)
        object.__setattr__(self, "variables", variables)

    def __hash__(self) -> int:
        # Patterns are looked up far more often than they are made, and a text remembers its hash.
        return hash(self.prefix)

    @property
    def is_literal(self) -> bool:
        """Whether it is a single text."""
        return len(self.prefix) == len(self.symbols)

    def may_overlap(self, other: Pattern) -> bool:
        """Whether what it begins with leaves it something in common with another."""
        return self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)

    def matches(self, text: str) -> bool:
        """Whether it includes a text; its variables include none."""
        return _regex(self).fullmatch(text) is not None

    def fill(self, value: Callable[[str], str]) -> Pattern:
        """Return it with a text for every variable."""
        filled = (value(symbol) if isinstance(symbol, str) and len(symbol) > 1 else (symbol,) for symbol in self.symbols)
        return Pattern(tuple(symbol for part in filled for symbol in part))

    def widen(self) -> Pattern:
        """Return it with an asterisk for every variable: a variable can have any value."""
        return Pattern(tuple(Wild.MANY if isinstance(symbol, str) and len(symbol) > 1 else symbol for symbol in self.symbols))


EVERYTHING = Pattern((Wild.MANY,))


@lru_cache(maxsize=65536)
def text_pattern(text: str, *, variables: bool = False) -> Pattern:
    """Read a pattern of plain texts."""
    wild = {"*": Wild.MANY, "?": Wild.ANY}
    return Pattern(tuple(symbol if escaped else wild.get(symbol, symbol) for symbol, escaped in _split(text, variables=variables)))


@lru_cache(maxsize=65536)
def literal_pattern(text: str, *, variables: bool = False) -> Pattern:
    """Read a text in which asterisks and question marks are only that."""
    return Pattern(tuple(symbol for symbol, _ in _split(text, variables=variables)))


@lru_cache(maxsize=65536)
def arn_pattern(text: str, *, variables: bool = False) -> Pattern:
    """Read what a policy's `Resource` holds."""
    return Pattern(tuple(_place(list(_split(text, variables=variables)), ends_reach=True)))


@lru_cache(maxsize=65536)
def strict_arn_pattern(text: str, *, variables: bool = False) -> Pattern:
    """Read what a condition compares an ARN with."""
    return Pattern(tuple(_place(list(_split(text, variables=variables)), ends_reach=False)))


_PARTS = re.compile(r"(\$\{[*?$]\})|(\$\{[^${}]+\})|(.)", re.DOTALL)


def _split(text: str, *, variables: bool) -> Iterator[tuple[str, bool]]:
    """Yield characters and variables, and whether a character is no wildcard although it looks like one."""
    if not variables:
        yield from ((character, False) for character in text)
        return
    for match in _PARTS.finditer(text):
        escape, variable, character = match.groups()
        yield (escape[2], True) if escape else (variable or character, False)


def _place(parts: list[tuple[str, bool]], *, ends_reach: bool) -> Iterator[Symbol]:
    """Give every wildcard of an ARN its reach."""
    colons = 0
    for position, (symbol, escaped) in enumerate(parts):
        colons += symbol == ":"
        if escaped or symbol not in WILDCARDS:
            yield symbol
            continue
        ends = ends_reach and (position + 1 == len(parts) or parts[position + 1][0] == ":")
        if symbol == "?":
            yield Wild.ANY if colons >= _SEGMENTS else Wild.ANY_IN_SEGMENT
        else:
            yield Wild.MANY if ends or colons >= _SEGMENTS else Wild.MANY_IN_SEGMENT


@lru_cache(maxsize=65536)
def _regex(pattern: Pattern) -> re.Pattern[str]:
    parts = (symbol.value if isinstance(symbol, Wild) else re.escape(symbol) if len(symbol) == 1 else "(?!)" for symbol in pattern.symbols)
    return re.compile("".join(parts), re.DOTALL)
