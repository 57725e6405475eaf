"""As much evaluation as finding a place takes: constants of one environment, and the part of an expression that a path leads to.

Nothing here fails: what would need Terraform gives `NOT_CONSTANT`, or stays as it is written.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from paritycheck.source.constructs import (
    EVERY,
    Call,
    Conditional,
    For,
    Literal,
    ObjectValue,
    Operation,
    Reference,
    Step,
    Syntax,
    Template,
    Traversal,
    TupleValue,
)
from paritycheck.source.reading import read
from paritycheck.source.resolution import resolve
from paritycheck.source.scope import Definition, Scope, Value, loop_scope
from paritycheck.source.syntax import Expression
from paritycheck.source.variables import Given

_FUEL = 5_000
_DEPTH = 60
_LONGEST_TEXT = 4_096
_SAME_SHAPE = {"jsonencode", "yamlencode", "tomap", "tolist", "toset", "nonsensitive", "sensitive", "one", "ephemeralasnull"}
"""Functions whose result has its argument's structure, or writes it down."""


class NotConstant(Enum):
    """The type of `NOT_CONSTANT`."""

    NOT_CONSTANT = "not constant"


NOT_CONSTANT = NotConstant.NOT_CONSTANT
"""What has no constant value that can be told from the source alone."""


class Evaluator:
    """Evaluates expressions within a bound of work, which a hostile configuration cannot pass."""

    def __init__(self) -> None:
        """Start with all fuel."""
        self._fuel = _FUEL
        self._depth = 0

    @property
    def exhausted(self) -> bool:
        """Whether there was more to do than it may."""
        return self._fuel <= 0

    def constant(self, value: Value) -> Any:
        """Return an expression's value as JSON data, or `NOT_CONSTANT`."""
        if self._fuel <= 0 or self._depth >= _DEPTH:
            return NOT_CONSTANT
        self._fuel -= 1
        self._depth += 1
        try:
            return self._constant(self.narrow(value))
        finally:
            self._depth -= 1

    def narrow(self, value: Value) -> Value:
        """Follow the path into the constructs that an expression is made of, as far as they say where it leads."""
        while (inner := self._inner(value)) is not None and self._fuel > 0:
            self._fuel -= 1
            value = inner
        return value

    def define(self, value: Value) -> Definition | None:
        """Return what a narrowed value's reference means, or `None` where it is not a reference or means nothing known."""
        match read(value.expression):
            case Reference(root, steps):
                return resolve(value.scope, Reference(root, self.compute(value.scope, (*steps, *value.path))))
            case _:
                return None

    def follow(self, value: Value) -> Value:
        """Narrow through references until something literal is found that takes the path, or can not."""
        value = self.narrow(value)
        for _ in range(_DEPTH):
            definition = self.define(value)
            if definition is None or not isinstance(definition.value, Value):
                return value
            value = self.narrow(definition.value)
        return value

    def compute(self, scope: Scope, steps: Iterable[Step]) -> tuple[Step, ...]:
        """Return steps with the values of keys that are expressions; `EVERY` for those that are no constants."""
        return tuple(self._step(scope, step) for step in steps)

    def _step(self, scope: Scope, step: Step) -> Step:
        if not isinstance(step, Expression):
            return step
        key = self.constant(Value(scope, step))
        return key if isinstance(key, str | int) else EVERY

    def _inner(self, value: Value) -> Value | None:
        """Return the next part of a value that its construct and the path lead to."""
        scope, path = value.scope, value.path
        chosen: Expression | None = None
        match read(value.expression):
            case Conditional(condition, yes, no):
                holds = self.constant(Value(scope, condition))
                chosen = (yes if holds else no) if isinstance(holds, bool) else None
            case Traversal(base, steps):
                chosen, path = base, tuple(self._step(scope, step) for step in steps) + path
            case Call(name, (argument,)) if name in _SAME_SHAPE:
                chosen = argument
            case Call("merge", arguments) if path:
                chosen = self._merged(scope, arguments, path)
            case ObjectValue(items) if path:
                chosen, path = next((item for key, item in items if self._key(scope, key) == path[0]), None), path[1:]
            case TupleValue(items) if path:
                chosen, path = self._item(scope, items, path[0]), path[1:]
            case For(names, collection, _, result) as loop if path and (element := _element(loop, path[0])) is not None:
                chosen, scope, path = result, loop_scope(scope, names, collection, element), path[1:]
            case _:
                pass
        return Value(scope, chosen, path) if chosen else None

    def _merged(self, scope: Scope, arguments: Iterable[Expression], path: tuple[Step, ...]) -> Expression | None:
        """Return the last of merged objects that has the key; one that cannot be looked into may have it."""
        for argument in reversed(list(arguments)):
            found = self.follow(Value(scope, argument, path))
            if len(found.path) < len(path) or not _lacks(read(found.expression), path[0]):
                return argument
        return None

    def _key(self, scope: Scope, key: str | Expression) -> Any:
        return key if isinstance(key, str) else self.constant(Value(scope, key))

    def _item(self, scope: Scope, items: tuple[Expression, ...], step: Step) -> Expression | None:
        if isinstance(step, int):
            return items[step] if step < len(items) else None
        return next((item for item in items if self.constant(Value(scope, item)) == step), None) if isinstance(step, str) else None

    def _constant(self, value: Value) -> Any:
        scope, syntax = value.scope, read(value.expression)
        if isinstance(syntax, Reference):
            return self._referenced(self.define(value))
        if value.path:
            return NOT_CONSTANT
        found: Any = NOT_CONSTANT
        match syntax:
            case Literal(literal):
                found = self._text([literal]) if isinstance(literal, str) else literal
            case Template(parts, True):
                found = self._text([part if isinstance(part, str) else self.constant(Value(scope, part)) for part in parts])
            case TupleValue(items):
                found = self._all([self.constant(Value(scope, item)) for item in items])
            case Operation(symbol, operands):
                found = self._computed(_OPERATORS.get((symbol, len(operands))), scope, operands)
            case Call(name, arguments):
                found = self._computed(_FUNCTIONS.get(name), scope, arguments)
            case _:
                pass
        return found

    def _referenced(self, definition: Definition | None) -> Any:
        match definition:
            case Definition(value=Given(found)):
                return found
            case Definition(value=Value() as inner):
                return self.constant(inner)
            case _:
                return NOT_CONSTANT

    def _computed(self, function: Callable[..., Any] | None, scope: Scope, operands: Iterable[Expression]) -> Any:
        values = self._all([self.constant(Value(scope, operand)) for operand in operands])
        if function is None or values is NOT_CONSTANT:
            return NOT_CONSTANT
        try:
            return function(*values)
        except (TypeError, ValueError, AttributeError, ArithmeticError):
            return NOT_CONSTANT

    @staticmethod
    def _all(values: list[Any]) -> Any:
        return NOT_CONSTANT if any(value is NOT_CONSTANT for value in values) else values

    @staticmethod
    def _text(parts: list[Any]) -> Any:
        known = all(isinstance(part, str) for part in parts) and sum(map(len, parts)) <= _LONGEST_TEXT
        return "".join(parts) if known else NOT_CONSTANT


