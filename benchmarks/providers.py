"""The embedded providers as a recorded case needs them: they read what was read, and may take what older ones took.

What a configuration writes and the schema does not have (an argument, a block or a resource type that is gone) is added
to a tolerant provider's schema, nothing is required, and nothing is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from paritycheck.provider.interface import (
    Attribute,
    Block,
    Diagnostic,
    Function,
    Instance,
    NestedBlock,
    Object,
    PlannedChange,
    Provider,
    Refused,
    Schema,
    Value,
)
from paritycheck.provider.planning.placeholders import override
from paritycheck.provider.planning.planner import plan_change
from paritycheck.source import declarations
from paritycheck.source.module import Module
from paritycheck.source.syntax import Block as Written

META = frozenset({"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "timeouts"})
"""What a resource may hold without its provider's knowing."""

IDENTIFIERS = {"arn": Attribute("string", optional=True, computed=True), "id": Attribute("string", optional=True, computed=True)}
"""What every type has that nothing is known about."""

COMPUTED = frozenset({"archive_file", "aws_iam_policy_document", "cloudinit_config", "template_file"})
"""Data sources that the offline engine computes as the real providers do: they are measured, not answered."""

Recorded = Mapping[str, Sequence[Mapping[str, Any]]]
"""Values of data sources by type, as a plan recorded them."""


class RecordedProvider(Provider):
    """A provider whose data sources read what they read when a plan was recorded."""

    def __init__(self, provider: Provider, recorded: Recorded) -> None:
        """Serve a provider's types."""
        self.source = provider.source
        self.provider = provider
        self.recorded = recorded

    def schema(self) -> Schema:
        """See `Provider.schema`."""
        return self.provider.schema()

    def resource_schema(self, type_name: str) -> Schema | None:
        """See `Provider.resource_schema`."""
        return self.provider.resource_schema(type_name)

    def data_source_schema(self, type_name: str) -> Schema | None:
        """See `Provider.data_source_schema`."""
        return self.provider.data_source_schema(type_name)

    def functions(self) -> Mapping[str, Function]:
        """See `Provider.functions`."""
        return self.provider.functions()

    def configure(self, config: Object) -> Instance:
        """See `Provider.configure`."""
        return RecordedInstance(self, self.provider.configure(config))


