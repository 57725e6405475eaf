# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Builtins that make containers, take them apart, and list the fields of data classes."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.displays import copy_mapping
from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    attribute,
    calls,
    set_attribute,
)
from paritycheck.policy.calls.instances import field_names
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Arguments,
    Class,
    Field,
    Instance,
    Values,
)
from paritycheck.policy.calls.state import Here


def collect(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`list`, `set`, `sorted` and the like: what their argument holds."""
    made = here.make("sequence", node)
    if name == "iter" and len(arguments.positional) > 1:
        here.write(made, ANY, calls(arguments.positional[0], Arguments(), here, node))
    else:
        here.write(made, ANY, all_elements(arguments.at(0, "iterable"), here, node))
    calls(arguments.named("key"), Arguments((here.read(made, ANY),)), here, node)
    return frozenset({made})


def pair(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`zip` and `enumerate`: tuples of what their arguments hold."""
    made, row = here.make("sequence", node), here.make("tuple", node)
    first = 0
    if name == "enumerate":
        here.write(row, 0, NOTHING)
        first = 1
    for index, values in enumerate(arguments.positional[: 1 if first else None], first):
        here.write(row, index, all_elements(values, here, node))
    here.write(row, ANY, all_elements(arguments.more, here, node))
    here.write(made, ANY, frozenset({row}))
    return frozenset({made})


def apply(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`map` and `filter`: what a function answers for what the others hold, or what they hold."""
    made = here.make("sequence", node)
    rows = Arguments(
        tuple(all_elements(values, here, node) for values in arguments.positional[1:]), {}, all_elements(arguments.more, here, node)
    )
    answered = calls(arguments.at(0, "function"), rows, here, node)
    here.write(made, ANY, rows.everything() if name == "filter" else answered)
    return frozenset({made})


def choose(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`next`, `min` and the like: an element of an argument, or an argument."""
    given = NOTHING.union(*arguments.positional, arguments.more)
    chosen = all_elements([value for value in given if not isinstance(value, Text)], here, node) | given
    calls(arguments.named("key"), Arguments((chosen,)), here, node)
    return chosen | arguments.named("default")


def make_mapping(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`dict`: what its argument and its keywords hold."""
    made = here.make("mapping", node)
    copy_mapping(arguments.at(0, ""), made, here, node)
    for key, values in arguments.keywords.items():
        here.write(made, key, values)
    here.write(made, ANY, arguments.others)
    return frozenset({made})


def read_default(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`dataclasses.field`: its default."""
    return arguments.named("default") | calls(arguments.named("default_factory"), Arguments(), here, node)


def replace(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`dataclasses.replace`: the object itself, which may have these fields, too."""
    for value in arguments.at(0, "obj"):
        for field, values in arguments.keywords.items():
            set_attribute(value, field, values, here, node)
        set_attribute(value, ANY, arguments.others, here, node)
    return arguments.at(0, "obj")


def describe_fields(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`dataclasses.asdict` and `astuple`: what the fields hold."""
    made = here.make("mapping" if name == "asdict" else "sequence", node)
    for value in arguments.at(0, "obj"):
        for field in here.names(value) if isinstance(value, Instance) else ():
            if isinstance(field, str):
                here.write(made, field if name == "asdict" else ANY, here.read(value, field))
    return frozenset({made})


def list_fields(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`dataclasses.fields`: the names of the fields."""
    made = here.make("sequence", node)
    for value in arguments.at(0, "class_or_instance"):
        cls = value.cls if isinstance(value, Instance) else value
        here.write(made, ANY, frozenset(map(Field, field_names(cls, here))) if isinstance(cls, Class) else SOME)
    return frozenset({made})


@attribute.register
def _(field: Field, name: str, here: Here, node: ast.AST) -> Values:
    return frozenset({Text(field.name)}) if name == "name" else SOME
