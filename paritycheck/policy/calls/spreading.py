"""The arguments that a call states, with the sequences and mappings that it spreads."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    evaluate,
)
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Arguments,
    Container,
    Values,
)
from paritycheck.policy.calls.state import Here

_MOST_PLACES = 64
"""More arguments, or items of a tuple, than these are not told apart."""


def read_arguments(
    positional: Sequence[ast.expr], keywords: Sequence[ast.keyword], spreads: Sequence[Values], here: Here, node: ast.AST
) -> Arguments:
    """Return the arguments that a call states, with sequences and the mappings that it spreads as far as they are known."""
    places, more = read_positional(positional, here, node)
    named: dict[str, Values] = {}
    others: Values = NOTHING
    for keyword in keywords:
        if keyword.arg is not None:
            named[keyword.arg] = evaluate(keyword.value, here)
    for value in NOTHING.union(*spreads):
        if not isinstance(value, Container):
            others |= all_elements({value}, here, node) | SOME
            continue
        for name in here.names(value):
            if isinstance(name, str):
                named[name] = named.get(name, NOTHING) | here.read(value, name)
        others |= here.read(value, ANY)
    return Arguments(tuple(places), named, more, others)


def read_positional(positional: Sequence[ast.expr], here: Here, node: ast.AST) -> tuple[list[Values], Values]:
    """Return the arguments at known places, and what any further ones may be."""
    places: list[Values] = []
    more: Values = NOTHING
    for argument in positional:
        if isinstance(argument, ast.Starred):
            given, rest = spread(evaluate(argument.value, here), here, node)
            if more:
                rest = rest.union(*given)
            else:
                places.extend(given)
            more |= rest
        elif more:
            more |= evaluate(argument, here)
        else:
            places.append(evaluate(argument, here))
    if len(places) > _MOST_PLACES:
        more, places = more.union(*places), []
    return places, more


def spread(values: Values, here: Here, node: ast.AST) -> tuple[list[Values], Values]:
    """Return what items stand at known places, and what any further ones may be."""
    if not values or not all(isinstance(value, Container) and value.kind in {"tuple", "rest"} for value in values):
        return [], all_elements(values, here, node)
    lengths = {sum(isinstance(name, int) for name in here.names(value)) for value in values}
    rest = NOTHING.union(*(here.read(value, ANY) for value in values))
    if len(lengths) > 1 and rest:
        return [], all_elements(values, here, node)
    return [NOTHING.union(*(here.read(value, index) for value in values)) for index in range(max(lengths))], rest
