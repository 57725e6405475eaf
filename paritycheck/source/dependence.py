"""Whether an expression depends on the environment's name, and what of it does.

Three questions are asked of an expression:

- `DEPENDS`: is its value another one in another environment, in whatever way?
- `VARIES`: is it, but for the environment's name standing in a text, which parity normalizes?
- `SHAPE`: is the number of its elements, or one of its keys, another one?

``{a = local.capacity[var.env].size}`` depends and varies, but its shape is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto

from paritycheck.errors import Location
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
    Template,
    Traversal,
    TupleValue,
)
from paritycheck.source.reading import read
from paritycheck.source.resolution import resolve
from paritycheck.source.scope import Scope, Value, loop_scope
from paritycheck.source.syntax import Expression

_DEEPEST = 60
_MOST_QUESTIONS = 5_000


class Aspect(Enum):
    """What is asked of an expression."""

    DEPENDS = auto()
    VARIES = auto()
    SHAPE = auto()


DEPENDS, VARIES, SHAPE = Aspect

Chain = tuple[tuple[str, Location | None], ...]
"""The names between an expression and the environment's name, and where each is defined; the last is the environment's name."""

Question = tuple[Aspect, Value]

_SAME_ELEMENTS = {"merge", "tolist", "tomap", "reverse", "sort", "try", "coalesce", "coalescelist", "nonsensitive", "sensitive", "one"}
"""Functions whose result is made of their arguments' elements, under the same keys."""

_ELEMENTS_AS_KEYS = {"toset", "distinct", "setunion", "setintersection", "setsubtract", "setproduct", "compact"}
"""Functions whose number of elements is decided by what the elements are."""

_OF_THE_SHAPE = {"length", "keys"}
"""Functions that look at nothing but how many elements there are, under which keys."""

_TEXTS = {"format", "formatlist", "join", "lower", "upper", "title", "replace", "trimspace", "trimprefix", "trimsuffix"}
"""Functions that keep the environment's name recognizable in their text."""


class Dependence:
    """Follows expressions of one configuration to the environment's name, within a bound of work."""

    def __init__(self, variable: str | None) -> None:
        """Take the root module's variable that holds the environment's name; `terraform.workspace` is one too."""
        self._variable = variable
        self._answers: dict[tuple[object, ...], Chain | None] = {}
        self._depth = 0
        self._left = 0

    def chain(self, aspect: Aspect, value: Value) -> Chain | None:
        """Return how an expression depends on the environment's name in one aspect, or `None` where it does not."""
        self._left = _MOST_QUESTIONS
        return self._ask(aspect, value)

    def _ask(self, aspect: Aspect, value: Value) -> Chain | None:
        key = (aspect, id(value.scope.instance), value.expression.key, value.path)
        if key in self._answers:
            return self._answers[key]
        if self._depth >= _DEEPEST or self._left <= 0:
            return None
        self._answers[key] = None
        self._left -= 1
        self._depth += 1
        try:
            self._answers[key] = self._answer(aspect, value)
        finally:
            self._depth -= 1
        return self._answers[key]

    def _answer(self, aspect: Aspect, value: Value) -> Chain | None:
        syntax = read(value.expression)
        if isinstance(syntax, Reference):
            return self._reference(aspect, value, syntax)
        return self._any(_questions(aspect, value, syntax))

    def _any(self, questions: Iterable[Question]) -> Chain | None:
        return next((chain for aspect, value in questions if (chain := self._ask(aspect, value))), None)

    def _reference(self, aspect: Aspect, value: Value, reference: Reference) -> Chain | None:
        scope, root = value.scope, reference.root
        chosen = self._any((DEPENDS, Value(scope, step)) for step in reference.steps if isinstance(step, Expression))
        if chosen:
            return chosen
        if self._is_name(scope, reference):
            return ((f"{root}.{reference.steps[0]}", None),) if aspect is DEPENDS else None
        steps = tuple(EVERY if isinstance(step, Expression) else step for step in (*reference.steps, *value.path))
        element = scope.bindings.get(root)
        if element and "key" in {element.part, steps[0] if element.part == "both" and steps else None}:
            return self._ask(SHAPE, Value(element.scope, element.collection))
        if element is None and root not in {"local", "var", "module"}:
            return None
        definition = resolve(scope, Reference(root, steps))
        inner = self._ask(aspect, definition.value) if definition and isinstance(definition.value, Value) else None
        return ((definition.name, definition.location), *inner) if definition and inner else None

    def _is_name(self, scope: Scope, reference: Reference) -> bool:
        match reference:
            case Reference("terraform", ("workspace",)):
                return True
            case Reference("var", (name,)):
                return name == self._variable and scope.instance.is_root
            case _:
                return False


def _questions(aspect: Aspect, value: Value, syntax: object) -> Iterator[Question]:
    """Yield the questions about an expression's parts, of which one yes is a yes for the whole."""
    scope, path = value.scope, value.path
    match syntax:
        case Conditional(condition, yes, no):
            yield DEPENDS, Value(scope, condition)
            yield aspect, Value(scope, yes, path)
            yield aspect, Value(scope, no, path)
        case Traversal(base, steps):
            yield from ((DEPENDS, Value(scope, step)) for step in steps if isinstance(step, Expression))
            yield aspect, Value(scope, base, (*(EVERY if isinstance(step, Expression) else step for step in steps), *path))
        case ObjectValue(items):
            yield from _object_questions(aspect, scope, items, path)
        case TupleValue(items):
            yield from _tuple_questions(aspect, scope, items, path)
        case For():
            yield from _for_questions(aspect, scope, syntax, path)
        case Call(name, arguments):
            yield from _call_questions(aspect, scope, name, arguments, path)
        case Template(parts, plain) if aspect is not SHAPE:
            yield from ((aspect if plain else DEPENDS, Value(scope, part)) for part in parts if isinstance(part, Expression))
        case Operation(_, operands) if aspect is not SHAPE:
            yield from ((DEPENDS, Value(scope, operand)) for operand in operands)
        case _:
            return


