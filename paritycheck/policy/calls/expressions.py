"""What expressions may be."""

from __future__ import annotations

import ast
from itertools import product

from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    assign,
    attributes,
    calls,
    evaluate,
    items,
)
from paritycheck.policy.calls.lookup import find_name, module_of
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    RETURNED,
    YIELDED,
    Arguments,
    Class,
    Client,
    Container,
    Function,
    Instance,
    Library,
    Method,
    Module,
    Session,
    Values,
)
from paritycheck.policy.calls.operations import is_operation
from paritycheck.policy.calls.spreading import read_arguments
from paritycheck.policy.calls.state import Here
from paritycheck.policy.calls.texts import join

_MOST_CHOICES = 8
_CREDENTIALS = frozenset({"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_REFLECTIVE = frozenset({
    "__builtins__", "__closure__", "__code__", "__defaults__", "__globals__", "__kwdefaults__", "__loader__", "__spec__",
    "__subclasses__", "__wrapped__", "ag_frame", "cr_frame", "f_back", "f_builtins", "f_globals", "f_locals", "gi_frame", "tb_frame",
})  # fmt: skip
"""Attributes that lead to code, or to names of other scopes."""
_HOLDERS = (Client, Session, Class, Instance, Library, Module)


@evaluate.register
def _(node: ast.Constant, here: Here) -> Values:
    if node.value in _CREDENTIALS:
        here.undecided("the credentials of the function's role are named, with which requests can be signed by hand", node)
    if not isinstance(node.value, str):
        return NOTHING
    # Halves of characters are no text that could be shown.
    return frozenset({Text(node.value)}) if node.value == node.value.encode(errors="ignore").decode() else SOME


@evaluate.register
def _(node: ast.Name, here: Here) -> Values:
    if node.id in _REFLECTIVE and node.id not in module_of(here.frame).local:
        here.undecided(f"{node.id} reaches code or names that are not followed", node)
    return find_name(node.id, here)


@evaluate.register
def _(node: ast.Attribute, here: Here) -> Values:
    values = evaluate(node.value, here)
    if is_operation(node.attr):
        here.doubt(f"nothing is known of the object whose method {node.attr} is used", node, values)
    return read_attribute(values, node.attr, here, node)


def read_attribute(values: Values, name: str, here: Here, node: ast.AST) -> Values:
    """Return what an attribute of any of the values may be, and note it if it can only be one that no client is known to have."""
    if name in _REFLECTIVE or (name == "__dict__" and any(isinstance(value, _HOLDERS) for value in values)):
        here.undecided(f"{name} reaches code or names that are not followed", node)
    found = attributes(values, name, here, node)
    for value in values if not found else ():
        if isinstance(value, Client | Session):
            here.undecided(f"{name[:80]} of a {type(value).__name__.lower()} of boto3 is used, which is not known", node)
    return found


@evaluate.register
def _(node: ast.Subscript, here: Here) -> Values:
    values, keys = evaluate(node.value, here), evaluate(node.slice, here)
    if isinstance(node.slice, ast.Slice):
        return values | all_elements(values, here, node)
    return items(values, index_of(node.slice) or keys, here, node)


def index_of(node: ast.AST) -> Values:
    """Return the index that an expression states, as the text of a number; nothing if it states none."""
    return frozenset({Text(str(node.value))}) if isinstance(node, ast.Constant) and type(node.value) is int else NOTHING


@evaluate.register
def _(node: ast.Call, here: Here) -> Values:
    values = evaluate(node.func, here)
    methods = frozenset(value for value in values if isinstance(value, Method))
    spreads = [evaluate(keyword.value, here) for keyword in node.keywords if keyword.arg is None]
    answered = calls(values - methods, read_arguments(node.args, node.keywords, spreads, here, node), here, node)
    for choice in product(*map(_choices, spreads)) if methods else ():
        answered |= calls(methods, read_arguments(node.args, node.keywords, choice, here, node), here, node)
    return answered


def _choices(values: Values) -> list[Values]:
    """Return the mappings that are spread, one by one if they are few: not all of them have the same keys."""
    return [frozenset({value}) for value in values] if 1 < len(values) <= _MOST_CHOICES else [values]


@evaluate.register
def _(node: ast.BoolOp, here: Here) -> Values:
    return NOTHING.union(*[evaluate(value, here) for value in node.values])


@evaluate.register
def _(node: ast.IfExp, here: Here) -> Values:
    evaluate(node.test, here)
    return evaluate(node.body, here) | evaluate(node.orelse, here)


@evaluate.register
def _(node: ast.NamedExpr, here: Here) -> Values:
    values = evaluate(node.value, here)
    assign(node.target, values, here)
    return values


@evaluate.register
def _(node: ast.Await, here: Here) -> Values:
    values = evaluate(node.value, here)
    return values | attributes_called(values, "__await__", here, node)


@evaluate.register
def _(node: ast.Starred, here: Here) -> Values:
    return all_elements(evaluate(node.value, here), here, node)


@evaluate.register
def _(node: ast.JoinedStr, here: Here) -> Values:
    return join([evaluate(part, here) for part in node.values])


@evaluate.register
def _(node: ast.FormattedValue, here: Here) -> Values:
    if node.format_spec is not None:
        evaluate(node.format_spec, here)
    values = evaluate(node.value, here)
    return values if node.format_spec is None and node.conversion in {-1, ord("s")} else SOME


def attributes_called(values: Values, name: str, here: Here, node: ast.AST) -> Values:
    """Return what a special method of those values that are instances answers."""
    instances = [value for value in values if isinstance(value, Instance)]
    return calls(attributes(instances, name, here, node), Arguments(), here, node)


@evaluate.register
def _(node: ast.Lambda, here: Here) -> Values:
    function = Function(node, here.frame, here.frame.owner)
    note_defaults(function, here)
    return frozenset({function})


def note_defaults(function: Function, here: Here) -> None:
    """Remember what the parameters of a function are if they are not given."""
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    given = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for parameter, default in given:
        if default is not None:
            here.write(function, parameter.arg, evaluate(default, here))


@evaluate.register
def _(node: ast.Yield, here: Here) -> Values:
    generator = here.make("sequence", here.frame.node)
    here.write(here.frame, YIELDED, frozenset({generator}))
    if node.value is not None:
        here.write(generator, ANY, evaluate(node.value, here))
    # What is sent into a generator is among what it holds.
    return here.read(generator, ANY)


@evaluate.register
def _(node: ast.YieldFrom, here: Here) -> Values:
    generator = here.make("sequence", here.frame.node)
    here.write(here.frame, YIELDED, frozenset({generator}))
    values = evaluate(node.value, here)
    here.write(generator, ANY, all_elements(values, here, node))
    returned = [here.read(value, RETURNED) for value in values if isinstance(value, Container)]
    return values.union(here.read(generator, ANY), *returned)
