"""The configuration of one environment: its modules and its variables' values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from paritycheck.config import Environment
from paritycheck.errors import Location
from paritycheck.source.addresses import Call, parse_address, parse_path
from paritycheck.source.constructs import EVERY, Step
from paritycheck.source.declarations import Variable, variables
from paritycheck.source.entries import find_entries
from paritycheck.source.evaluate import Evaluator
from paritycheck.source.module import Module, ModuleReader, string_value
from paritycheck.source.navigation import Place, navigate
from paritycheck.source.outline import HOLE, Lookup, outline
from paritycheck.source.scope import Definition, Instance, Value, inside
from paritycheck.source.syntax import Expression
from paritycheck.source.trace import Origin, Trace, Tracer, trace
from paritycheck.source.variables import Assignment, Given, Undeclared, assignments, refuse, undeclared


class Sources:
    """What the files of one environment say; read when it is loaded, looked into only where something is asked."""

    def __init__(
        self, environment: Environment, module: Module, reader: ModuleReader, assigned: Sequence[Assignment], variable: str | None
    ) -> None:
        """Hold the root module and the assignments to its variables, from the weakest to the strongest."""
        self.environment = environment
        self.module = module
        self.assignments = tuple(assigned)
        self.variable = variable
        self._reader = reader

    @classmethod
    def load(cls, environment: Environment, variable: str | None = None, reader: ModuleReader | None = None) -> Sources:
        """Read an environment's root module and variables files; `variable` is the one that holds the environment's name.

        Raises `ConfigError` for a file that is missing or cannot be read.
        """
        reader = reader or ModuleReader()
        return cls(environment, reader.read(environment.dir), reader, assignments(environment), variable)

    @cached_property
    def root(self) -> Instance:
        """The root module with its variables' values."""
        name = self.environment.workspace
        place = self.environment.locations.get("workspace")
        workspace = Definition("terraform.workspace", place, Given(name)) if name else None
        return Instance(self.module, self._reader, {found.name: found for found in self.assignments}, workspace)

    @property
    def undeclared(self) -> tuple[Undeclared, ...]:
        """Variables that the environment sets by name or in a file that it names, and that the root module does not declare."""
        return undeclared(self.assignments, self.module)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The root module's input variables."""
        return variables(self.module)

    def assigned(self, name: str) -> tuple[Location | None, str]:
        """Return where a variable of the root module gets its value, and how that is written, whether it is a secret or not."""
        found = next((each for each in reversed(self.assignments) if each.name == name), None)
        if found is not None:
            return found.location, found.value.text if isinstance(found.value, Expression) else json.dumps(found.value.value, default=str)
        block = self.module.blocks.get(f"var.{name}")
        default = block.attributes.get("default") if block else None
        return (default.location, default.value.text) if default else (block.location if block else None, "(not set)")

    def locate(self, address: str, path: str = "") -> Location | None:
        """Return where an attribute is written, or the nearest thing around it that is; `None` for what the source does not have."""
        place = self._place(address, path)
        if place is None or place.value is None:
            return place.location if place else None
        inner = Evaluator().narrow(place.value).expression
        deeper = inner in place.value.expression and inner.location.line != place.value.expression.location.line
        return inner.location if deeper else place.location

    def trace(self, address: str, path: str = "") -> Trace:
        """Return where an attribute's value comes from in this environment."""
        return explain((self,), address, path)

    def origin(self, address: str, path: str) -> Origin | None:
        """Return the names behind an attribute, or behind the number of a resource's instances where the path is empty."""
        place = self._place(address, path)
        return Tracer().origin(Definition(place.name, place.location, place.value)) if place else None

    def outline(self, address: str, path: str, lookup: Lookup | None = None) -> Any:
        """Return what is written of an attribute's value: JSON data with a `HOLE` for all that only Terraform can tell.

        `lookup` is asked first what other resources hold.
        """
        place = self._place(address, path)
        return HOLE if place is None or place.value is None else outline(place.value, lookup)

    def entries(self, address: str, key: str, lookup: Lookup | None = None) -> Iterator[tuple[Location, Any]]:
        """Yield what objects of an address's module hold under a key, or have it as `sid`: where each is written, and its outline."""
        parsed = parse_address(address)
        instance = self._instance(parsed.calls)
        for value in find_entries(instance, key, instance.module.blocks.get(parsed.block)) if instance else ():
            yield value.expression.location, outline(value, lookup)

    def blocks(self, address: str, kind: str) -> Iterator[tuple[Location, str | None]]:
        """Yield a resource's nested blocks of a kind: where each is written, and its `sid` if that is a plain text."""
        parsed = parse_address(address)
        instance = self._instance(parsed.calls)
        block = instance.module.blocks.get(parsed.block) if instance else None
        for nested in block.nested(kind) if block else ():
            yield nested.location, string_value(nested.attributes.get("sid"))

    def dynamic_blocks(self, address: str) -> frozenset[str]:
        """Return the kinds of nested blocks that a resource makes dynamically; a plan's configuration does not have them."""
        parsed = parse_address(address)
        instance = self._instance(parsed.calls)
        block = instance.module.blocks.get(parsed.block) if instance else None
        return frozenset(label for nested in (block.nested("dynamic") if block else ()) for label in nested.labels)

    def _instance(self, calls: Iterable[Call]) -> Instance | None:
        instance: Instance | None = self.root
        for call in calls:
            instance = instance.child(call.name, call.key) if instance else None
        return instance

    def _place(self, text: str, path: str) -> Place | None:
        address = parse_address(text)
        instance = self.root
        for call in address.calls:
            child = instance.child(call.name, call.key)
            if child is None or (call is address.calls[-1] and not address.block):
                return _block_place(instance, f"module.{call.name}", EVERY, ())
            instance = child
        return _block_place(instance, address.block, address.key, parse_path(path))


