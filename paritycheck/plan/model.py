"""Plan or state JSON as a typed `Plan`; it holds secrets in clear, so its representation shows no value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Raw, UnsetType

from paritycheck.errors import PlanError
from paritycheck.findings import EnvironmentSummary
from paritycheck.plan.configuration import Configuration
from paritycheck.plan.document import NULL, Change, Check, Document, Resource, StateValues
from paritycheck.plan.jsontext import WRITE_PLAN, decode_as, decode_exactly, to_utf8


@dataclass(frozen=True, repr=False)
class Plan:
    """What Terraform plans, or holds, in one environment."""

    environment: str
    engine: str
    origin: str
    """Where the document comes from, for messages."""
    is_state: bool
    format_version: str
    terraform_version: str
    resources: Mapping[str, Resource]
    """Managed resources and data sources by `Resource.key`, in the document's order."""
    outputs: Mapping[str, Change] = field(default_factory=dict)
    """Outputs of the root module by name."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Values of the root module's variables, sensitive ones too."""
    checks: tuple[Check, ...] = ()
    errored: bool = False
    complete: bool = True
    """Whether applying leaves nothing to do: not so after `-target`, or with deferred changes."""
    deferred: int = 0
    """How many changes Terraform put off to a later plan."""
    document: bytes = b""
    """The whole JSON, in which all undecoded values lie."""
    raw_configuration: Raw = field(default_factory=lambda: NULL)

    @property
    def has_configuration(self) -> bool:
        """Whether the document says what configuration is behind it; a state's does not."""
        return bytes(self.raw_configuration) != b"null"

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration behind the plan; an empty one where the document has none."""
        if not self.has_configuration:
            return Configuration()
        return decode_as(Configuration, bytes(self.raw_configuration), self.origin)

    @cached_property
    def summary(self) -> EnvironmentSummary:
        """How much the plan holds."""
        managed = sum(resource.managed for resource in self.resources.values())
        return EnvironmentSummary(
            name=self.environment,
            engine=self.engine,
            resources=managed,
            data_sources=len(self.resources) - managed,
            outputs=len(self.outputs),
            actions=Counter(resource.change.action for resource in self.resources.values()),
            terraform_version=self.terraform_version,
        )

    def decode(self, raw: Raw) -> Any:
        """Decode one of this plan's values exactly: integers of any length, fractions as `Decimal`."""
        return decode_exactly(raw, self.origin)

    def __repr__(self) -> str:
        return f"Plan({self.environment!r}, {len(self.resources)} resources)"


def read_plan(document: bytes, *, environment: str, engine: str, origin: str) -> Plan:
    """Read what ``terraform show -json`` writes for a plan or a state; raise `PlanError` where it is neither."""
    document = to_utf8(document, origin)
    _refuse_lookalikes(document, origin)
    data = decode_as(Document, document, origin)
    _refuse_version(data, origin)
    if isinstance(data.values, UnsetType) and not data.is_plan:
        data = _refuse_shapeless(data, origin)
    return Plan(
        environment=environment,
        engine=engine,
        origin=origin,
        is_state=not data.is_plan,
        format_version=data.format_version,
        terraform_version=data.terraform_version,
        resources=_index(data.resources(), origin),
        outputs=data.outputs(),
        variables={name: decode_exactly(variable.value, origin) for name, variable in data.variables.items()},
        checks=tuple(check.to_check() for check in data.checks or ()),
        errored=data.errored,
        complete=data.complete and not data.deferred_changes,
        deferred=len(data.deferred_changes),
        document=document,
        raw_configuration=data.configuration,
    )


def _index(resources: Iterable[Resource], origin: str) -> dict[str, Resource]:
    index: dict[str, Resource] = {}
    for resource in resources:
        if index.setdefault(resource.key, resource) is not resource:
            raise PlanError(f"{origin} holds {resource.key!r} twice", hint=WRITE_PLAN)
    return index


def _refuse_lookalikes(document: bytes, origin: str) -> None:
    """Recognize what people pass in place of a plan's JSON."""
    if not document.strip():
        raise PlanError(f"{origin} is empty", hint=WRITE_PLAN)
    if document.startswith(b"PK\x03\x04"):
        raise PlanError(f"{origin} is a binary plan file", hint=f"Turn it into JSON: `terraform show -json {origin} > plan.json`.")
    if document.startswith(b'{"@level"'):
        raise PlanError(f"{origin} is the log of `terraform plan -json`, which holds no values", hint=WRITE_PLAN)


def _refuse_version(data: Document, origin: str) -> None:
    if not data.format_version:
        if data.version is not None and data.serial is not None:
            raise PlanError(f"{origin} is a raw state file", hint="Turn it into JSON: `terraform show -json FILE > state.json`.")
        raise PlanError(f"{origin} is not a Terraform plan or state: it has no format_version", hint=WRITE_PLAN)
    if data.format_version.partition(".")[0] not in ("0", "1"):
        raise PlanError(
            f"{origin} has format_version {data.format_version[:20]!r}, which this version of paritycheck does not know",
            hint="Update paritycheck, or write the plan with a Terraform that it knows (format_version 0.1 to 1.x).",
        )


def _refuse_shapeless(data: Document, origin: str) -> Document:
    """Take the JSON of an empty state, which has no values; refuse anything else."""
    if bytes(data.configuration) == b"null":
        return msgspec.structs.replace(data, values=StateValues())
    raise PlanError(f"{origin} is not a Terraform plan or state: it has neither resource_changes nor values", hint=WRITE_PLAN)
