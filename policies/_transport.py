"""Policies that keep whoever comes without TLS out of a bucket, a queue or a topic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from _demands import Demand, Verdict
from _documents import document
from _planned import Planned
from paritycheck_checks import is_unknown
from paritycheck_checks.iam import Effect, Names, Policy, Statement, text_pattern


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
    actions: tuple[str, ...]
    """What carries data, all of which a policy has to refuse without TLS."""
    parts: tuple[str, ...] = ("",)
    """What the policy has to name: the ARN with each of these behind it."""


def tls_only(protected: Protected) -> Mapping[str, Demand]:
    """Demand of every policy of a kind of resource that it refuses what comes without TLS."""

    def judge(policy: Policy, planned: Planned) -> Verdict:
        name = _name(planned, protected)
        denials = [statement.resources for statement in policy.statements if _denies_plain_text(statement, protected.actions)]
        if any(_covers(each, name, protected.parts) for each in denials):
            return Verdict.HOLDS
        hidden = policy.unknown or any(name is None or each.unknown for each in denials)
        return Verdict.OPEN if hidden else Verdict.FAILS

    return {protected.type: document("policy", judge), protected.policy_type: document("policy", judge)}


def _denies_plain_text(statement: Statement, actions: tuple[str, ...]) -> bool:
    """Whether a statement denies everybody these actions without TLS, and asks for nothing else."""
    if statement.effect is not Effect.DENY or statement.principals is None or statement.principals.negated or statement.actions.negated:
        return False
    everybody = any(each.is_everybody and each.kind == "AWS" for each in statement.principals.values)
    condition = statement.conditions[0] if len(statement.conditions) == 1 else None
    plain = (
        condition is not None
        and condition.key == "aws:securetransport"
        and condition.operator in {"Bool", "StringEquals", "StringEqualsIgnoreCase"}
        and not condition.quantifier
        and [value.lower() for value in condition.values] == ["false"]
    )
    patterns = statement.action_patterns()
    return everybody and plain and all(any(pattern.matches(action.lower()) for pattern in patterns) for action in actions)


def _covers(resources: Names, name: str | None, parts: tuple[str, ...]) -> bool:
    """Whether a pattern of ARNs matches each ARN that ends in a name and a part; a service's own are all alike before that."""
    if resources.negated or name is None:
        return not resources.negated and "*" in resources.values
    names = [text_pattern(value.split(":", 5)[-1]) for value in resources.values]
    return all(any(pattern.matches(name + part) for pattern in names) for part in parts)


def _name(planned: Planned, protected: Protected) -> str | None:
    """Return the name of what a policy is for, or `None` where it is not known before apply."""
    if planned.type == protected.type:
        return _known(planned, protected.name)
    for owner in _owners(planned, protected):
        return _known(owner, protected.name)
    target = _known(planned, protected.target)
    return re.split(r"[/:]", target)[-1] if target else None


def _owners(planned: Planned, protected: Protected) -> Iterator[Planned]:
    return (owner for owner in planned.used(protected.type) if planned.means(protected.target, owner))


def _known(planned: Planned, path: str) -> str | None:
    value = planned.value(path)
    return value if isinstance(value, str) and not is_unknown(value) else None
