# ruff: noqa: ARG001 - all answers to one question take the same parameters
"""Builtins that reach code and attributes by their names, and decorators that say what a function is to its class."""

from __future__ import annotations

import ast

from paritycheck.policy.calls.expressions import read_attribute
from paritycheck.policy.calls.flow import (
    SOME,
    set_attribute,
)
from paritycheck.policy.calls.imports import import_module
from paritycheck.policy.calls.libraries import all_attributes, ask
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    Arguments,
    Aws,
    Class,
    Descriptor,
    Frame,
    Instance,
    Library,
    Module,
    Super,
    Value,
    Values,
)
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import constants


def get_attribute(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`getattr`: an attribute by a name that is known, or any of them."""
    names, others = constants(arguments.at(1, "name"))
    owners = arguments.at(0, "object")
    found = NOTHING.union(arguments.at(2, ""), *(read_attribute(owners, each, here, node) for each in names))
    here.doubt("an attribute is read whose name is not known", node, arguments.at(1, "name"))
    if others:
        for owner in owners:
            if isinstance(owner, Aws | Module) or owner == Library("boto3"):
                here.undecided(f"an attribute of {_describe(owner)} is read whose name is not known", node)
            elif isinstance(owner, Instance | Class):
                found |= all_attributes(owner, here, node)
            else:
                found |= SOME
    return found


def _describe(value: Value) -> str:
    return "a module" if isinstance(value, Module | Library) else "something that calls AWS"


def set_by_name(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`setattr`: an attribute by a name that is known, or any of them."""
    names, others = constants(arguments.at(1, "name"))
    for owner in arguments.at(0, "object"):
        for each in (*names, *((ANY,) if others or not names else ())):
            set_attribute(owner, each, arguments.at(2, "value"), here, node)
    return NOTHING


def find_super(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`super`: the methods that come after those of a class."""
    if arguments.positional:
        owners, receivers = arguments.at(0, ""), arguments.at(1, "")
    else:
        owners = frozenset({here.frame.owner} if here.frame.owner is not None else ())
        receivers = _read_self(here)
    return frozenset(Super(owner, receiver) for owner in owners if isinstance(owner, Class) for receiver in receivers)


def _read_self(here: Here) -> Values:
    frame: Frame | None = here.frame
    while frame is not None and not (frame.parent is not None and isinstance(frame.parent.code, ast.ClassDef)):
        frame = frame.parent
    if frame is None or not isinstance(frame.code, ast.FunctionDef | ast.AsyncFunctionDef):
        return NOTHING
    parameters = [*frame.code.args.posonlyargs, *frame.code.args.args]
    return here.read(frame, parameters[0].arg) if parameters else NOTHING


def find_type(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`type`: the class of an instance."""
    if len(arguments.positional) > 1 or arguments.more:
        here.undecided("a class is made at run time", node)
    return frozenset(value.cls for value in arguments.at(0, "") if isinstance(value, Instance)) or SOME


def lose(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """What runs a text, or gives all names: undecided."""
    here.undecided(f"{name} reaches code or names that are not followed", node)
    return ask("something unknown", arguments, here, node)


def run_program(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """What runs another program, which has the function's credentials: undecided."""
    here.undecided(f"{name} runs another program, which is not followed", node)
    return SOME


def import_by_name(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """An import by a name that is known, or undecided."""
    names, others = constants(arguments.at(0, "name"))
    here.doubt("a module is imported whose name is not known", node, arguments.at(0, "name"))
    if others:
        here.undecided("a module is imported whose name is not known", node)
    modules = [each.partition(".")[0] if name == "__import__" else _resolve(each, here) for each in names]
    return NOTHING.union(*(import_module(each, here, node) for each in modules))


def _resolve(name: str, here: Here) -> str:
    bare = name.lstrip(".")
    return here.frame.module.resolve(bare, len(name) - len(bare))


def make_property(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`property`, its decorators, and those like it."""
    kind = {"property": "property", "cached_property": "property", "getter": "property", "setter": "setter"}.get(name)
    made = frozenset(Descriptor(kind or "property", value) for value in arguments.at(0, "fget"))  # type: ignore[arg-type]
    return made | frozenset(Descriptor("setter", value) for value in arguments.at(1, "fset"))


def make_method(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`staticmethod` and `classmethod`."""
    return frozenset(Descriptor("static" if name == "staticmethod" else "class", value) for value in arguments.at(0, ""))


def decorate(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """A decorator that changes nothing of what is followed here, with or without arguments of its own."""
    functions = [value for value in arguments.at(0, "user_function") if not isinstance(value, Text)]
    return frozenset(functions) or frozenset({Library("decorator.transparent")})


def wrap(arguments: Arguments, here: Here, node: ast.AST, name: str) -> Values:
    """`functools.wraps`: a decorator that changes nothing."""
    return frozenset({Library("decorator.transparent")})
