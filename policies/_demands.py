"""Checks that are data: what a type of resource demands of its attributes.

A demand judges one planned resource. Whatever it looks at may be known only after apply; then it is open, unless the rest decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from _planned import Planned
from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from paritycheck_checks import is_unknown, references
from paritycheck_checks.observing import forget


class Verdict(Enum):
    """What a demand says of a resource."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"
    """It depends on what is known only after apply."""
    ABSENT = "absent"
    """The resource has nothing that the demand is about."""


Test = Callable[[Any], bool]
"""Whether a value that is known, or `None` for one that is not set, is good."""


@dataclass(frozen=True)
class Demand:
    """What is asked of a resource."""

    judge: Callable[[Planned], Verdict]
    paths: tuple[str, ...] = ()
    """The attributes that it looks at, such as `rule.apply_server_side_encryption_by_default.sse_algorithm`."""


class ResourceCheck(BaseResourceCheck):  # type: ignore[misc]  # checkov has no types here
    """One check: an id, what it says, how to mend what violates it, and a demand for each type of resource that it is about."""

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 -- checkov's name for it
        name: str,
        guideline: str,
        severity: str,
        category: str,
        demands: Mapping[str, Demand],
    ) -> None:
        """Register the check; `category` is one of checkov's, such as `ENCRYPTION`, and `severity` one of LOW to CRITICAL."""
        super().__init__(
            name=name,
            id=id,
            categories=[CheckCategories[category]],
            supported_resources=list(demands),
            guideline=guideline,
        )
        self.severity = Severities[severity]
        self.demands = demands

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Judge one planned resource."""
        demand = self.demands[self.entity_type]
        self.evaluated_keys = [path.replace(".", "/") for path in demand.paths]
        found = demand.judge(Planned(self.entity_type, conf, self.graph))
        if found is Verdict.ABSENT:
            forget()  # NOTE: an unknown value that was looked at would turn "does not apply" into "unknown".
        return _RESULTS[found]


_RESULTS = {
    Verdict.HOLDS: CheckResult.PASSED,
    Verdict.FAILS: CheckResult.FAILED,
    Verdict.OPEN: CheckResult.UNKNOWN,
    Verdict.ABSENT: CheckResult.UNKNOWN,
}


def all_of(*demands: Demand) -> Demand:
    """Demand everything."""
    return Demand(lambda planned: every(demand.judge(planned) for demand in demands), _paths(demands))


def any_of(*demands: Demand) -> Demand:
    """Demand one of several things."""
    return Demand(lambda planned: some(demand.judge(planned) for demand in demands), _paths(demands))


def where(condition: Demand, demand: Demand) -> Demand:
    """Demand something of the resources that meet a condition."""

    def judge(planned: Planned) -> Verdict:
        match condition.judge(planned):
            case Verdict.HOLDS:
                return demand.judge(planned)
            case Verdict.OPEN:
                return some([Verdict.OPEN, demand.judge(planned)])
            case _:
                return Verdict.ABSENT

    return Demand(judge, _paths([condition, demand]))


def attribute(path: str, test: Test) -> Demand:
    """Demand of an attribute, in each of the blocks that hold it, that its value passes a test."""

    def judge(planned: Planned) -> Verdict:
        return every(Verdict.OPEN if is_unknown(value) else verdict(holds=test(value)) for value in planned.values(path))

    return Demand(judge, (path,))


def equals(path: str, *accepted: Any, default: Any = None) -> Demand:
    """Demand one of some values; `default` is what AWS takes where none is set. Texts are compared in any case."""
    wanted = {_plain(value) for value in accepted}
    return attribute(path, lambda value: _plain(default if value is None else value) in wanted)


def is_true(path: str, *, default: bool = False) -> Demand:
    """Demand that something is switched on."""
    return equals(path, True, default=default)


def is_false(path: str, *, default: bool = False) -> Demand:
    """Demand that something is switched off."""
    return equals(path, False, default=default)


def at_least(path: str, minimum: float, *, default: float = 0) -> Demand:
    """Demand a number that is not too small."""
    return attribute(path, lambda value: _number(value, default) >= minimum)


def at_most(path: str, maximum: float, *, default: float = 0) -> Demand:
    """Demand a number that is not too large."""
    return attribute(path, lambda value: -_number(value, default) >= -maximum)


def is_set(path: str, test: Test = bool) -> Demand:
    """Demand a value, which passes a test if it is known; what an expression gives only after apply is taken for one."""

    def judge(planned: Planned) -> Verdict:
        return every(_is_set(value, test) for value in planned.values(path))

    return Demand(judge, (path,))


def customer_key(path: str, *, provider_fills: bool = False) -> Demand:
    """Demand a KMS key that the customer manages: its ARN, its id or an alias that is not AWS's.

    `provider_fills` says that the provider sets the attribute of a nested block where the configuration does not.
    """

    def judge(planned: Planned) -> Verdict:
        return every(_is_customer_key(value, provider_fills=provider_fills) for value in planned.values(path))

    return Demand(judge, (path,))


def named_by(*places: tuple[str, str]) -> Demand:
    """Demand that another resource names this one: one of some types, each with the path of the attribute that does."""

    def judge(planned: Planned) -> Verdict:
        return verdict(holds=any(user.means(path, planned) for type_, path in places for user in planned.users(type_)))

    return Demand(judge)


def names(path: str, type_: str) -> Demand:
    """Demand that an attribute names a resource of some type, of this configuration."""
    return Demand(lambda planned: verdict(holds=any(planned.means(path, other) for other in planned.used(type_))), (path,))


def blocks(name: str, demand: Demand) -> Demand:
    """Demand something of each nested block, if there are any, as if it were a resource; what is asked of it are its own attributes."""

    def judge(planned: Planned) -> Verdict:
        inner = (value for value in planned.values(name) if value)
        return every(Verdict.OPEN if is_unknown(block) else demand.judge(Planned(planned.type, block, planned.graph)) for block in inner)

    return Demand(judge, tuple(f"{name}.{path}" for path in demand.paths))


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine verdicts of which all must hold."""
    found = set(verdicts)
    return next((each for each in (Verdict.FAILS, Verdict.OPEN, Verdict.HOLDS) if each in found), Verdict.ABSENT)


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine verdicts of which one must hold."""
    found = set(verdicts)
    return next((each for each in (Verdict.HOLDS, Verdict.OPEN, Verdict.FAILS) if each in found), Verdict.ABSENT)


def verdict(*, holds: bool | None) -> Verdict:
    """Return the verdict of a test; `None` is what nobody knows before apply."""
    return {True: Verdict.HOLDS, False: Verdict.FAILS, None: Verdict.OPEN}[holds]


def is_made_by(value: Any, resources: tuple[str, ...]) -> bool:
    """Whether nothing but resources of some types, written `aws_kms_key.`, is behind a value that is known only after apply."""
    behind = _resources(value)
    return bool(behind) and all(name.startswith(resources) for name in behind)


_CUSTOMER_KEY = re.compile(
    r"(arn:[^:]+:kms:[^:]+:\d{12}:|)"
    r"((key/|)(mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|alias/(?!aws/)[\w/-]+)",
    flags=re.ASCII | re.IGNORECASE,
)
_KEYS = ("aws_kms_key.", "aws_kms_alias.", "aws_kms_external_key.", "aws_kms_replica_key.", "aws_kms_replica_external_key.")
_VARIABLES = ("var.", "local.", "each.", "count.", "path.", "self.", "terraform.")


def _is_customer_key(value: Any, *, provider_fills: bool) -> Verdict:
    if not is_unknown(value):
        return verdict(holds=isinstance(value, str) and _CUSTOMER_KEY.fullmatch(value) is not None)
    if provider_fills and not references(value):
        return Verdict.FAILS
    return verdict(holds=True if is_made_by(value, _KEYS) else None)


def _is_set(value: Any, test: Test) -> Verdict:
    if not is_unknown(value):
        return verdict(holds=bool(value.strip() if isinstance(value, str) else value) and test(value))
    return verdict(holds=True if _resources(value) else None)


def _resources(value: Any) -> list[str]:
    return [name for name in references(value) if not name.startswith(_VARIABLES)]


def _plain(value: Any) -> Any:
    """Return a value as it compares: booleans, which plans may hold as texts, apart from numbers."""
    return str(value).lower() if isinstance(value, bool | str) else value if isinstance(value, int | float) else repr(value)


def _number(value: Any, default: float) -> float:
    try:
        return float(default if value is None else value)
    except (TypeError, ValueError, OverflowError):
        return float("-inf")


def _paths(demands: Iterable[Demand]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for demand in demands for path in demand.paths))
