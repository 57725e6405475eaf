"""Expressions that make containers: lists, tuples, sets, mappings, and comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    assign,
    evaluate,
    items,
)
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.objects import (
    ANY,
    KEYS,
    NOTHING,
    Container,
    Values,
)
from paritycheck.policy.calls.spreading import read_positional
from paritycheck.policy.calls.state import Here

_FIRST, _SECOND = (frozenset({Text(place)}) for place in ("0", "1"))


@evaluate.register(ast.List)
@evaluate.register(ast.Set)
def _(node: ast.List | ast.Set, here: Here) -> Values:
    made = here.make("sequence", node)
    here.write(made, ANY, NOTHING.union(*[evaluate(each, here) for each in node.elts]))
    return frozenset({made})


@evaluate.register
def _(node: ast.Tuple, here: Here) -> Values:
    made = here.make("tuple", node)
    places, more = read_positional(node.elts, here, node)
    for index, values in enumerate(places):
        here.write(made, index, values)
    here.write(made, ANY, more)
    return frozenset({made})


@evaluate.register
def _(node: ast.Dict, here: Here) -> Values:
    made = here.make("mapping", node)
    for key, value in zip(node.keys, node.values, strict=True):
        values = evaluate(value, here)
        if key is None:
            copy_mapping(values, made, here, node)
        else:
            put(made, evaluate(key, here), values, here)
    return frozenset({made})


def put(made: Container, keys: Values, values: Values, here: Here) -> None:
    """Let a mapping hold these values under these keys."""
    for key in keys or SOME:
        if isinstance(key, Text):
            here.write(made, key.value, values)
        else:
            here.write(made, KEYS, frozenset({key}))
            here.write(made, ANY, values)


def copy_mapping(values: Values, made: Container, here: Here, node: ast.AST) -> None:
    """Let a mapping hold what these mappings hold."""
    for value in values:
        if isinstance(value, Container) and value.kind in {"mapping", "keywords"}:
            for name in here.names(value):
                here.write(made, name, here.read(value, name))
        elif isinstance(value, Container):
            pairs = all_elements({value}, here, node)
            put(made, items(pairs, _FIRST, here, node), items(pairs, _SECOND, here, node), here)
        else:
            here.write(made, KEYS, SOME)
            here.write(made, ANY, items({value}, SOME, here, node) | SOME)


@evaluate.register(ast.ListComp)
@evaluate.register(ast.SetComp)
@evaluate.register(ast.GeneratorExp)
def _(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, here: Here) -> Values:
    made = here.make("sequence", node)
    loop(node.generators, here)
    here.write(made, ANY, evaluate(node.elt, here))
    return frozenset({made})


@evaluate.register
def _(node: ast.DictComp, here: Here) -> Values:
    made = here.make("mapping", node)
    loop(node.generators, here)
    keys = evaluate(node.key, here)
    here.write(made, KEYS, frozenset(key for key in keys if not isinstance(key, Text)))
    put(made, keys, evaluate(node.value, here), here)
    return frozenset({made})


def loop(generators: Sequence[ast.comprehension], here: Here) -> None:
    """Bind the variables of a comprehension; they are merged with the function's own of the same names."""
    for generator in generators:
        assign(generator.target, all_elements(evaluate(generator.iter, here), here, generator.iter), here)
        for condition in generator.ifs:
            evaluate(condition, here)
