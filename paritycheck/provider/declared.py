"""Providers declared in Python: small ones, whose schemas and ways fit on a screen.

An attribute is declared with `required`, `optional`, `computed` or `either`, by its cty type and what else is known of
it, as `paritycheck.provider.planning.facts` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import (
    UNKNOWN,
    Attribute,
    Block,
    Diagnostic,
    Function,
    Instance,
    NestedBlock,
    Object,
    PlannedChange,
    Provider,
    Schema,
    Value,
)
from paritycheck.provider.planning.facts import NOTHING, Fact
from paritycheck.provider.planning.placeholders import fill_placeholders, override
from paritycheck.provider.planning.planner import empty_object, find_replacements, plan_change
from paritycheck.provider.planning.validation import validate

TEXTS = ["list", "string"]
TEXT_SET = ["set", "string"]
TEXT_MAP = ["map", "string"]


@dataclass(frozen=True, slots=True)
class Declared:
    """An attribute, or a kind of nested block, and the facts about it."""

    attribute: Attribute | None
    fact: Fact
    nesting: str = ""
    contents: Mapping[str, Declared] | None = None
    min_items: int = 0
    max_items: int = 0


Contents = Mapping[str, Declared]
"""What a block holds, by name."""


def required(cty: Any, *, sensitive: bool = False, **fact: Any) -> Declared:
    """Declare an attribute that a configuration must set."""
    return Declared(Attribute(cty, required=True, sensitive=sensitive), Fact(**fact))


def optional(cty: Any, *, sensitive: bool = False, deprecated: bool = False, **fact: Any) -> Declared:
    """Declare an attribute that a configuration may set."""
    return Declared(Attribute(cty, optional=True, sensitive=sensitive, deprecated=deprecated), Fact(**fact))


def computed(cty: Any, *, sensitive: bool = False, **fact: Any) -> Declared:
    """Declare an attribute that only the provider sets."""
    return Declared(Attribute(cty, computed=True, sensitive=sensitive), Fact(**fact))


def either(cty: Any, *, deprecated: bool = False, **fact: Any) -> Declared:
    """Declare an attribute that the provider sets where the configuration does not."""
    return Declared(Attribute(cty, optional=True, computed=True, deprecated=deprecated), Fact(**fact))


def block(nesting: str, contents: Contents, *, min_items: int = 0, max_items: int = 0, **fact: Any) -> Declared:
    """Declare a kind of nested block."""
    return Declared(None, Fact(**fact), nesting, contents, min_items, max_items)


Check = Callable[[Object], Iterable[Diagnostic]]
"""Takes a configuration, in which anything may be unknown, and returns what facts cannot say against it."""

Refine = Callable[[Object | None, Object, Object], Object]
"""Takes the prior, the planned and the configured object, and returns what really is planned."""


def _nothing(value: Object) -> Iterable[Any]:
    del value
    return ()


@dataclass(frozen=True)
class Type:
    """A resource type or a data source."""

    contents: Contents
    version: int = 0
    check: Check = _nothing
    refine: Refine | None = None
    """Of a resource type, where the general rules do not say it all."""
    expired: Callable[[Object], Iterable[str]] = _nothing
    """Takes a prior object and returns the attributes that replace it, as their time has come."""
    read: Callable[[Object], Object] | None = None
    """Of a data source; without it, a placeholder answers."""

    @cached_property
    def schema(self) -> Schema:
        """The schema."""
        return Schema(_block_of(self.contents), self.version)

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The facts by dotted path."""
        return dict(_facts_of(self.contents, ""))

    def complain(self, config: Object) -> list[Diagnostic]:
        """Return what is wrong with a configuration."""
        return [*validate(self.facts, config), *self.check(config)]


def _block_of(contents: Contents) -> Block:
    attributes = {name: declared.attribute for name, declared in contents.items() if declared.attribute is not None}
    blocks = {
        name: NestedBlock(declared.nesting, _block_of(declared.contents), declared.min_items, declared.max_items)
        for name, declared in contents.items()
        if declared.contents is not None
    }
    return Block(attributes, blocks)


