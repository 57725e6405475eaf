"""From an attribute to what gives it its value: locals, module inputs, variables, and the line of a tfvars file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from paritycheck.errors import Location
from paritycheck.findings import Related
from paritycheck.source.constructs import EVERY, Call, Conditional, For, ObjectValue, TupleValue, children
from paritycheck.source.evaluate import Evaluator
from paritycheck.source.reading import read
from paritycheck.source.scope import Definition, Value, loop_scope
from paritycheck.source.syntax import Expression
from paritycheck.source.variables import Given

_DEEPEST = 40
_MOST_DEFINITIONS = 200
_MOST_EXPRESSIONS = 2_000
_MOST_STEPS = 20
_OF_KEYS = {"keys", "length"}
"""Functions that look at a map's keys alone."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a value comes from."""

    cause: str | None = None
    """The one thing behind it, such as `var.orders_shard_count` or `local.capacity`; else the attribute itself."""
    steps: tuple[Related, ...] = ()
    """From the attribute to what sets the value; a step that is not the same everywhere names its environments."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A name in the chain behind a value, and the names that its own expression refers to."""

    name: str
    cause: str
    """The name to give as a cause: its own, but for the element of a loop, which only stands for what the loop goes through."""
    locations: tuple[Location, ...]
    """Where it is defined, and where in a larger expression the part in question is written."""
    written: str
    """How its value is written; never shown, because it may be a secret."""
    via: tuple[Origin, ...] = ()


class Tracer:
    """Finds the origins of one value in one environment, within a bound of work."""

    def __init__(self) -> None:
        """Start with nothing followed yet."""
        self._evaluator = Evaluator()
        self._seen: set[tuple[object, ...]] = set()
        self._left = _MOST_EXPRESSIONS

    def origin(self, definition: Definition, cause: str | None = None, depth: int = 0) -> Origin:
        """Return the tree of names behind a definition; each is followed once."""
        name, value = definition.name, definition.value
        cause = cause if cause and definition.loop else name
        places = (definition.location,) if definition.location else ()
        if isinstance(value, Given):
            return Origin(name, cause, places, repr(value.value))
        if value is None:
            return Origin(name, cause, places, name)
        narrowed = self._evaluator.narrow(value)
        places = tuple(dict.fromkeys((*places, narrowed.expression.location)))
        return Origin(name, cause, places, narrowed.expression.text, self._follow(cause, narrowed, depth))

    def _follow(self, cause: str, value: Value, depth: int) -> tuple[Origin, ...]:
        found = []
        for definition in self._references(value):
            key = (definition.name, definition.location, definition.value.path if isinstance(definition.value, Value) else ())
            if key in self._seen or depth >= _DEEPEST or len(self._seen) >= _MOST_DEFINITIONS:
                continue
            self._seen.add(key)
            found.append(self.origin(definition, cause, depth + 1))
        return tuple(found)

    def _references(self, value: Value) -> Iterator[Definition]:
        """Yield what an expression refers to, but not what only chooses an element that is known already."""
        waiting = [value]
        while waiting and self._left > 0:
            self._left -= 1
            current = self._evaluator.narrow(waiting.pop())
            definition = self._evaluator.define(current)
            if definition is not None:
                yield definition
            if definition is None or (isinstance(definition.value, Value) and EVERY in definition.value.path):
                waiting.extend(reversed(list(self._parts(current))))

    def _parts(self, value: Value) -> Iterator[Value]:
        """Yield what an expression is made of, but of a collection no more than the path, or a question for its keys, is about."""
        scope, path = value.scope, value.path
        match read(value.expression):
            case Call(name, (argument,)) if name in _OF_KEYS:
                yield from self._keys(Value(scope, argument))
            case ObjectValue(items) if EVERY in path[:1]:
                yield from (Value(scope, item, path[1:]) for _, item in items)
            case TupleValue(items) if EVERY in path[:1]:
                yield from (Value(scope, item, path[1:]) for item in items)
            case Call("merge", arguments):
                yield from (Value(scope, argument, path) for argument in arguments)
            case Conditional(condition, yes, no):
                yield from (Value(scope, condition), Value(scope, yes, path), Value(scope, no, path))
            case For(names, collection, key, result, condition):
                loop = loop_scope(scope, names, collection, EVERY)
                yield from self._keys(Value(scope, collection))
                yield from (Value(loop, part) for part in (key, result, condition) if part)
            case syntax:
                yield from (Value(scope, child) for child in children(syntax))

    def _keys(self, value: Value, depth: int = 0) -> Iterator[Value]:
        found = self._evaluator.follow(value)
        match read(found.expression):
            case _ if found.path or depth >= _DEEPEST:
                yield value
            case ObjectValue(items):
                yield from (Value(found.scope, key) for key, _ in items if isinstance(key, Expression))
            case TupleValue():
                return
            case Call("merge", arguments):
                yield from (key for argument in arguments for key in self._keys(Value(found.scope, argument), depth + 1))
            case _:
                yield value


