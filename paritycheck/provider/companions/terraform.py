"""Terraform's built-in provider, for configurations that read other stacks' states: core itself would open the backend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import (
    UNKNOWN,
    Attribute,
    Block,
    Diagnostic,
    Dynamic,
    Instance,
    Object,
    PlannedChange,
    Provider,
    Refused,
    Schema,
    Value,
)

SOURCE = "terraform.io/builtin/terraform"

REMOTE_STATE = "terraform_remote_state"

_DATA = Schema(
    Block(
        {
            "id": Attribute("string", computed=True),
            "input": Attribute("dynamic", optional=True),
            "output": Attribute("dynamic", computed=True),
            "triggers_replace": Attribute("dynamic", optional=True),
        }
    )
)

_REMOTE_STATE = Schema(
    Block(
        {
            "backend": Attribute("string", required=True),
            "config": Attribute("dynamic", optional=True),
            "defaults": Attribute("dynamic", optional=True),
            "outputs": Attribute("dynamic", computed=True),
            "workspace": Attribute("string", optional=True),
        }
    )
)

_REFUSAL = Diagnostic(
    "The state of another stack cannot be read offline",
    "Say in parity.yaml what it holds, all such states together:\n\ndata_sources:\n  terraform_remote_state:\n    outputs: {vpc_id: vpc-1}",
    ("backend",),
)


class BuiltInProvider(Provider, Instance):
    """Plans `terraform_data` as core does, and answers `terraform_remote_state` with what the user says."""

    source = SOURCE

    def __init__(self, overrides: Overrides) -> None:
        """Answer with the `outputs` of the overrides for `terraform_remote_state`."""
        self._outputs: Mapping[str, Any] | None = overrides.get(REMOTE_STATE, {}).get("outputs")

    def schema(self) -> Schema:
        """See `Provider.schema`."""
        return Schema(Block())

    def resource_schema(self, type_name: str) -> Schema | None:
        """See `Provider.resource_schema`."""
        return _DATA if type_name == "terraform_data" else None

    def data_source_schema(self, type_name: str) -> Schema | None:
        """See `Provider.data_source_schema`."""
        return _REMOTE_STATE if type_name == REMOTE_STATE else None

    def configure(self, config: Object) -> Instance:
        """See `Provider.configure`."""
        del config
        return self

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        """See `Instance.plan`."""
        del type_name, config
        if proposed is None:
            return PlannedChange(None)
        replaced = prior is not None and prior["triggers_replace"] != proposed["triggers_replace"]
        planned = dict(proposed)
        if prior is None or replaced:
            planned["id"] = UNKNOWN
        if prior is None or replaced or prior["input"] != proposed["input"]:
            planned["output"] = _unknown_like(proposed["input"])
        return PlannedChange(planned, [("triggers_replace",)] if replaced else [])

    def read_data_source(self, type_name: str, config: Object) -> Object:
        """See `Instance.read_data_source`; the configuration's own defaults do where the user says nothing."""
        del type_name
        defaults = config["defaults"].value if isinstance(config["defaults"], Dynamic) else config["defaults"]
        if self._outputs is None and defaults is None:
            raise Refused(_REFUSAL)
        return {**config, "outputs": {**(defaults or {}), **(self._outputs or {})}}


def _unknown_like(value: Value) -> Value:
    """Return an unknown value of a value's type, or null for null."""
    if isinstance(value, Dynamic):
        return value if value.value is None else Dynamic(value.type, UNKNOWN)
    return None if value is None else UNKNOWN
