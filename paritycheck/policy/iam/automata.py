"""How patterns lie to each other, decided exactly, by walking their automata side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from paritycheck.policy.iam.patterns import EVERYTHING, Pattern, Wild

_STATES = 20_000
"""How many states a comparison of patterns may reach."""
_STEPS = 200_000
"""How many steps it may take."""


class IntractableError(Exception):
    """Patterns that take too long to compare."""


def includes(wide: Pattern, narrow: Pattern) -> bool:
    """Whether a pattern has all texts of another."""
    return find_text([narrow], [wide]) is None


def overlaps(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns have a text in common."""
    return find_text([one, other], []) is not None


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
        if steps > _STEPS or len(came) > _STATES:
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