def _object_questions(
    aspect: Aspect, scope: Scope, items: tuple[tuple[str | Expression, Expression], ...], path: tuple[Step, ...]
) -> Iterator[Question]:
    for key, item in items:
        if path:
            if isinstance(key, Expression) or path[0] in {key, EVERY}:
                yield aspect, Value(scope, item, path[1:])
            continue
        if isinstance(key, Expression):
            yield VARIES if aspect is SHAPE else aspect, Value(scope, key)
        if aspect is not SHAPE:
            yield aspect, Value(scope, item)


def _tuple_questions(aspect: Aspect, scope: Scope, items: tuple[Expression, ...], path: tuple[Step, ...]) -> Iterator[Question]:
    if not path and aspect is SHAPE:
        return
    chosen = items[path[0] : path[0] + 1] if path and isinstance(path[0], int) else items
    yield from ((aspect, Value(scope, item, path[1:])) for item in chosen)


def _for_questions(aspect: Aspect, scope: Scope, loop: For, path: tuple[Step, ...]) -> Iterator[Question]:
    inner = loop_scope(scope, loop.names, loop.collection, EVERY)
    if path:
        yield aspect, Value(inner, loop.result, path[1:])
        return
    yield SHAPE, Value(scope, loop.collection)
    if loop.condition:
        yield DEPENDS, Value(inner, loop.condition)
    if loop.result_key:
        yield VARIES if aspect is SHAPE else aspect, Value(inner, loop.result_key)
    if aspect is not SHAPE:
        yield aspect, Value(inner, loop.result)


def _call_questions(
    aspect: Aspect, scope: Scope, name: str, arguments: tuple[Expression, ...], path: tuple[Step, ...]
) -> Iterator[Question]:
    special = _FUNCTIONS.get((name, len(arguments)))
    if special:
        yield from special(aspect, scope, arguments, path)
    elif name in _OF_THE_SHAPE:
        yield from ((SHAPE, Value(scope, argument)) for argument in arguments)
    elif name in _SAME_ELEMENTS:
        yield from ((aspect, Value(scope, argument, path)) for argument in arguments)
    elif name in _ELEMENTS_AS_KEYS:
        wanted = VARIES if aspect is SHAPE and not path else aspect
        yield from ((wanted, Value(scope, argument, path and (EVERY, *path[1:]))) for argument in arguments)
    elif name == "concat":
        yield from ((aspect, Value(scope, argument, path and (EVERY, *path[1:]))) for argument in arguments)
    elif name in _TEXTS:
        yield from ((aspect, Value(scope, argument)) for argument in arguments)
    else:
        yield from ((DEPENDS, Value(scope, argument)) for argument in arguments)


Asker = Callable[[Aspect, Scope, tuple[Expression, ...], tuple[Step, ...]], Iterator[Question]]


def _values(aspect: Aspect, scope: Scope, arguments: tuple[Expression, ...], path: tuple[Step, ...]) -> Iterator[Question]:
    yield aspect, Value(scope, arguments[0], path and (EVERY, *path[1:]))


def _flatten(aspect: Aspect, scope: Scope, arguments: tuple[Expression, ...], path: tuple[Step, ...]) -> Iterator[Question]:
    if path:
        yield aspect, Value(scope, arguments[0], (EVERY, EVERY, *path[1:]))
        return
    yield aspect, Value(scope, arguments[0])
    yield aspect, Value(scope, arguments[0], (EVERY,))


def _zipmap(aspect: Aspect, scope: Scope, arguments: tuple[Expression, ...], path: tuple[Step, ...]) -> Iterator[Question]:
    if not path:
        yield VARIES if aspect is SHAPE else aspect, Value(scope, arguments[0])
    if path or aspect is not SHAPE:
        yield aspect, Value(scope, arguments[1], path and (EVERY, *path[1:]))


def _lookup(aspect: Aspect, scope: Scope, arguments: tuple[Expression, ...], path: tuple[Step, ...]) -> Iterator[Question]:
    collection, key, *default = arguments
    known = read(key)
    step = known.value if isinstance(known, Literal) and isinstance(known.value, str | int) else EVERY
    yield DEPENDS, Value(scope, key)
    yield aspect, Value(scope, collection, (step, *path))
    yield from ((aspect, Value(scope, other, path)) for other in default)


def _slice(aspect: Aspect, scope: Scope, arguments: tuple[Expression, ...], path: tuple[Step, ...]) -> Iterator[Question]:
    yield aspect, Value(scope, arguments[0], path and (EVERY, *path[1:]))
    yield from ((DEPENDS, Value(scope, bound)) for bound in arguments[1:])


_FUNCTIONS: dict[tuple[str, int], Asker] = {
    ("values", 1): _values,
    ("flatten", 1): _flatten,
    ("zipmap", 2): _zipmap,
    ("lookup", 2): _lookup,
    ("lookup", 3): _lookup,
    ("element", 2): _lookup,
    ("slice", 3): _slice,
}
