"""What names mean at a place in the source: variables, locals, module inputs and outputs, `each`, and resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from paritycheck.errors import Location
from paritycheck.source.expressions import EVERY, Reference, Step, TupleValue, read
from paritycheck.source.module import Module, ModuleReader
from paritycheck.source.syntax import Block, Expression
from paritycheck.source.variables import Assignment, Given

_DEEPEST = 30
"""How many modules may call each other in a row."""
_WRITTEN_AS = {"tags_all": "tags"}
"""Computed attributes by the argument that most of their value is written in."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a collection that a loop goes through."""

    collection: Expression
    scope: Scope
    key: Step
    part: str
    """What the bound name stands for: the element's ``key``, its ``value``, or an object of ``both``."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A place in a module: the module's instance, and what loops around the place bind."""

    instance: Instance
    bindings: Mapping[str, Element] = field(default_factory=dict)

    def bind(self, elements: Mapping[str, Element]) -> Scope:
        """Return the scope inside a loop."""
        return replace(self, bindings={**self.bindings, **elements})


@dataclass(frozen=True, slots=True)
class Value:
    """An expression where it stands, or the part of its value that the path leads to."""

    scope: Scope
    expression: Expression
    path: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """What a reference means."""

    name: str
    """As a person would call it, from the root module: `var.x`, `local.y`, `module.m.local.z`, `aws_x.y.name`."""
    location: Location | None
    value: Value | Given | None = None
    """What it is set to, if that is written anywhere."""
    loop: bool = False
    """Whether it only stands for an element of the collection that a loop goes through."""
    made_of: tuple[Value, ...] = ()
    """For a computed attribute of a data source, all that is written there."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far into a block an attribute path leads."""

    location: Location
    name: str
    """The argument or nested block that was reached, such as `ingress.cidr_blocks`; empty for the block itself."""
    value: Value | None


class Instance:
    """A module as one of its callers instantiates it; the root module has no caller."""

    def __init__(self, module: Module, reader: ModuleReader, assigned: Mapping[str, Assignment]) -> None:
        """Hold the root module and the values of its variables."""
        self.module = module
        self.prefix = ""
        """How addresses inside it begin: `module.m.`."""
        self._reader = reader
        self._assigned = assigned
        self._call: Block | None = None
        self.caller: Scope | None = None
        """Where its inputs are written; `None` for the root module."""
        self._children: dict[tuple[str, Step], Instance | None] = {}

    @cached_property
    def scope(self) -> Scope:
        """The scope outside of any loop."""
        return Scope(self)

    @property
    def is_root(self) -> bool:
        """Whether nobody calls it."""
        return self.caller is None

    def child(self, name: str, key: Step = EVERY) -> Instance | None:
        """Return an instance of a local module that this one calls, or `None` where its source is not at hand."""
        if (name, key) not in self._children:
            self._children[name, key] = self._called(name, key)
        return self._children[name, key]

    def definition(self, name: str, path: tuple[Step, ...]) -> Definition | None:
        """Return what sets an input variable: the environment, the module call, or the default."""
        block = self.module.blocks.get(f"var.{name}")
        shown = f"{self.prefix}var.{name}"
        if name in self._assigned:
            return self._from_environment(self._assigned[name], path)
        argument = self._call.attributes.get(name) if self._call else None
        if argument and self.caller:
            return Definition(shown, argument.location, Value(self.caller, argument.value, path))
        default = block.attributes.get("default") if block else None
        if default:
            return Definition(shown, default.location, Value(self.scope, default.value, path))
        return Definition(shown, block.location) if block else None

    def _from_environment(self, assignment: Assignment, path: tuple[Step, ...]) -> Definition:
        value = assignment.value
        return Definition(
            f"var.{assignment.name}",
            assignment.location,
            Value(self.scope, value, path) if isinstance(value, Expression) else value,
        )

    def _called(self, name: str, key: Step) -> Instance | None:
        call = self.module.blocks.get(f"module.{name}")
        directory = self.module.call_directory(name)
        if call is None or directory is None or not directory.is_dir() or not self._may_call(directory):
            return None
        child = Instance(self._reader.read(directory), self._reader, {})
        child.prefix = f"{self.prefix}module.{name}."
        child._call = call
        child.caller = inside(self.scope, call, key)
        return child

    def _may_call(self, directory: Path) -> bool:
        """Tell whether a module is none of its own callers, and not too deep below the root."""
        above: Instance | None = self
        for _ in range(_DEEPEST):
            if above is None:
                return True
            if above.module.directory == directory:
                return False
            above = above.caller.instance if above.caller else None
        return False


def inside(scope: Scope, block: Block, key: Step) -> Scope:
    """Return the scope inside a block that may have `for_each`."""
    loop = block.attributes.get("for_each")
    return scope.bind({"each": Element(loop.value, scope, key, "both")}) if loop else scope


def loop_scope(scope: Scope, names: tuple[str, ...], collection: Expression, key: Step) -> Scope:
    """Return the scope inside a `for` expression that is at one element of its collection."""
    parts = ("key", "value")[-len(names) :]
    return scope.bind({name: Element(collection, scope, key, part) for name, part in zip(names, parts, strict=False)})


