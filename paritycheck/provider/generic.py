"""A provider known by its schema, and by facts where there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from paritycheck.provider.interface import Block, Diagnostic, Instance, Object, PlannedChange, Provider, Schema
from paritycheck.provider.planning.facts import FactTable, TypeFacts
from paritycheck.provider.planning.placeholders import fill_placeholders, override
from paritycheck.provider.planning.planner import empty_object, find_replacements, plan_change
from paritycheck.provider.planning.sdk import fill_sets, keep_empty_texts, keep_zeros, simplify_proposal, uses_sdk
from paritycheck.provider.planning.validation import validate
from paritycheck.provider.schemas.catalog import Catalog

Overrides = Mapping[str, Mapping[str, Any]]
"""Attribute values that data sources answer with, by data source type."""


class GenericProvider(Provider):
    """Plans every resource type of a catalog by the same rules."""

    def __init__(self, catalog: Catalog, facts: FactTable | None = None, overrides: Overrides | None = None) -> None:
        """Serve a catalog's types; `overrides` are what data sources answer with instead of placeholders."""
        self.source = catalog.source
        self.catalog = catalog
        self.facts = facts or FactTable()
        self.overrides = overrides or {}

    def schema(self) -> Schema:
        """See `Provider.schema`."""
        return self.catalog.provider()

    def resource_schema(self, type_name: str) -> Schema | None:
        """See `Provider.resource_schema`."""
        return self.catalog.resource(type_name)

    def data_source_schema(self, type_name: str) -> Schema | None:
        """See `Provider.data_source_schema`."""
        return self.catalog.data_source(type_name)

    def configure(self, config: Object) -> Instance:
        """See `Provider.configure`; the configuration changes nothing."""
        del config
        return GenericInstance(self)


class GenericInstance(Instance):
    """A configured `GenericProvider`."""

    def __init__(self, provider: GenericProvider) -> None:
        """Plan by a provider's catalog and facts."""
        self._provider = provider

    def validate_resource(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_resource`."""
        return validate(self._facts(type_name), config)

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        """See `Instance.plan`."""
        if proposed is None or config is None:
            return PlannedChange(None)
        planned = self.plan_object(type_name, prior, proposed, config)
        replace = [] if prior is None else find_replacements(self._facts(type_name), prior, planned)
        return PlannedChange(planned, replace)

    def plan_object(self, type_name: str, prior: Object | None, proposed: Object, config: Object) -> Object:
        """Return what a resource will be after a create or an update; the place for what one provider does differently."""
        schema, facts = self._resource(type_name), self._facts(type_name)
        if not uses_sdk(schema):
            return plan_change(schema.block, facts, prior, proposed, config)
        planned = plan_change(schema.block, facts, prior, simplify_proposal(schema.block, proposed, prior), config)
        planned = keep_zeros(schema.block, keep_empty_texts(facts or {}, config, planned), prior)
        return fill_sets(schema.block, planned)

    def read_data_source(self, type_name: str, config: Object) -> Object:
        """See `Instance.read_data_source`; what is not configured is a placeholder."""
        block = (self._provider.data_source_schema(type_name) or Schema()).block
        return override(block, self.answer(type_name, block, config), self._provider.overrides.get(type_name, {}))

    def answer(self, type_name: str, block: Block, config: Object) -> Object:
        """Return a data source's object before the user's own answers; the place for what one provider knows better."""
        return fill_placeholders(type_name, block, config)

    def import_resource(self, type_name: str, identifier: str) -> Object:
        """See `Instance.import_resource`; only the identifier is known."""
        empty = empty_object(self._resource(type_name).block)
        return empty | ({"id": identifier} if "id" in empty else {})

    def _resource(self, type_name: str) -> Schema:
        return self._provider.resource_schema(type_name) or Schema()

    def _facts(self, type_name: str) -> TypeFacts | None:
        return self._provider.facts.find(type_name)
