# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Functions: how arguments reach parameters, and what comes back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from paritycheck.policy.calls.flow import SOME, all_elements, attribute, call, calls, set_attribute
from paritycheck.policy.calls.names import is_generator
from paritycheck.policy.calls.objects import (
    ANY,
    CONTENTS,
    RETURNED,
    YIELDED,
    Arguments,
    Bound,
    Container,
    Descriptor,
    Frame,
    Function,
    Opaque,
    Partial,
    Value,
    Values,
)
from paritycheck.policy.calls.state import Here


@call.register
def _(function: Function, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return _enter(function, arguments, here, node, None)


@call.register
def _(bound: Bound, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    if isinstance(bound.function, Function):
        return _enter(bound.function, arguments.before(frozenset({bound.receiver})), here, node, bound.receiver)
    return call(bound.function, arguments.before(frozenset({bound.receiver})), here, node)


@call.register
def _(partial: Partial, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    given = here.names(partial)
    positional = [here.read(partial, name) for name in sorted(name for name in given if isinstance(name, int))]
    keywords = {name: here.read(partial, name) for name in given if isinstance(name, str)}
    more = here.read(partial, ANY)
    joined = Arguments(
        (*positional, *arguments.positional), {**keywords, **arguments.keywords}, more | arguments.more, more | arguments.others
    )
    if more:
        # Nobody knows how many arguments come before: each may be any.
        joined = Arguments((), joined.keywords, joined.more.union(*joined.positional), joined.others)
    return calls(here.read(partial, CONTENTS) - {partial}, joined, here, node)


def make_partial(arguments: Arguments, here: Here, node: ast.AST) -> Values:
    """Return the first argument with the others as its first arguments, as `functools.partial` does."""
    partial = Partial(node, here.sites)
    function, *rest = arguments.positional or (arguments.more,)
    here.write(partial, CONTENTS, function)
    for index, values in enumerate(rest):
        here.write(partial, index, values)
    for name, values in arguments.keywords.items():
        here.write(partial, name, values)
    here.write(partial, ANY, arguments.more | arguments.others)
    return frozenset({partial})


def _enter(function: Function, arguments: Arguments, here: Here, node: ast.AST, receiver: Value | None) -> Values:
    frame = here.state.enter_function(function, here.frame, node, receiver)
    for name, values in _bind(function, arguments, frame, here):
        here.write(frame, name, values)
    returned, yielded = here.read(frame, RETURNED), here.read(frame, YIELDED)
    if not is_generator(function.node):
        return returned
    for generator in yielded:
        here.write(generator, RETURNED, returned)
    return yielded


def _bind(function: Function, given: Arguments, frame: Frame, here: Here) -> Iterator[tuple[str, Values]]:
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    for index, parameter in enumerate(positional):
        name = parameter.arg
        if index < len(given.positional):
            yield name, given.positional[index]
        elif name in given.keywords:
            yield name, given.keywords[name] | given.more
        else:
            yield name, here.read(function, name) | given.more | given.others
    for parameter in arguments.kwonlyargs:
        yield parameter.arg, given.keywords.get(parameter.arg, here.read(function, parameter.arg) | given.others)
    if arguments.vararg is not None:
        rest = Container("rest", arguments.vararg, frame.sites)
        for index, values in enumerate(given.positional[len(positional) :]):
            here.write(rest, index, values)
        here.write(rest, ANY, given.more)
        yield arguments.vararg.arg, frozenset({rest})
    if arguments.kwarg is not None:
        keywords = Container("keywords", arguments.kwarg, frame.sites)
        named = {parameter.arg for parameter in (*arguments.args, *arguments.kwonlyargs)}
        for name, values in given.keywords.items():
            if name not in named:
                here.write(keywords, name, values)
        here.write(keywords, ANY, given.others)
        yield arguments.kwarg.arg, frozenset({keywords})


@attribute.register
def _(function: Function, name: str, here: Here, node: ast.AST) -> Values:
    answer = Opaque("functools", function.node)
    here.write(answer, CONTENTS, frozenset({function}))
    return here.read(function, f".{name}") | here.read(function, ANY) | {answer}


@set_attribute.register
def _(function: Function, name: object, values: Values, here: Here, node: ast.AST) -> None:
    here.write(function, f".{name}" if isinstance(name, str) else name, values)


@attribute.register
def _(bound: Bound, name: str, here: Here, node: ast.AST) -> Values:
    if name == "__self__":
        return frozenset({bound.receiver})
    return attribute(bound.function, name, here, node)


@attribute.register
def _(partial: Partial, name: str, here: Here, node: ast.AST) -> Values:
    return here.read(partial, CONTENTS) | all_elements(frozenset({partial}), here, node)


@attribute.register
def _(descriptor: Descriptor, name: str, here: Here, node: ast.AST) -> Values:
    if name in {"setter", "getter", "deleter"}:
        from paritycheck.policy.calls.objects import Library

        return frozenset({Library(f"builtins.property.{name}")})
    return SOME


@call.register
def _(descriptor: Descriptor, arguments: Arguments, here: Here, node: ast.AST) -> Values:
    return call(descriptor.function, arguments, here, node)
