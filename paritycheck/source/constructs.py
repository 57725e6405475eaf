"""The constructs that expressions are made of; what stands inside is an `Expression` that is not looked into yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from paritycheck.source.syntax import Expression


class Every(Enum):
    """The type of `EVERY`."""

    EVERY = "*"


EVERY = Every.EVERY
"""A step that stands for all elements of a collection, as a splat does."""

Step = str | int | Every | Expression
"""From a collection to an element: attribute name or key, index, `EVERY`, or an expression that computes the key."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string, boolean or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Template:
    """Text with interpolations; `parts` holds plain texts and expressions. `plain` where it has no directives."""

    parts: tuple[str | Expression, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """``{key = value}``; a key is a plain name or an expression."""

    items: tuple[tuple[str | Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class TupleValue:
    """``[item, item]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """``var.name.field[0]``: the first name, and the steps after it."""

    root: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Traversal:
    """Steps into something other than a name, such as ``merge(a, b).field``."""

    base: Expression
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``name(argument, ...)``."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? yes : no``."""

    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class For:
    """``{for key, value in collection : result_key => result if condition}``, or with brackets and no result key."""

    names: tuple[str, ...]
    collection: Expression
    result_key: Expression | None
    result: Expression
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic, comparison or logic."""

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """Text that is not understood, such as a syntax error."""


Syntax = Literal | Template | ObjectValue | TupleValue | Reference | Traversal | Call | Conditional | For | Operation | Opaque


def children(syntax: Syntax) -> Iterator[Expression]:
    """Yield every expression directly inside a construct."""
    match syntax:
        case Template(parts):
            yield from (part for part in parts if isinstance(part, Expression))
        case ObjectValue(items):
            for key, value in items:
                yield from (key, value) if isinstance(key, Expression) else (value,)
        case TupleValue(items) | Call(_, items) | Operation(_, items):
            yield from items
        case Reference(_, steps):
            yield from (step for step in steps if isinstance(step, Expression))
        case Traversal(base, steps):
            yield base
            yield from (step for step in steps if isinstance(step, Expression))
        case Conditional(condition, yes, no):
            yield from (condition, yes, no)
        case For(_, collection, key, result, condition):
            yield from (part for part in (collection, key, result, condition) if part)
        case _:
            return
