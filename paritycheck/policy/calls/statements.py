"""What statements do: bindings, definitions, imports, and what is returned and raised.

The order of statements and the outcome of conditions are not considered: whatever may run runs, any number of times.
"""

from __future__ import annotations

import ast
from typing import Final

from paritycheck.policy.calls.classes import BASES, call_hooks, foreign_bases
from paritycheck.policy.calls.distributions import calls_aws, reaches_aws
from paritycheck.policy.calls.expressions import attributes_called, index_of, note_defaults
from paritycheck.policy.calls.flow import (
    SOME,
    all_elements,
    assign,
    calls,
    evaluate,
    items,
    run,
    set_attribute,
    set_item,
)
from paritycheck.policy.calls.imports import run_import, run_import_from
from paritycheck.policy.calls.lookup import bind_name, find_name
from paritycheck.policy.calls.model import Text
from paritycheck.policy.calls.names import parameters
from paritycheck.policy.calls.objects import (
    ANY,
    NOTHING,
    RETURNED,
    Arguments,
    Class,
    Container,
    Function,
    Instance,
    Library,
    Mark,
    Opaque,
    Values,
)
from paritycheck.policy.calls.operators import operate
from paritycheck.policy.calls.state import Here

_FOR_CHECKERS = frozenset({Library("typing.TYPE_CHECKING"), Library("typing_extensions.TYPE_CHECKING")})
RAISED: Final = Mark("RAISED")
"""All that is raised anywhere: who catches an exception may catch any."""


@assign.register
def _(target: ast.Name, values: Values, here: Here) -> None:
    bind_name(target.id, values, here)


@assign.register
def _(target: ast.Attribute, values: Values, here: Here) -> None:
    for value in evaluate(target.value, here):
        set_attribute(value, target.attr, values, here, target)


@assign.register
def _(target: ast.Subscript, values: Values, here: Here) -> None:
    keys = index_of(target.slice) or evaluate(target.slice, here)
    if isinstance(target.slice, ast.Slice):
        values |= all_elements(values, here, target)
    for value in evaluate(target.value, here):
        set_item(value, keys, values, here, target)


@assign.register
def _(target: ast.Starred, values: Values, here: Here) -> None:
    made = here.make("sequence", target)
    here.write(made, ANY, values)
    assign(target.value, frozenset({made}), here)


@assign.register(ast.Tuple)
@assign.register(ast.List)
def _(target: ast.Tuple | ast.List, values: Values, here: Here) -> None:
    starred = any(isinstance(each, ast.Starred) for each in target.elts)
    for index, each in enumerate(target.elts):
        if starred:
            assign(each, all_elements(values, here, target), here)
        else:
            assign(each, items(values, frozenset({Text(str(index))}), here, target), here)


@run.register
def _(node: ast.Expr, here: Here) -> None:
    evaluate(node.value, here)


@run.register
def _(node: ast.Assign, here: Here) -> None:
    if isinstance(node.value, ast.Tuple) and all(_is_pairwise(target, node.value) for target in node.targets):
        values = [evaluate(value, here) for value in node.value.elts]
        for target in node.targets:
            for each, value in zip(target.elts, values, strict=True):  # type: ignore[attr-defined]  # they are tuples
                assign(each, value, here)
        return
    assigned = evaluate(node.value, here)
    for target in node.targets:
        assign(target, assigned, here)


def _is_pairwise(target: ast.expr, value: ast.Tuple) -> bool:
    parts = target.elts if isinstance(target, ast.Tuple) else []
    return len(parts) == len(value.elts) and not any(isinstance(each, ast.Starred) for each in (*parts, *value.elts))


@run.register
def _(node: ast.AnnAssign, here: Here) -> None:
    _evaluate_annotation(node.annotation, here)
    if node.value is not None:
        assign(node.target, evaluate(node.value, here), here)


def _evaluate_annotation(node: ast.expr | None, here: Here) -> None:
    """Note what an annotation calls; one that only names types is nothing to look into."""
    if node is not None and any(isinstance(each, ast.Call) for each in ast.walk(node)):
        evaluate(node, here)


@run.register
def _(node: ast.AugAssign, here: Here) -> None:
    left = evaluate(_as_read(node.target), here)
    right = evaluate(node.value, here)
    for value in left:
        if isinstance(value, Container):
            here.write(value, ANY, all_elements(right, here, node))
    assign(node.target, operate(node.op, left, right, here, node), here)


