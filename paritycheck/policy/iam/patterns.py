"""Wildcard patterns as sets of texts: whether one matches, overlaps or includes others, decided exactly.

In a policy's `Resource`, a wildcard stays within its segment of the ARN, unless it is an asterisk that ends the segment
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). In a condition on an ARN, all six
components are compared apart (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import count, takewhile

WILDCARDS = frozenset("*?")

_SEGMENTS = 5
"""How many colons separate an ARN's components; what follows the last is the resource's own name, colons included."""

_LIMIT = 20_000
"""How many steps a comparison of patterns may take."""


class IntractableError(Exception):
    """Patterns that take too long to compare."""


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

    def __post_init__(self) -> None:
        plain = takewhile(lambda symbol: isinstance(symbol, str) and len(symbol) == 1, self.symbols)
        object.__setattr__(self, "prefix", "".join(map(str, plain)))

    def __hash__(self) -> int:
        # Patterns are looked up far more often than they are made, and a text remembers its hash.
        return hash(self.prefix)

    @property
    def variables(self) -> tuple[str, ...]:
        """The policy variables in it."""
        return tuple(symbol for symbol in self.symbols if isinstance(symbol, str) and len(symbol) > 1)

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

    def includes(self, other: Pattern) -> bool:
        """Whether all texts of another are its own."""
        return find_text([other], [self]) is None

    def overlaps(self, other: Pattern) -> bool:
        """Whether it has a text in common with another."""
        return find_text([self, other], []) is not None

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


def find_text(inside: Sequence[Pattern], outside: Sequence[Pattern]) -> str | None:
    """Return a text that is in all of the first patterns and in none of the second; `None` where there is none.

    A variable of a single first pattern is the same text wherever it stands. Raise `IntractableError` where finding out would
    take too long.
    """
    outside = [pattern for pattern in outside if pattern.may_overlap(inside[0])]
    if any(pattern in outside or not pattern.may_overlap(inside[0]) for pattern in inside):
        return None
    if len(inside) == 1 and inside[0].is_literal:
        text = "".join(map(str, inside[0].symbols))
        return None if any(pattern.matches(text) for pattern in outside) else text
    if sum(pattern != EVERYTHING for pattern in inside) > 1:
        inside = [pattern.widen() for pattern in inside]
    automata = [_automaton(pattern) for pattern in (*inside, *outside)]
    return _search(automata[: len(inside)], automata[len(inside) :])


def _search(inside: Sequence[_Automaton], outside: Sequence[_Automaton]) -> str | None:
    """Walk all automata at once, breadth first, so that the text is a shortest one."""
    alphabet = _alphabet((*inside, *outside))
    start = (*(each.start for each in inside), *(each.start for each in outside))
    came: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None] = {start: None}
    queue = deque([start])
    steps = 0
    while queue:
        state = queue.popleft()
        if all(map(_Automaton.accepts, inside, state)) and not any(map(_Automaton.accepts, outside, state[len(inside) :])):
            return _trace(came, state)
        for symbol in alphabet:
            steps += 1
            following = _follow(inside, outside, state, symbol)
            if following is not None and following not in came:
                came[following] = (state, symbol)
                queue.append(following)
        if steps > _LIMIT * 10 or len(came) > _LIMIT:
            raise IntractableError
    return None


def _follow(inside: Sequence[_Automaton], outside: Sequence[_Automaton], state: tuple[int, ...], symbol: str) -> tuple[int, ...] | None:
    """Return the next states; `None` where nothing beyond them can be found."""
    following = []
    for automaton, bits in zip(inside, state, strict=False):
        step = automaton.follow(bits, symbol)
        if not step:
            return None
        following.append(step)
    for automaton, bits in zip(outside, state[len(inside) :], strict=True):
        step = automaton.follow(bits, symbol)
        if step & automaton.forever:
            return None
        following.append(step)
    return tuple(following)


def _trace(came: Mapping[tuple[int, ...], tuple[tuple[int, ...], str] | None], state: tuple[int, ...]) -> str:
    symbols = []
    step = came[state]
    while step:
        state, symbol = step
        symbols.append(symbol)
        step = came[state]
    return "".join(reversed(symbols))


def _alphabet(automata: Iterable[_Automaton]) -> list[str]:
    """Return all characters that the patterns tell apart: theirs, the colon, and one that stands for the rest."""
    symbols = {":", *(symbol for automaton in automata for symbol in automaton.literals)}
    rest = next(character for character in map(chr, count(ord("a"))) if character not in symbols)
    return [rest, *sorted(symbols)]


@dataclass(frozen=True, slots=True)
class _Automaton:
    """A pattern as a machine whose states are bits: bit n is set where the first n symbols are behind."""

    start: int
    literals: Mapping[str, int]
    """The bits from which a character leads on."""
    wild: Mapping[Wild, int]
    """The bits at which a wildcard stands."""
    repeats: int
    """The bits at which a wildcard stands for any number of characters."""
    end: int
    forever: int
    """The bits from which every text is accepted."""

    def accepts(self, bits: int) -> bool:
        return bool(bits & self.end)

    def follow(self, bits: int, symbol: str) -> int:
        one = self.literals.get(symbol, 0)
        many = 0
        for wild, places in self.wild.items():
            if wild.accepts(symbol):
                if wild.repeats:
                    many |= places
                else:
                    one |= places
        return self.close(((bits & one) << 1) | (bits & many))

    def close(self, bits: int) -> int:
        """Add what is reached by a wildcard that stands for nothing."""
        while (wider := bits | ((bits & self.repeats) << 1)) != bits:
            bits = wider
        return bits


@lru_cache(maxsize=65536)
def _automaton(pattern: Pattern) -> _Automaton:
    literals: dict[str, int] = {}
    wild: dict[Wild, int] = {}
    for place, symbol in enumerate(pattern.symbols):
        if isinstance(symbol, Wild):
            wild[symbol] = wild.get(symbol, 0) | 1 << place
        else:
            literals[symbol] = literals.get(symbol, 0) | 1 << place
    repeats = wild.get(Wild.MANY, 0) | wild.get(Wild.MANY_IN_SEGMENT, 0)
    size = len(pattern.symbols)
    forever = 1 << size - 1 if size and pattern.symbols[-1] is Wild.MANY else 0
    bare = _Automaton(1, literals, wild, repeats, 1 << size, forever)
    return _Automaton(bare.close(1), literals, wild, repeats, 1 << size, forever)


@lru_cache(maxsize=65536)
def _regex(pattern: Pattern) -> re.Pattern[str]:
    parts = (symbol.value if isinstance(symbol, Wild) else re.escape(symbol) if len(symbol) == 1 else "(?!)" for symbol in pattern.symbols)
    return re.compile("".join(parts), re.DOTALL)
