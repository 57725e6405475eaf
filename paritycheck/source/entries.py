"""What objects anywhere in a module hold under a key, outside of loops: statements of policies are often kept in such objects."""

from __future__ import annotations

from collections.abc import Iterator

from paritycheck.source.constructs import Call, Conditional, ObjectValue, TupleValue, children
from paritycheck.source.reading import read
from paritycheck.source.scope import Instance, Value
from paritycheck.source.syntax import Block, Expression

_OPEN = (ObjectValue, TupleValue, Call, Conditional)
"""Constructs whose parts see the same names as they do; a loop's do not."""


def find_entries(instance: Instance, key: str) -> Iterator[Value]:
    """Yield the values that a module's objects have for a key, in the order in which they are written."""
    for expression in _written(instance):
        if key in expression.text:
            yield from (Value(instance.scope, found) for found in _inside(expression, key))


def _written(instance: Instance) -> Iterator[Expression]:
    for attribute in instance.module.locals.values():
        yield attribute.value
    for block in instance.module.blocks.values():
        yield from _attributes(block)


def _attributes(block: Block) -> Iterator[Expression]:
    yield from (attribute.value for attribute in block.attributes.values())


def _inside(expression: Expression, key: str) -> Iterator[Expression]:
    """Walk down without recursion: sources may nest as deeply as they like."""
    waiting = [expression]
    while waiting:
        syntax = read(waiting.pop())
        if isinstance(syntax, ObjectValue):
            yield from (value for name, value in syntax.items if name == key)
        if isinstance(syntax, _OPEN):
            waiting += [child for child in reversed(list(children(syntax))) if key in child.text]
