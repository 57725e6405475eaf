# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""The questions that are asked of syntax and of values; each kind of them is answered where it belongs.

Every function here has an answer for each type in one of the other modules. The ones for what nobody answers are here:
syntax without an answer is looked through, and values without one have nothing to say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import singledispatch

from paritycheck.policy.calls.model import UNKNOWN
from paritycheck.policy.calls.objects import NOTHING, Arguments, Aws, Method, Value, Values
from paritycheck.policy.calls.state import Here

SOME: Values = frozenset({UNKNOWN})
"""A value of which nothing is known."""


@singledispatch
def evaluate(node: ast.AST, here: Here) -> Values:
    """Return what an expression may be, and note what evaluating it does."""
    for child in ast.iter_child_nodes(node):
        evaluate(child, here)
    return NOTHING


@singledispatch
def run(node: ast.AST, here: Here) -> None:
    """Note what a statement does."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            run(child, here)
        elif isinstance(child, ast.expr):
            evaluate(child, here)


@singledispatch
def assign(target: ast.AST, values: Values, here: Here) -> None:
    """Let the target of an assignment be these values."""


@singledispatch
def attribute(value: Value, name: str, here: Here, node: ast.AST) -> Values:
    """Return what an attribute of a value may be."""
    return SOME


@singledispatch
def set_attribute(value: Value, name: object, values: Values, here: Here, node: ast.AST) -> None:
    """Let an attribute of a value be these values; `ANY` is an attribute whose name is not known."""


@singledispatch
def item(value: Value, keys: Values, here: Here, node: ast.AST) -> Values:
    """Return what the item of a value under one of these keys may be; keys that are no texts are anything."""
    return elements(value, here, node)


@singledispatch
def set_item(value: Value, keys: Values, values: Values, here: Here, node: ast.AST) -> None:
    """Let an item of a value be these values."""


@singledispatch
def elements(value: Value, here: Here, node: ast.AST) -> Values:
    """Return what iterating over a value may give."""
    return SOME


@singledispatch
def call(value: Value, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return what calling a value may answer, and note what the call does."""
    return SOME


@singledispatch
def call_method(receiver: Aws, name: str, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return what a method of an object that stands for AWS may answer, and note the calls that it makes."""
    return SOME


@call.register
def _(method: Method, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return call_method(method.receiver, method.name, arguments, here, node)


def attributes(values: Iterable[Value], name: str, here: Here, node: ast.AST) -> Values:
    """Return what an attribute of any of the values may be."""
    return NOTHING.union(*(attribute(value, name, here, node) for value in values))


def items(values: Iterable[Value], keys: Values, here: Here, node: ast.AST) -> Values:
    """Return what an item of any of the values may be."""
    return NOTHING.union(*(item(value, keys, here, node) for value in values))


def all_elements(values: Iterable[Value], here: Here, node: ast.AST) -> Values:
    """Return what iterating over any of the values may give."""
    return NOTHING.union(*(elements(value, here, node) for value in values))


def calls(values: Iterable[Value], arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return what calling any of the values may answer."""
    return NOTHING.union(*(call(value, arguments, here, node) for value in values))
