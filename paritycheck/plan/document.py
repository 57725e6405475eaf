"""The JSON of plans and states, decoded only as deep as is needed: values stay bytes until somebody asks.

The document holds secrets in clear, so no representation of anything in here shows a value.
The format: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

NULL = Raw(b"null")
TRUE = Raw(b"true")
FALSE = Raw(b"false")

_ACTIONS: dict[tuple[str, ...], str] = {("delete", "create"): "replace", ("create", "delete"): "replace", ("create", "forget"): "replace"}


class Change(Struct, frozen=True, repr_omit_defaults=True):
    """What a plan does to a resource or an output; the values are undecoded JSON."""

    actions: tuple[str, ...] = ()
    before: Raw = NULL
    after: Raw = NULL
    after_unknown: Raw = FALSE
    before_sensitive: Raw = FALSE
    after_sensitive: Raw = FALSE
    importing: Raw = NULL

    @property
    def action(self) -> str:
        """The planned action in one word: `create`, `update`, `delete`, `replace`, `no-op`, `read` or `forget`."""
        return _ACTIONS.get(self.actions) or "-".join(self.actions) or "no-op"

    def __repr__(self) -> str:
        return f"Change({self.action})"


class Resource(Struct, frozen=True):
    """One managed resource instance or data source of a plan, in Terraform's own terms."""

    address: str
    change: Change
    mode: str = "managed"
    """`managed` or `data`."""
    type: str = ""
    name: str = ""
    index: str | int | float | None = None
    """Key of `for_each` or number of `count`."""
    provider_name: str = ""
    """Source address of the provider, such as `registry.terraform.io/hashicorp/aws`."""
    module_address: str = ""
    deposed: str | None = None
    previous_address: str | None = None

    @property
    def key(self) -> str:
        """What tells this object from all others of its plan: the address, and the key of a deposed object."""
        return self.address if self.deposed is None else f"{self.address} (deposed {self.deposed})"

    @property
    def managed(self) -> bool:
        """Whether Terraform owns the object, rather than reads it."""
        return self.mode != "data"

    @property
    def existed(self) -> bool:
        """Whether a state holds the object already."""
        return bytes(self.change.before) != b"null"

    def __repr__(self) -> str:
        return f"Resource({self.key!r}, {self.change.action})"


class Check(Struct, frozen=True):
    """A `check` block, precondition, postcondition or variable validation and how it went."""

    address: str
    status: str
    """`pass`, `fail`, `error` or `unknown`."""
    problems: tuple[str, ...] = ()
    """Messages of the assertions that failed."""

    def __repr__(self) -> str:
        return f"Check({self.address!r}, {self.status})"


class _Variable(Struct):
    value: Raw = NULL


class _Output(Struct):
    value: Raw = NULL
    sensitive: bool = False


class _StateResource(Struct):
    address: str
    mode: str = "managed"
    type: str = ""
    name: str = ""
    index: str | int | float | None = None
    provider_name: str = ""
    values: Raw = NULL
    sensitive_values: Raw = FALSE
    deposed_key: str | None = None

    def to_resource(self, module_address: str) -> Resource:
        action = "read" if self.mode == "data" else "no-op"
        marks = self.sensitive_values
        return Resource(
            address=self.address,
            change=Change((action,), self.values, self.values, FALSE, marks, marks),
            mode=self.mode,
            type=self.type,
            name=self.name,
            index=self.index,
            provider_name=self.provider_name,
            module_address=module_address,
            deposed=self.deposed_key,
        )


class _StateModule(Struct):
    address: str = ""
    resources: list[_StateResource] = []
    child_modules: list[_StateModule] = []

    def walk(self) -> Iterator[Resource]:
        for resource in self.resources:
            yield resource.to_resource(self.address)
        for module in self.child_modules:
            yield from module.walk()


class StateValues(Struct):
    """What a state holds."""

    outputs: dict[str, _Output] = {}
    root_module: _StateModule = msgspec.field(default_factory=_StateModule)


class _State(Struct):
    values: StateValues | None = None


class _PlannedValues(Struct):
    outputs: dict[str, _Output] = {}


class _CheckAddress(Struct):
    to_display: str = ""


class _Problem(Struct):
    message: str = ""


class _CheckInstance(Struct):
    problems: list[_Problem] = []


class _Check(Struct):
    address: _CheckAddress
    status: str = "unknown"
    instances: list[_CheckInstance] | None = None

    def to_check(self) -> Check:
        problems = (problem.message for instance in self.instances or () for problem in instance.problems)
        return Check(self.address.to_display, self.status, tuple(problems))


class Document(Struct):
    """The parts of both documents that matter; `UNSET` tells a missing part from an empty one."""

    format_version: str = ""
    terraform_version: str = ""
    variables: dict[str, _Variable] = {}
    resource_changes: list[Resource] | UnsetType = UNSET
    output_changes: dict[str, Change] = {}
    planned_values: _PlannedValues | UnsetType = UNSET
    prior_state: _State | None = None
    configuration: Raw = NULL
    values: StateValues | UnsetType = UNSET
    checks: list[_Check] | None = None
    deferred_changes: list[Raw] = []
    errored: bool = False
    complete: bool = True
    version: int | None = None
    serial: int | None = None

    @property
    def is_plan(self) -> bool:
        """Whether this is a plan's document, not a state's."""
        return not (isinstance(self.resource_changes, UnsetType) and isinstance(self.planned_values, UnsetType))

    def resources(self) -> Iterator[Resource]:
        """Yield what is planned, then the data sources that were read while planning: those are in the prior state alone."""
        if not isinstance(self.values, UnsetType):
            yield from self.values.root_module.walk()
        changes = [] if isinstance(self.resource_changes, UnsetType) else self.resource_changes
        yield from changes
        if self.prior_state and self.prior_state.values:
            planned = {resource.key for resource in changes}
            yield from (r for r in self.prior_state.values.root_module.walk() if not r.managed and r.key not in planned)

    def outputs(self) -> dict[str, Change]:
        """Return the outputs, with every mark of sensitivity that the document gives them."""
        if not isinstance(self.values, UnsetType):
            return {name: _output_change(output) for name, output in self.values.outputs.items()}
        planned = {} if isinstance(self.planned_values, UnsetType) else self.planned_values.outputs
        sensitive = {name for name, output in planned.items() if output.sensitive}
        return {
            name: msgspec.structs.replace(change, after_sensitive=TRUE) if name in sensitive else change
            for name, change in self.output_changes.items()
        }


def _output_change(output: _Output) -> Change:
    marks = TRUE if output.sensitive else FALSE
    return Change(("no-op",), output.value, output.value, FALSE, marks, marks)