def _as_read(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Attribute(value=value, attr=name):
            return ast.copy_location(ast.Attribute(value, name, ast.Load()), target)
        case ast.Subscript(value=value, slice=part):
            return ast.copy_location(ast.Subscript(value, part, ast.Load()), target)


@run.register
def _(node: ast.Return, here: Here) -> None:
    if node.value is not None:
        here.write(here.frame, RETURNED, evaluate(node.value, here))


@run.register
def _(node: ast.Raise, here: Here) -> None:
    raised = evaluate(node.exc, here) if node.exc is not None else NOTHING
    raised |= calls([value for value in raised if isinstance(value, Class)], Arguments(), here, node)
    here.write(RAISED, RAISED, frozenset(value for value in raised if isinstance(value, Instance | Opaque)))
    if node.cause is not None:
        evaluate(node.cause, here)


@run.register
def _(node: ast.ExceptHandler, here: Here) -> None:
    if node.type is not None:
        evaluate(node.type, here)
    if node.name is not None:
        bind_name(node.name, here.read(RAISED, RAISED) | SOME, here)
    for statement in node.body:
        run(statement, here)


@run.register(ast.For)
@run.register(ast.AsyncFor)
def _(node: ast.For | ast.AsyncFor, here: Here) -> None:
    assign(node.target, all_elements(evaluate(node.iter, here), here, node.iter), here)
    for statement in (*node.body, *node.orelse):
        run(statement, here)


@run.register(ast.With)
@run.register(ast.AsyncWith)
def _(node: ast.With | ast.AsyncWith, here: Here) -> None:
    for each in node.items:
        managers = evaluate(each.context_expr, here)
        if each.optional_vars is not None:
            # What a generator yields is what its context manager enters; what has no such method of ours enters itself.
            entered = attributes_called(managers, "__enter__", here, each.context_expr)
            entered |= attributes_called(managers, "__aenter__", here, each.context_expr)
            generators = [value for value in managers if isinstance(value, Container)]
            assign(each.optional_vars, managers | entered | all_elements(generators, here, node), here)
    for statement in node.body:
        run(statement, here)


@run.register
def _(node: ast.If, here: Here) -> None:
    evaluate(node.test, here)
    # What is for type checkers, and what is for a script's own start, never runs in a function.
    for statement in node.orelse if _is_never(node.test, here) else (*node.body, *node.orelse):
        run(statement, here)


def _is_never(test: ast.expr, here: Here) -> bool:
    match test:
        case ast.Name() | ast.Attribute():
            tested = evaluate(test, here)
            return bool(tested) and tested <= _FOR_CHECKERS
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return not find_name("__name__", here) - {Library("builtins.__name__")}
    return False


@run.register
def _(node: ast.Import, here: Here) -> None:
    run_import(node, here)


@run.register
def _(node: ast.ImportFrom, here: Here) -> None:
    run_import_from(node, here)


@run.register(ast.FunctionDef)
@run.register(ast.AsyncFunctionDef)
def _(node: ast.FunctionDef | ast.AsyncFunctionDef, here: Here) -> None:
    owner = here.frame.owner
    if isinstance(here.frame.code, ast.Module):
        owner = None
    function = Function(node, here.frame, owner)
    note_defaults(function, here)
    for annotation in (*(each.annotation for each in parameters(node.args)), node.returns):
        _evaluate_annotation(annotation, here)
    bind_name(node.name, _decorate(node, frozenset({function}), here), here)


@run.register
def _(node: ast.ClassDef, here: Here) -> None:
    cls = Class(node, here.frame)
    for index, base in enumerate(node.bases):
        here.write(cls, (BASES, index), evaluate(base, here))
    for keyword in node.keywords:
        here.write(cls, (BASES, keyword.arg), evaluate(keyword.value, here))
    for name in foreign_bases(cls, here):
        if calls_aws(name) or reaches_aws(name):
            here.undecided(f"a class extends {name}, which is not followed", node)
    here.state.enter_class(cls)
    call_hooks(cls, here, node)
    bind_name(node.name, _decorate(node, frozenset({cls}), here), here)


def _decorate(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, values: Values, here: Here) -> Values:
    for decorator in reversed(node.decorator_list):
        decorated = calls(evaluate(decorator, here), Arguments((values,)), here, decorator)
        # What somebody else makes of a function calls it, and is a method where it is one.
        values = decorated | values if any(isinstance(value, Opaque) for value in decorated) else decorated
    return values
