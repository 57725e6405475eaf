"""Whether plans can be trusted, before anything in them is compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from paritycheck.compare.difference import Difference, describe
from paritycheck.errors import PlanError, UsageError
from paritycheck.findings import Severity, Special
from paritycheck.normalize import ENVIRONMENT, Vocabulary
from paritycheck.plan import Check, Plan, static_address

_SHOWN = 3
"""Addresses that a message names."""


def require(plans: Sequence[Plan]) -> None:
    """Raise `UsageError` or `PlanError` where comparing would prove nothing."""
    names = [plan.environment for plan in plans]
    if len(plans) < 2 or len(set(names)) < len(names):
        raise UsageError("parity takes two environments or more, each with a name of its own", hint="Name each plan: NAME=FILE.")
    for plan in plans:
        problem = _problem(plan)
        if problem:
            raise PlanError(f"{plan.environment}: {problem[0]} ({plan.origin})", hint=problem[1])


def _problem(plan: Plan) -> tuple[str, str] | None:
    if plan.errored:
        return "the plan is of a run that failed", "Mend what failed and plan again: `terraform plan` says what it was."
    if plan.deferred:
        return f"the plan puts {plan.deferred} changes off", "Apply what the deferred changes wait for, then plan again."
    if not plan.complete:
        return "the plan is incomplete", "Plan without `-target`, `-exclude` and `-refresh-only`."
    if not plan.resources:
        return "the plan holds no resources, so there is nothing to compare", "Plan the stack's root module, not an empty one."
    return None


def inspect(plans: Sequence[Plan], vocabulary: Vocabulary) -> Iterator[Difference]:
    """Yield what makes plans hard to trust: other versions, left out resources, shared names, failed checks."""
    versions = [plan.terraform_version for plan in plans]
    if len(set(versions)) > 1:
        yield describe(
            vocabulary, "version-difference", "terraform", "the plans are made by different versions", values=versions, path="version"
        )
    yield from _shared_names(plans, vocabulary)
    yield from _left_out(plans, vocabulary)
    yield from _checks(plans, vocabulary)


def _shared_names(plans: Sequence[Plan], vocabulary: Vocabulary) -> Iterator[Difference]:
    """Find environments that call themselves alike; where all do, the plans are one environment's, and agree as such."""
    names = [found[ENVIRONMENT] for found in vocabulary.names]
    if 1 < len(set(names)) < len(names):
        variable = next((name for name in plans[0].variables if [plan.variables.get(name) for plan in plans] == names), "")
        message = "gives two environments one name"
        yield describe(vocabulary, "environment-leak", f"variable.{variable}" if variable else "", message, values=names)


def _left_out(plans: Sequence[Plan], vocabulary: Vocabulary) -> Iterator[Difference]:
    """Find what the configurations declare once and no plan holds: what some plans hold is missing in the others anyway."""
    # NOTE: Plan JSON leaves out a `for_each` that refers to nothing, such as toset(["a"]); only its instances tell of it.
    # https://github.com/hashicorp/terraform/blob/main/internal/command/jsonconfig/config.go
    planned = {static_address(resource.address) for plan in plans for resource in plan.resources.values()}
    absent: dict[str, None] = {}
    for plan in {bytes(plan.raw_configuration): plan for plan in plans}.values():
        for address, resource, repeated in plan.configuration.resources():
            if resource.mode == "managed" and not repeated and address not in planned:
                absent[address] = None
    if absent:
        listed = ", ".join(list(absent)[:_SHOWN]) + (f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else "")
        message = f"the configuration declares {listed}, which no plan holds"
        yield describe(vocabulary, "partial-plan", "", message, values=[Special.ABSENT] * len(plans))


def _checks(plans: Sequence[Plan], vocabulary: Vocabulary) -> Iterator[Difference]:
    found: dict[str, list[Check | None]] = {}
    for number, plan in enumerate(plans):
        for check in plan.checks:
            address = vocabulary.normalizers[number].normalize(check.address)
            found.setdefault(address, [None] * len(plans))[number] = check
    for address, checks in found.items():
        problems = dict.fromkeys(problem for check in checks if check for problem in check.problems)
        values = [check.status if check else Special.ABSENT for check in checks]
        if None in checks and _is_block(address) and not any(plan.is_state for plan in plans):
            lacking = " and ".join(plan.environment for plan, check in zip(plans, checks, strict=True) if check is None)
            yield describe(vocabulary, "missing-resource", address, f"the check is missing in {lacking}", values=values)
        if any(check and check.status in {"fail", "error"} for check in checks):
            message = f"fails: {'; '.join(problems)}" if problems else "fails"
            difference = describe(vocabulary, "failed-check", address, message, values=values)
            yield replace(difference, severity=Severity.WARNING) if len(set(values)) == 1 else difference


def _is_block(address: str) -> bool:
    """Tell a `check` block from the conditions of a resource, which are missing where the resource is."""
    return static_address(address).split(".")[-2:-1] == ["check"]