def _facts_of(contents: Contents, prefix: str) -> Iterator[tuple[str, Fact]]:
    for name, declared in contents.items():
        if declared.fact != NOTHING:
            yield prefix + name, declared.fact
        yield from _facts_of(declared.contents or {}, f"{prefix}{name}.")


@dataclass(frozen=True, eq=False)
class DeclaredProvider(Provider):
    """A provider made of declarations."""

    source: str
    resources: Mapping[str, Type]
    data_sources: Mapping[str, Type]
    defined_functions: Mapping[str, Function]
    config: Contents
    overrides: Overrides

    def schema(self) -> Schema:
        """See `Provider.schema`."""
        return Schema(_block_of(self.config))

    def resource_schema(self, type_name: str) -> Schema | None:
        """See `Provider.resource_schema`."""
        found = self.resources.get(type_name)
        return None if found is None else found.schema

    def data_source_schema(self, type_name: str) -> Schema | None:
        """See `Provider.data_source_schema`."""
        found = self.data_sources.get(type_name)
        return None if found is None else found.schema

    def functions(self) -> Mapping[str, Function]:
        """See `Provider.functions`."""
        return self.defined_functions

    def configure(self, config: Object) -> Instance:
        """See `Provider.configure`; the configuration changes nothing."""
        del config
        return DeclaredInstance(self)


def declare(
    source: str,
    *,
    resources: Mapping[str, Type] | None = None,
    data_sources: Mapping[str, Type] | None = None,
    functions: Mapping[str, Function] | None = None,
    config: Contents | None = None,
    overrides: Overrides | None = None,
) -> DeclaredProvider:
    """Declare a provider; `overrides` are what its data sources answer with instead."""
    return DeclaredProvider(source, resources or {}, data_sources or {}, functions or {}, config or {}, overrides or {})


class DeclaredInstance(Instance):
    """A configured `DeclaredProvider`."""

    def __init__(self, provider: DeclaredProvider) -> None:
        """Plan by a provider's declarations."""
        self._provider = provider

    def validate_resource(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_resource`."""
        return self._provider.resources[type_name].complain(config)

    def validate_data_source(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_data_source`."""
        return self._provider.data_sources[type_name].complain(config)

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        """See `Instance.plan`."""
        if proposed is None or config is None:
            return PlannedChange(None)
        kind = self._provider.resources[type_name]
        proposed = {name: _proposed(kind.facts.get(name, NOTHING), config[name], value) for name, value in proposed.items()}
        planned = plan_change(kind.schema.block, kind.facts, prior, proposed, config)
        if kind.refine is not None:
            planned = kind.refine(prior, planned, config)
        if prior is None:
            return PlannedChange(planned)
        expired = list(kind.expired(prior))
        planned |= dict.fromkeys(expired, UNKNOWN)
        return PlannedChange(planned, [*find_replacements(kind.facts, prior, planned), *((name,) for name in expired)])

    def read_data_source(self, type_name: str, config: Object) -> Object:
        """See `Instance.read_data_source`."""
        kind = self._provider.data_sources[type_name]
        answers = self._provider.overrides.get(type_name, {})
        read = kind.read or (lambda config: fill_placeholders(type_name, kind.schema.block, config))
        return override(kind.schema.block, read(config), answers)

    def import_resource(self, type_name: str, identifier: str) -> Object:
        """See `Instance.import_resource`; only the identifier is known."""
        empty = empty_object(self._provider.resources[type_name].schema.block)
        return empty | ({"id": identifier} if "id" in empty else {})


def _proposed(fact: Fact, configured: Value, proposed: Value) -> Value:
    """Return what is proposed for an attribute: a default, where the configuration no longer says anything."""
    return fact.default if configured is None and fact.default is not None else proposed


def is_known(*values: Value) -> bool:
    """Return whether all values are known and not null."""
    return all(value is not None and value is not UNKNOWN for value in values)
