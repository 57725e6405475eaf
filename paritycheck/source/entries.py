"""What a module's objects hold under a key, or which of them has it as its Sid, outside of loops: statements of policies."""

from __future__ import annotations

from collections.abc import Iterator

from paritycheck.source.constructs import Call, Conditional, Literal, ObjectValue, TupleValue, children
from paritycheck.source.reading import read
from paritycheck.source.scope import Instance, Value
from paritycheck.source.syntax import Block, Expression

_OPEN = (ObjectValue, TupleValue, Call, Conditional)
"""Constructs whose parts see the same names as they do; a loop's do not."""


def find_entries(instance: Instance, key: str, first: Block | None) -> Iterator[Value]:
    """Yield the values that objects have for a key, and the objects whose `sid` is that text: those of a block first."""
    for expression in _written(instance, first):
        if key in expression.text:
            yield from (Value(instance.scope, found) for found in _inside(expression, key))


def _written(instance: Instance, first: Block | None) -> Iterator[Expression]:
    others = (block for block in instance.module.blocks.values() if block is not first)
    for attributes in (
        *([first.attributes] if first else []),
        instance.module.locals,
        *(block.attributes for block in others),
    ):
        yield from (attribute.value for attribute in attributes.values())


def _inside(expression: Expression, key: str) -> Iterator[Expression]:
    """Walk down without recursion: sources may nest as deeply as they like."""
    waiting = [expression]
    while waiting:
        expression = waiting.pop()
        syntax = read(expression)
        if isinstance(syntax, ObjectValue):
            yield from (value for name, value in syntax.items if name == key)
            if any(str(name).lower() == "sid" and read(value) == Literal(key) for name, value in syntax.items if isinstance(name, str)):
                yield expression
        if isinstance(syntax, _OPEN):
            waiting += [child for child in reversed(list(children(syntax))) if key in child.text]
