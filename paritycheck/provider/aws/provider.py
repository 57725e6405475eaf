"""The AWS provider: resources by schema and facts, data sources computed where that can be done offline."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from paritycheck.provider.aws.completions import COMPLETIONS
from paritycheck.provider.aws.context import AwsContext, read_context
from paritycheck.provider.aws.data_sources import READERS
from paritycheck.provider.aws.derived import derive
from paritycheck.provider.aws.functions import FUNCTIONS
from paritycheck.provider.aws.refusals import REFUSALS
from paritycheck.provider.aws.tags import has_all_tags, plan_all_tags
from paritycheck.provider.generic import GenericInstance, GenericProvider, Overrides
from paritycheck.provider.interface import Attribute, Block, Diagnostic, Function, Instance, Object, Schema
from paritycheck.provider.planning.facts import FactTable
from paritycheck.provider.planning.placeholders import fill_placeholders
from paritycheck.provider.planning.sdk import uses_sdk
from paritycheck.provider.schemas.catalog import Catalog, load_catalog

_DATA = Path(__file__).parent.parent / "data"

_LEGACY_ARGUMENTS = {
    "s3_force_path_style": "bool",
    "shared_credentials_file": "string",
    "skip_get_ec2_platforms": "bool",
}
"""Arguments of earlier versions that many configurations still hold: accepted, with a warning."""


class AwsProvider(GenericProvider):
    """The AWS provider of the shipped catalog."""

    def __init__(self, environ: Mapping[str, str] = os.environ, overrides: Overrides | None = None, catalog: Catalog | None = None) -> None:
        """Take the region from `environ` where a provider block names none; `catalog` replaces the shipped one."""
        super().__init__(catalog or load_catalog(_DATA / "aws.catalog"), _load_facts(), overrides)
        self._environ = environ

    def schema(self) -> Schema:
        """See `Provider.schema`."""
        schema = super().schema()
        legacy = {name: Attribute(cty, optional=True, deprecated=True) for name, cty in _LEGACY_ARGUMENTS.items()}
        return replace(schema, block=replace(schema.block, attributes={**legacy, **schema.block.attributes}))

    def functions(self) -> Mapping[str, Function]:
        """See `Provider.functions`."""
        return FUNCTIONS

    def configure(self, config: Object) -> Instance:
        """See `Provider.configure`."""
        return AwsInstance(self, read_context(config, self._environ))


class AwsInstance(GenericInstance):
    """The AWS provider for one account, region and set of default tags."""

    def __init__(self, provider: AwsProvider, context: AwsContext) -> None:
        """Plan for a context."""
        super().__init__(provider)
        self._context = context

    def validate_resource(self, type_name: str, config: Object) -> Sequence[Diagnostic]:
        """See `Instance.validate_resource`."""
        refuse = REFUSALS.get(type_name, lambda _: ())
        return [*super().validate_resource(type_name, config), *refuse(config)]

    def plan_object(self, type_name: str, prior: Object | None, proposed: Object, config: Object) -> Object:
        """See `GenericInstance.plan_object`."""
        planned = super().plan_object(type_name, prior, proposed, config)
        if has_all_tags(planned):
            sdk = uses_sdk(self._resource(type_name))
            planned["tags_all"] = plan_all_tags(self._context, planned, prior, sdk=sdk)
        if type_name in COMPLETIONS:
            COMPLETIONS[type_name](planned, prior)
        return planned

    def answer(self, type_name: str, block: Block, config: Object) -> Object:
        """See `GenericInstance.answer`."""
        if type_name in READERS:
            return READERS[type_name](config, self._context)
        context = self._context
        service = type_name.split("_")[1]
        arn_prefix = f"arn:{context.partition}:{service}:{context.region}:{context.account_id}"
        return fill_placeholders(type_name, block, config, arn_prefix) | derive(type_name, block, config, context)


@cache
def _load_facts() -> FactTable:
    """Open the shipped facts: the conditions are written by hand, the others are learned by ``tools.learn_facts``."""
    return FactTable(*((_DATA / name).read_bytes() for name in ("aws.conditions.jsonl", "aws.facts.jsonl")))
