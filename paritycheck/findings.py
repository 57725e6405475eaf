"""What a run finds: plain frozen values, sorted and counted here, and no I/O."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from paritycheck.errors import Location
from paritycheck.topology import Topology


class Severity(StrEnum):
    """How much a finding weighs, the gravest first; errors fail a run, the milder ones only where that is asked for."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def reaches(self, threshold: Severity) -> bool:
        """Tell whether this weighs as much as the threshold, or more."""
        order = list(Severity)
        return order.index(self) <= order.index(threshold)


class Area(StrEnum):
    """What rules belong together: they are all checked in a run, or none of them is."""

    COMPARISON = "comparison"
    ALLOWANCES = "allowances"
    SOURCES = "sources"
    POLICIES = "policies"
    PRIVILEGES = "privileges"
    BASELINE = "baseline"


class Special(Enum):
    """What stands where an environment has no value that may be shown."""

    UNKNOWN = "known after apply"
    SENSITIVE = "sensitive"
    ABSENT = "absent"


class Word(str):
    """What paritycheck itself says of an environment, such as a policy's verdict: reports show it without the quotes of a text."""

    __slots__ = ()


SUPPRESSED = Word("suppressed")
"""What is shown for an environment in which a comment takes a policy's verdict back."""

Shown = Any
"""A value fit for a report: JSON data with `Special` members at any depth, or a `Word`. Sensitive data never gets here."""


@dataclass(frozen=True, slots=True)
class Related:
    """A further place that explains a finding, such as the tfvars line that gives an environment its value."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in all environments at once."""

    rule: str
    """Slug of the rule in `paritycheck.rules`."""
    severity: Severity
    address: str
    """Resource, data source, `output.NAME` or `variable.NAME`, its environment's name normalized; empty for the run itself."""
    message: str
    hint: str
    """How to mend it or allow it."""
    path: str = ""
    """Attribute path below the address, dotted, with `[n]` for list items; empty for the whole resource."""
    values: Mapping[str, Shown] = field(default_factory=dict)
    """The value in every environment, by environment name, in the order of the configuration."""
    location: Location | None = None
    """Where the configuration writes what is wrong."""
    related: tuple[Related, ...] = ()
    cause: str | None = None
    """What several findings have in common, such as `var.orders_shard_count`: reports group by it."""
    allow: str | None = None
    """Id of the allow or protect rule in play, if any."""
    policy: str | None = None
    """Id of the policy that the finding is about, if any."""

    @property
    def fingerprint(self) -> str:
        """Identity that survives edits elsewhere in the file and changes of the values: 16 hex digits."""
        parts = (self.rule, self.address or self.allow or "", self.path, *filter(None, [self.policy]))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A difference that a reviewed rule permits."""

    allow: str
    """Id of the allow rule."""
    reason: str
    address: str
    path: str
    values: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that did not run, and why: never a silent pass."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyCounts:
    """How many verdicts policies gave: one for each policy, resource and environment."""

    passed: int
    failed: int
    """Undecided ones too: what is not proven does not pass."""
    suppressed: int


@dataclass(frozen=True, slots=True)
class EnvironmentSummary:
    """What one environment's plan holds."""

    name: str
    engine: str
    resources: int
    """Managed resource instances."""
    data_sources: int
    outputs: int
    actions: Mapping[str, int]
    """How many resources are planned for each action (`create`, `update`, `delete`, `replace`, `no-op`, `read`)."""
    terraform_version: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run; reporters get all of it and only this."""

    environments: tuple[EnvironmentSummary, ...]
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    compared_values: int = 0
    """How many attribute values were held against each other."""
    normalized: int = 0
    """How many values agree only because an environment's own name was replaced."""
    suppressed: tuple[Allowed, ...] = ()
    """Policies' verdicts that comments in the configuration take back, under the policies' ids."""
    policies: PolicyCounts | None = None
    """`None` where no policy was run."""
    compared: bool = True
    """Whether the environments were compared, and not only held against policies."""
    topology: Topology | None = None
    """The resources, and what refers to what; only where a format draws them."""
    known: tuple[Finding, ...] = ()
    """What was found and is not news: the baseline holds it, so that it neither counts nor fails."""
    fail_on: Severity = Severity.ERROR
    """The mildest severity that fails the run."""
    examined: tuple[Area, ...] = ()
    """What was examined; rules of other areas were not checked."""
    place: Location | None = None
    """Where the stack is described: for findings without a place of their own, in formats that cannot do without one."""

    @property
    def passed(self) -> bool:
        """Whether no finding is grave enough to fail the run."""
        return not any(finding.severity.reaches(self.fail_on) for finding in self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)


def join_path(address: str, path: str) -> str:
    """Return an address and the path below it as one name, as people write it: ``aws_sqs_queue.orders.delay_seconds``."""
    dot = "." if address and path and not path.startswith("[") else ""
    return f"{address}{dot}{path}"


_NUMBER = re.compile(r"([0-9]+)")
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


def sort_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Order findings by severity, cause, rule, address and path, numbers by their size, so that two runs print the same."""
    return tuple(sorted(findings, key=lambda f: (_WEIGHT[f.severity], by_size(f.cause or ""), f.rule, *map(by_size, (f.address, f.path)))))


def by_size(text: str) -> tuple[object, ...]:
    """Return a key by which `x[2]` comes before `x[10]`."""
    parts = _NUMBER.split(text)
    return tuple((len(digits := part.lstrip("0")), digits) if number % 2 else part for number, part in enumerate(parts)), text