class RecordedInstance(Instance):
    """A configured `RecordedProvider`."""

    def __init__(self, provider: RecordedProvider, instance: Instance) -> None:
        """Plan by an instance of the embedded provider."""
        self.provider = provider
        self.instance = instance

    def validate_resource(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_resource`."""
        return self.instance.validate_resource(type_name, config)

    def validate_data_source(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_data_source`."""
        return self.instance.validate_data_source(type_name, config)

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        """See `Instance.plan`."""
        return self.instance.plan(type_name, prior, proposed, config)

    def read_data_source(self, type_name: str, config: Object) -> Object:
        """See `Instance.read_data_source`; what nothing like it was recorded of is read as ever."""
        schema = self.provider.data_source_schema(type_name) or Schema()
        answer = self.instance.read_data_source(type_name, config)
        for name, value in self._find(type_name, config).items():
            answer = _answer(schema.block, answer, name, value) if value is not None else answer
        return answer

    def import_resource(self, type_name: str, identifier: str) -> Object:
        """See `Instance.import_resource`."""
        return self.instance.import_resource(type_name, identifier)

    def _find(self, type_name: str, config: Object) -> Mapping[str, Any]:
        """Return what was recorded of the data source with these arguments, or of the only one of its type."""
        recorded = self.provider.recorded.get(type_name, ()) if type_name not in COMPUTED else ()
        alike = [values for values in recorded if _agrees(config, values)]
        return next(iter(alike or (recorded if len(recorded) == 1 else ())), {})


class TolerantProvider(RecordedProvider):
    """A provider with a schema that fits a configuration."""

    def __init__(self, provider: Provider, recorded: Recorded, directory: Path) -> None:
        """Serve a provider's types to the configuration in `directory`."""
        super().__init__(provider, recorded)
        self._written = find_resources(directory)

    def resource_schema(self, type_name: str) -> Schema | None:
        """See `Provider.resource_schema`."""
        schema, blocks = self.provider.resource_schema(type_name), self._written.get(type_name, [])
        if schema is not None:
            return replace(schema, block=widen(schema.block, blocks))
        own = self.source.partition("/")[2] == type_name.partition("_")[0]
        return Schema(widen(Block(IDENTIFIERS), blocks)) if own and blocks else None

    def configure(self, config: Object) -> Instance:
        """See `Provider.configure`."""
        return TolerantInstance(self, self.provider.configure(config))


class TolerantInstance(RecordedInstance):
    """A configured `TolerantProvider`, which validates nothing."""

    def validate_resource(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_resource`."""
        del type_name, config
        return ()

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        """See `Instance.plan`; what only the configuration knows is planned as it is written."""
        known, schema = self.provider.provider.resource_schema(type_name), self.provider.resource_schema(type_name)
        if proposed is None or config is None or schema is None:
            return PlannedChange(None)
        if known is None:
            return PlannedChange(plan_change(schema.block, None, prior, proposed, config))
        narrow = partial(_narrow, known.block)
        change = self.instance.plan(type_name, prior and narrow(prior), narrow(proposed), narrow(config))
        return replace(change, planned=proposed | (change.planned or {}))


def find_resources(directory: Path) -> Mapping[str, list[Written]]:
    """Return the resource blocks of a configuration and of its modules, by type."""
    found: dict[str, list[Written]] = {}
    for module in map(Module, declarations([directory]).directories):
        for block in module.resources.values():
            if block.kind == "resource":
                found.setdefault(block.labels[0], []).append(block)
    return found


def _answer(block: Block, value: Object, name: str, answer: Any) -> Object:
    """Return a data source's object with one recorded value in it, if today's schema has a place for that."""
    try:
        return override(block, value, {name: answer})
    except Refused:
        return value


def _agrees(config: Object, values: Mapping[str, Any]) -> bool:
    """Tell whether all arguments that are written have the recorded values."""
    return all(value in (None, [], {}) or _order(value) == _order(values.get(name)) for name, value in config.items())


def _order(value: Value) -> Any:
    """Return a value in which the order of lists does not matter, and absent names do not either."""
    if isinstance(value, list):
        return sorted((_order(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    if isinstance(value, dict):
        return {name: _order(item) for name, item in value.items() if item not in (None, [], {})}
    return value


def widen(block: Block, written: Iterable[Written]) -> Block:
    """Return a schema's block that requires nothing and has a place for everything in the blocks of a configuration."""
    attributes = {name: replace(each, required=False, optional=each.optional or each.required) for name, each in block.attributes.items()}
    nested: dict[str, list[Written]] = {name: [] for name in block.blocks}
    for source in written:
        for name in source.attributes.keys() - META - block.blocks.keys():
            attributes.setdefault(name, Attribute(_guess_type(source.attributes[name].value.text), optional=True))
        for name, inner in _blocks(source):
            if name not in attributes and name not in META:
                nested.setdefault(name, []).append(inner)
    return Block(attributes, {name: _widen_nested(block.blocks.get(name), inner) for name, inner in nested.items()})


def _widen_nested(nested: NestedBlock | None, written: list[Written]) -> NestedBlock:
    if nested is None:
        return NestedBlock("list", widen(Block(), written))
    return replace(nested, block=widen(nested.block, written), min_items=0)


def _blocks(written: Written) -> Iterable[tuple[str, Written]]:
    """Yield the nested blocks by kind; a dynamic block's are its content."""
    for block in written.blocks:
        if block.kind == "dynamic":
            yield from ((block.labels[0], content) for content in block.nested("content"))
        else:
            yield block.kind, block


def _guess_type(text: str) -> Any:
    """Guess an argument's type from how its value is written."""
    objects = ["map", "string"]
    return {"[": ["list", objects if text[1:].lstrip().startswith("{") else "string"], "{": objects}.get(text[:1], "string")


def _narrow(block: Block, value: Object) -> Object:
    """Return an object with only the names that a schema's block has."""
    return {name: value.get(name) for name in (*block.attributes, *block.blocks)}
