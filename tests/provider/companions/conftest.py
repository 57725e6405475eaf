"""Ways to ask a provider what Terraform would ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from paritycheck.provider.interface import Block, Diagnostic, Object, PlannedChange, Provider
from paritycheck.provider.planning.planner import empty_object


@dataclass(frozen=True)
class Asking:
    """A provider and its instance without a configuration."""

    provider: Provider

    def complete(self, block: Block, config: Object) -> Object:
        filled = dict(config)
        for name, nested in block.blocks.items():
            if isinstance(config.get(name), list):
                filled[name] = [self.complete(nested.block, item) for item in config[name]]
        return empty_object(block) | filled

    def resource(self, type_name: str, config: Object) -> Object:
        schema = self.provider.resource_schema(type_name)
        assert schema is not None
        return self.complete(schema.block, config)

    def create(self, type_name: str, **config: Any) -> Object:
        complete = self.resource(type_name, config)
        planned = self.provider.configure({}).plan(type_name, None, complete, complete).planned
        assert planned is not None
        return planned

    def update(self, type_name: str, prior: Object, **config: Any) -> PlannedChange:
        """Plan a change of what `prior` holds; as Terraform proposes it, what is computed and not configured stays."""
        schema = self.provider.resource_schema(type_name)
        assert schema is not None
        complete, before = self.resource(type_name, config), self.resource(type_name, prior)
        kept = {name: before[name] for name, each in schema.block.attributes.items() if each.computed and complete[name] is None}
        return self.provider.configure({}).plan(type_name, before, complete | kept, complete)

    def complaints(self, type_name: str, **config: Any) -> list[Diagnostic]:
        return list(self.provider.configure({}).validate_resource(type_name, self.resource(type_name, config)))

    def data_source(self, type_name: str, config: Object) -> Object:
        schema = self.provider.data_source_schema(type_name)
        assert schema is not None
        return self.complete(schema.block, config)

    def read(self, type_name: str, **config: Any) -> Object:
        return self.provider.configure({}).read_data_source(type_name, self.data_source(type_name, config))

    def read_complaints(self, type_name: str, **config: Any) -> list[Diagnostic]:
        return list(self.provider.configure({}).validate_data_source(type_name, self.data_source(type_name, config)))

    def call(self, name: str, *arguments: Any) -> Any:
        return self.provider.functions()[name].call(*arguments)


@pytest.fixture
def ask() -> type[Asking]:
    return Asking
