"""Where an expression stands: the module's instance around it, and what the loops around it bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from paritycheck.errors import Location
from paritycheck.source.constructs import EVERY, Step
from paritycheck.source.module import Module, ModuleReader
from paritycheck.source.syntax import Block, Expression
from paritycheck.source.variables import Assignment, Given

_DEEPEST = 30
"""How many modules may call each other in a row."""


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


class Instance:
    """A module as one of its callers instantiates it; the root module has no caller."""

    def __init__(
        self, module: Module, reader: ModuleReader, assigned: Mapping[str, Assignment], workspace: Definition | None = None
    ) -> None:
        """Hold the root module, the values of its variables, and its workspace where that is known."""
        self.module = module
        self.workspace = workspace
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
        child = Instance(self._reader.read(directory), self._reader, {}, self.workspace)
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


def dynamic_scope(scope: Scope, dynamic: Block, key: Step) -> Scope:
    """Return the scope inside the content of a dynamic block."""
    loop = dynamic.attributes.get("for_each")
    if loop is None or not dynamic.labels:
        return scope
    iterator = dynamic.attributes.get("iterator")
    name = iterator.value.text if iterator else dynamic.labels[0]
    return scope.bind({name: Element(loop.value, scope, key, "both")})
