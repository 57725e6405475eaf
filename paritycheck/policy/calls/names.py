"""The names that a piece of code binds, by Python's own rules of scopes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@lru_cache(maxsize=4096)
def bound_names(code: Scope) -> frozenset[str]:
    """Return the names that are a scope's own; those of its comprehensions are counted among them."""
    bound: set[str] = set()
    elsewhere: set[str] = set()
    for node in own_nodes(code):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                bound.update(alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                elsewhere.update(names)
    if not isinstance(code, ast.Module | ast.ClassDef):
        bound.update(parameter.arg for parameter in parameters(code.args))
    return frozenset(bound - elsewhere)


@lru_cache(maxsize=4096)
def global_names(code: Scope) -> frozenset[str]:
    """Return the names that a scope declares to be the module's."""
    return frozenset(name for node in own_nodes(code) if isinstance(node, ast.Global) for name in node.names)


@lru_cache(maxsize=4096)
def is_generator(code: Scope) -> bool:
    """Tell whether a function yields."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(code))


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """Give all parameters of a function."""
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (each for each in (arguments.vararg, arguments.kwarg) if each is not None)


def own_nodes(code: Scope) -> Iterator[ast.AST]:
    """Give the nodes of a scope, with the definitions in it and without what is inside them."""
    waiting: list[ast.AST] = [code.body] if isinstance(code, ast.Lambda) else list(code.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _INNER):
            waiting.extend(ast.iter_child_nodes(node))
