"""Policies that refuse everybody something of a bucket, a queue or a topic, such as to come without TLS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from _demands import Demand, Verdict, every, some
from _documents import document
from _planned import Planned
from paritycheck_checks import foreseen, is_unknown
from paritycheck_checks.iam import Condition, Effect, Policy, Statement, text_pattern


@dataclass(frozen=True)
class Protected:
    """A kind of resource with data that travels."""

    type: str
    """The type of the resource itself, whose own attribute `policy` may hold the document."""
    name: str
    """The attribute that its ARN ends in."""
    policy_type: str
    """The type of resource that gives it a policy."""
    target: str
    """The attribute by which that names the resource."""
    actions: Mapping[str, tuple[str, ...]]
    """What a policy has to refuse, because it carries data: by what is behind the ARN, such as `/any/object`."""


def tls_only(protected: Protected) -> dict[str, Demand]:
    """Demand of every policy of a kind of resource that it refuses what comes without TLS."""
    return refused(protected, _is_plain_text)


def refused(protected: Protected, test: Callable[[tuple[Condition, ...]], bool]) -> dict[str, Demand]:
    """Demand of every policy of a kind of resource that it denies everybody what conditions describe, in one statement or several."""

    def judge(policy: Policy, planned: Planned) -> Verdict:
        name = _name(planned, protected)
        denials = [statement for statement in policy.statements if _denies_everybody(statement) and test(statement.conditions)]
        more = Verdict.OPEN if policy.unknown else Verdict.FAILS
        return every(
            some([more, *(_covers(denial, action, name, part) for denial in denials)])
            for part, actions in protected.actions.items()
            for action in actions
        )

    return {protected.type: document("policy", judge), protected.policy_type: document("policy", judge)}


def _denies_everybody(statement: Statement) -> bool:
    """Whether a statement denies something to whoever meets its conditions."""
    if statement.effect is not Effect.DENY or statement.principals is None or statement.principals.negated or statement.actions.negated:
        return False
    return any(each.is_everybody and each.kind == "AWS" for each in statement.principals.values)


def _is_plain_text(conditions: tuple[Condition, ...]) -> bool:
    """Whether conditions hold for all that comes without TLS, and ask for nothing else."""
    condition = conditions[0] if len(conditions) == 1 else None
    return (
        condition is not None
        and condition.key == "aws:securetransport"
        and condition.operator in {"Bool", "StringEquals", "StringEqualsIgnoreCase"}
        and not condition.quantifier
        and [value.lower() for value in condition.values] == ["false"]
    )


def _covers(denial: Statement, action: str, name: str | None, part: str) -> Verdict:
    """Whether a denial is about an action on the resource of a name, or on a part of it; a service's ARNs are all alike before that."""
    if not any(pattern.matches(action.lower()) for pattern in denial.action_patterns()):
        return Verdict.OPEN if denial.actions.unknown else Verdict.FAILS
    resources = denial.resources
    if resources.negated:
        return Verdict.FAILS
    if "*" in resources.values:
        return Verdict.HOLDS
    patterns = [value.split(":", 5)[-1] for value in resources.values]
    if name is not None and any(text_pattern(pattern).matches(name + part) for pattern in patterns):
        return Verdict.HOLDS
    return Verdict.OPEN if name is None or resources.unknown or any(_may_match(pattern, name) for pattern in patterns) else Verdict.FAILS


def _may_match(pattern: str, name: str) -> bool:
    """Whether a pattern that is written out may match a name that AWS chooses, as it may one that begins with `bucket_prefix`."""
    return "⟦" in name and "⟦" not in pattern and bool({"*", "?"} & set(pattern.partition("/")[0]))


def _name(planned: Planned, protected: Protected) -> str | None:
    """Return the name of what a policy is for, or `None` where it is not known before apply."""
    if planned.type == protected.type:
        return _known(planned, protected.name)
    if target := _known(planned, protected.target):
        return re.split(r"[/:]", target)[-1]
    owners = [owner for owner in planned.used(protected.type) if planned.means(protected.target, owner)]
    return _known(owners[0], protected.name) if len(owners) == 1 else None


def _known(planned: Planned, path: str) -> str | None:
    value = planned.value(path)
    return value if isinstance(value, str) and not is_unknown(value) else foreseen(planned.configuration.get(path))