def trace(origins: Mapping[str, Origin], chooser: str | None) -> Trace:
    """Tell what is behind a difference from the origins of the value by environment.

    What is the same in all of them explains nothing, and is left out unless nothing else is there. `chooser` is the variable that
    holds the environment's name: where it is all there is, the expression that uses it is the cause.
    """
    name = f"var.{chooser}"
    differing = _differing(origins) or origins
    telling = {environment: _pruned(origin, lambda leaf: leaf.name == name) or origin for environment, origin in differing.items()}
    causes = {_cause(origin, name) for origin in telling.values()}
    cause = causes.pop() if len(causes) == 1 else next((origin.cause for origin in origins.values()), None)
    return Trace(cause, _steps(telling, len(origins)))


def _differing(origins: Mapping[str, Origin]) -> dict[str, Origin]:
    """Return the origins without the leaves that are written alike in every environment."""
    leaves = [{(leaf.name, leaf.written) for leaf in _leaves(origin)} for origin in origins.values()]
    alike = set.intersection(*leaves) if len(leaves) > 1 else set()
    kept = {environment: _pruned(origin, lambda leaf: (leaf.name, leaf.written) in alike) for environment, origin in origins.items()}
    return {environment: origin for environment, origin in kept.items() if origin is not None}


def _leaves(origin: Origin) -> Iterator[Origin]:
    if not origin.via:
        yield origin
    for inner in origin.via:
        yield from _leaves(inner)


def _pruned(origin: Origin, drop: Callable[[Origin], bool]) -> Origin | None:
    """Return the tree without the leaves to drop, and without what only led to them."""
    if not origin.via:
        return None if drop(origin) else origin
    via = tuple(kept for inner in origin.via if (kept := _pruned(inner, drop)))
    return replace(origin, via=via) if via else None


def _cause(origin: Origin, chooser: str) -> str:
    causes = {_cause(inner, chooser) for inner in origin.via if inner.name != chooser}
    return causes.pop() if len(causes) == 1 else origin.cause


def _steps(origins: Mapping[str, Origin], environments: int) -> tuple[Related, ...]:
    """Return the places in all trees, each once, in the order from the attribute to its sources."""
    taken: dict[tuple[Location, str], dict[str, None]] = {}
    for environment, origin in origins.items():
        for place in _places(origin):
            taken.setdefault(place, {})[environment] = None
    return tuple(
        Related(location, name if len(by) == environments else f"{name} in {_listed(list(by))}")
        for (location, name), by in list(taken.items())[:_MOST_STEPS]
    )


def _places(origin: Origin) -> Iterator[tuple[Location, str]]:
    last = None
    for location in origin.locations:
        if last is None or location.line != last.line or location.file != last.file:
            yield location, origin.name
        last = location
    for inner in origin.via:
        yield from _places(inner)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