def load_all(environments: Iterable[Environment], variable: str | None = None) -> tuple[Sources, ...]:
    """Load the sources of several environments, every file once. Raises `ConfigError` as `Sources.load` does."""
    reader = ModuleReader()
    return tuple(Sources.load(environment, variable, reader) for environment in environments)


def explain(sources: Sequence[Sources], address: str | Mapping[str, str], path: str = "") -> Trace:
    """Return where a value comes from in several environments, and what is behind its being different in them.

    Where an instance's key is another one in every environment, `address` gives the address by environment.
    """
    addresses = address if isinstance(address, Mapping) else {each.environment.name: address for each in sources}
    origins = ((each.environment.name, each.origin(addresses[each.environment.name], path)) for each in sources)
    found = {name: origin for name, origin in origins if origin}
    return trace(found, next((each.variable for each in sources), None))


def check_variables(sources: Iterable[Sources]) -> None:
    """Raise `ConfigError` where an environment sets a variable that its root module does not declare."""
    for each in sources:
        refuse(each.undeclared, each.environment.name)


def _block_place(instance: Instance, address: str, key: Step, path: tuple[Step, ...]) -> Place | None:
    kind, _, name = address.partition(".")
    if kind == "local":
        attribute = instance.module.locals.get(name)
        return Place(attribute.location, f"{instance.prefix}{address}", Value(instance.scope, attribute.value, path)) if attribute else None
    block = instance.module.blocks.get(f"var.{name}" if kind == "variable" else address)
    if block is None:
        return None
    if kind in {"output", "var", "variable"}:
        path = ("value" if kind == "output" else "default", *path)
    elif not path:
        path = tuple(name for name in ("for_each", "count") if name in block.attributes)
        return replace(navigate(instance.scope, block, path), location=block.location, name=instance.prefix + address)
    place = navigate(inside(instance.scope, block, key), block, path)
    shown = f"{instance.prefix}{address}"
    return replace(place, name=shown if kind == "output" or not place.name else f"{shown}.{place.name}")