def _lacks(syntax: Syntax, key: Step) -> bool:
    """Tell whether a construct that a path did not lead into cannot have the key, rather than be impossible to look into."""
    return isinstance(syntax, ObjectValue) or (isinstance(syntax, For) and _element(syntax, key) is None)


def _element(loop: For, key: Step) -> Step | None:
    """Return the element of a loop's collection that gives the result this key; `EVERY` where it may be any, `None` for none."""
    if loop.result_key is None or not isinstance(key, str):
        return key
    match read(loop.result_key):
        case Reference(root, ()) if root == loop.names[0]:
            return key
        case Template(parts, True):
            found = re.fullmatch("".join(re.escape(part) if isinstance(part, str) else "(.*)" for part in parts), key, re.DOTALL)
            gaps = [read(part) for part in parts if not isinstance(part, str)]
            whole = len(gaps) == 1 and gaps[0] == Reference(loop.names[0], ())
            return (found[1] if whole else EVERY) if found else None
        case _:
            return EVERY


_OPERATORS: dict[tuple[str, int], Callable[..., Any]] = {
    ("==", 2): operator.eq,
    ("!=", 2): operator.ne,
    ("&&", 2): lambda left, right: left and right,
    ("||", 2): lambda left, right: left or right,
    ("!", 1): operator.not_,
    ("<", 2): operator.lt,
    (">", 2): operator.gt,
    ("<=", 2): operator.le,
    (">=", 2): operator.ge,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": lambda values, value: value in values,
    "lower": str.lower,
    "upper": str.upper,
    "trimspace": str.strip,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