def resolve(scope: Scope, reference: Reference) -> Definition | None:
    """Return what a reference, none of whose steps needs computing, means one step deep; `None` where the source does not say."""
    root, steps = reference.root, reference.steps
    if root in scope.bindings:
        return _element(scope, scope.bindings[root], root, steps)
    instance, found = scope.instance, None
    match root, steps:
        case "var", (str() as name, *_):
            found = instance.definition(name, steps[1:])
        case "local", (str() as name, *_):
            found = _local(instance, name, steps[1:])
        case "module", (str() as name, *_):
            found = _output(instance, name, steps[1:])
        case (("data" | "ephemeral"), (str() as kind, str() as name, *_)):
            found = _resource(instance, f"{root}.{kind}.{name}", steps[2:])
        case _, (str() as name, *_):
            found = _resource(instance, f"{root}.{name}", steps[1:])
        case _:
            pass
    return found


def navigate(scope: Scope, block: Block, path: tuple[Step, ...]) -> Place:
    """Follow an attribute path into a block, through nested and dynamic blocks, as far as it is written there."""
    location = block.location
    reached: list[str] = []
    while path and isinstance(name := path[0], str):
        name = name if name in block.attributes or block.nested(name) else _WRITTEN_AS.get(name, name)
        if (attribute := block.attributes.get(name)) is not None:
            return Place(attribute.location, ".".join([*reached, name]), Value(scope, attribute.value, path[1:]))
        index = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
        found = _nested(scope, block, name, index)
        if found is None:
            break
        scope, block = found
        location = block.location
        reached.append(name)
        path = path[2:] if len(path) > 1 and not isinstance(path[1], str) else path[1:]
    return Place(location, ".".join(reached), None)


def _nested(scope: Scope, block: Block, name: str, index: int) -> tuple[Scope, Block] | None:
    """Return the nested block with this index, written out or made by a dynamic block."""
    written = block.nested(name)
    if index < len(written):
        return scope, written[index]
    for dynamic in block.nested("dynamic"):
        content = dynamic.nested("content")
        if dynamic.labels == (name,) and content:
            loop = dynamic.attributes.get("for_each")
            listed = loop is not None and isinstance(read(loop.value), TupleValue)
            return dynamic_scope(scope, dynamic, index - len(written) if listed else EVERY), content[0]
    return (scope, written[-1]) if written else None


def dynamic_scope(scope: Scope, dynamic: Block, key: Step) -> Scope:
    """Return the scope inside the content of a dynamic block."""
    loop = dynamic.attributes.get("for_each")
    if loop is None or not dynamic.labels:
        return scope
    iterator = dynamic.attributes.get("iterator")
    name = iterator.value.text if iterator else dynamic.labels[0]
    return scope.bind({name: Element(loop.value, scope, key, "both")})


def _element(scope: Scope, element: Element, name: str, steps: tuple[Step, ...]) -> Definition:
    part = element.part
    if part == "both":
        part, name, steps = str(steps[0]) if steps else "value", f"{name}.{steps[0]}" if steps else name, steps[1:]
    shown = f"{scope.instance.prefix}{name}"
    if part == "key" and isinstance(element.key, str | int):
        return Definition(shown, element.collection.location, Given(element.key), loop=True)
    path = (element.key, *steps) if part == "value" else (EVERY,)
    return Definition(shown, element.collection.location, Value(element.scope, element.collection, path), loop=True)


def _local(instance: Instance, name: str, path: tuple[Step, ...]) -> Definition | None:
    attribute = instance.module.locals.get(name)
    if attribute is None:
        return None
    return Definition(f"{instance.prefix}local.{name}", attribute.location, Value(instance.scope, attribute.value, path))


def _output(instance: Instance, call: str, steps: tuple[Step, ...]) -> Definition | None:
    block = instance.module.blocks.get(f"module.{call}")
    key, path = _split_key(block, steps) if block else (EVERY, steps)
    child = instance.child(call, key)
    output = child.module.blocks.get(f"output.{path[0]}") if child and path else None
    value = output.attributes.get("value") if output else None
    if child is None or value is None:
        return None
    return Definition(f"{instance.prefix}module.{call}.{path[0]}", value.location, Value(child.scope, value.value, path[1:]))


def _resource(instance: Instance, address: str, steps: tuple[Step, ...]) -> Definition | None:
    block = instance.module.blocks.get(address)
    if block is None:
        return None
    key, path = _split_key(block, steps)
    place = navigate(inside(instance.scope, block, key), block, path)
    name = ".".join([f"{instance.prefix}{address}", *(step for step in path[:1] if isinstance(step, str))])
    computed = block.kind == "data" and place.value is None
    return Definition(
        name, place.location, place.value, made_of=tuple(_arguments(inside(instance.scope, block, key), block)) if computed else ()
    )


def _arguments(scope: Scope, block: Block) -> Iterator[Value]:
    waiting = [block]
    while waiting:
        current = waiting.pop(0)
        yield from (Value(scope, attribute.value) for attribute in current.attributes.values())
        waiting.extend(current.blocks)


def _split_key(block: Block, steps: tuple[Step, ...]) -> tuple[Step, tuple[Step, ...]]:
    """Split the instance key, which only a block with `for_each` or `count` has, from the steps after it."""
    repeated = "for_each" in block.attributes or "count" in block.attributes
    return (steps[0], steps[1:]) if repeated and steps else (EVERY, steps)
