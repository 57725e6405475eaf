"""What the source says of a value that only an apply makes known: the constants in it, with holes for all else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from paritycheck.source.constructs import Call, Conditional, For, ObjectValue, Operation, Reference, Step, Template, TupleValue
from paritycheck.source.evaluate import NOT_CONSTANT, Evaluator
from paritycheck.source.reading import read
from paritycheck.source.scope import Definition, Scope, Value, loop_scope
from paritycheck.source.syntax import Expression

HOLE = "${...}"
"""Stands for what the source does not tell."""

_IDENTITIES = frozenset({"arn", "id", "url"})
_FUEL = 2_000
_DEPTH = 40
_ARITHMETIC = frozenset("+-*/%")
_TELLING = frozenset({"base64encode", "base64gzip", "base64sha256", "format", "join", "md5", "replace", "sha1", "sha256", "templatefile"})
"""Functions that give another result for other arguments, as good as always."""

Lookup = Callable[[str, str, tuple[Step, ...]], Any]
"""What a resource or data source holds, for who knows: by its module (`module.m.`), its address there and the path that follows,
the instance's key first where it has one. `HOLE` where that is not known either."""


def outline(value: Value, lookup: Lookup | None = None) -> Any:
    """Return an expression's value as JSON data with holes; it tells no more than that two values cannot be the same.

    A hostile configuration finds an end: where the work gets too much, nothing is told.
    """
    outliner = _Outliner(lookup)
    found = outliner.outline(value)
    return HOLE if outliner.exhausted else found


class _Outliner:
    def __init__(self, lookup: Lookup | None) -> None:
        self._lookup = lookup
        self._evaluator = Evaluator()
        self._fuel = _FUEL
        self._depth = 0

    @property
    def exhausted(self) -> bool:
        return self._fuel <= 0 or self._evaluator.exhausted

    def outline(self, value: Value) -> Any:
        if self._fuel <= 0 or self._depth >= _DEPTH:
            self._fuel = 0
            return HOLE
        self._fuel -= 1
        self._depth += 1
        try:
            constant = self._evaluator.constant(value)
            return self._inside(self._evaluator.narrow(value)) if constant is NOT_CONSTANT else constant
        finally:
            self._depth -= 1

    def _inside(self, value: Value) -> Any:
        """Return the outline of a narrowed value that is no constant."""
        scope, syntax = value.scope, read(value.expression)
        found: Any = HOLE
        match syntax:
            case Reference(root, steps):
                found = self._look_up(scope, root, (*steps, *value.path))
                found = self._referenced(self._evaluator.define(value)) if found == HOLE else found
                found = self._identity(scope, root, steps) if found == HOLE else found
            case _ if value.path:
                pass
            case Template(parts, True):
                found = "".join(part if isinstance(part, str) else _text(self._part(scope, part)) for part in parts)
            case TupleValue(items):
                found = self._parts(scope, items)
            case ObjectValue(items):
                found = {self._key(scope, key): self._part(scope, item) for key, item in items}
            case Conditional(_, yes, no):
                found = {"?": self._parts(scope, (yes, no))}
            case Operation(symbol, operands) if symbol in _ARITHMETIC:
                found = {symbol: self._parts(scope, operands)}
            case Call(name, arguments):
                found = _called(name, self._parts(scope, arguments))
            case For(names, collection, None, result, None):
                found = self._loop(scope, names, collection, result)
        return found

    def _loop(self, scope: Scope, names: tuple[str, ...], collection: Expression, result: Expression) -> Any:
        """Return what a `for` makes of a list that is known."""
        items = self._evaluator.constant(Value(scope, collection))
        if not isinstance(items, list):
            return HOLE
        return [self._part(loop_scope(scope, names, collection, index), result) for index in range(len(items))]

    def _look_up(self, scope: Scope, root: str, steps: tuple[Step, ...]) -> Any:
        """Ask what the resource that a reference is about holds."""
        names = (root, *steps)
        count = 3 if root == "data" else 2
        if self._lookup is None or root in scope.bindings or "_" not in str(names[count - 2]) or len(names) < count:
            return HOLE
        address = ".".join(map(str, names[:count]))
        return self._lookup(scope.instance.prefix, address, self._evaluator.compute(scope, names[count:]))

    def _referenced(self, definition: Definition | None) -> Any:
        match definition:
            case Definition(value=Value() as inner):
                return self.outline(inner)
        return HOLE

    def _identity(self, scope: Scope, root: str, steps: tuple[Step, ...]) -> str:
        """Return which instance's identity a reference with a computed key means: no two instances share one."""
        match steps:
            case (str() as name, Expression() as key, str() as attribute) if (
                "_" in root and root not in scope.bindings and attribute in _IDENTITIES
            ):
                found = self._evaluator.constant(Value(scope, key))
                return f"${{{root}.{name}[{json.dumps(found)}].{attribute}}}" if isinstance(found, str | int) else HOLE
        return HOLE

    def _key(self, scope: Scope, key: str | Expression) -> str:
        return key if isinstance(key, str) else _text(self._part(scope, key))

    def _parts(self, scope: Scope, expressions: Iterable[Expression]) -> list[Any]:
        return [self._part(scope, expression) for expression in expressions]

    def _part(self, scope: Scope, expression: Expression) -> Any:
        return self.outline(Value(scope, expression))


def _called(name: str, arguments: list[Any]) -> Any:
    """Return the outline of a call: collections as they come to be, and of other functions only those that tell.

    A list among the arguments of `merge`, which takes none, is one that `...` expands.
    """
    if name == "merge":
        arguments = [part for argument in arguments for part in (argument if isinstance(argument, list) else [argument])]
        known = all(isinstance(argument, dict) for argument in arguments)
        return {key: part for argument in arguments for key, part in argument.items()} if known else HOLE
    if name == "concat" and all(isinstance(argument, list) for argument in arguments):
        return [part for argument in arguments for part in argument]
    return {f"{name}()": arguments} if name in _TELLING else HOLE


def _text(value: Any) -> str:
    """Return what an interpolation of an outline gives."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else HOLE
