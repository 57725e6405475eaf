"""What IAM policies say to a request, decided as AWS decides it within one account.

Only what is understood is judged: anything else in a policy, such as an operator that is not listed here, raises
`UnsupportedPolicyError` instead of granting or denying.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class UnsupportedPolicyError(Exception):
    """A policy holds something that cannot be judged here."""


class Effect(StrEnum):
    """What a statement does to the requests that it is about."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody wants to do something with a resource."""

    action: str
    """As IAM names it: `service:Action`."""
    resource: str
    """Its ARN; `*` where the action knows no resources."""
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The condition keys that AWS would set, and their values; a key that is not here is absent."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of one operator of a statement."""

    operator: str
    """Without quantifier and IfExists."""
    key: str
    """In lower case: keys know no case."""
    values: tuple[str, ...]
    quantifier: str = ""
    """`ForAllValues`, `ForAnyValue`, or nothing."""
    if_exists: bool = False

    def holds(self, context: Mapping[str, Sequence[str]]) -> bool:
        """Whether a request's context meets it."""
        actual = next((values for key, values in context.items() if key.lower() == self.key), None)
        if self.operator == "Null":
            return (actual is None) == (self.values[0].lower() == "true")
        matches, negated = _OPERATORS[self.operator]
        if actual is None:
            return self.if_exists or self.quantifier == "ForAllValues" or (negated and not self.quantifier)
        if not self.quantifier and len(actual) != 1:
            raise UnsupportedPolicyError(f"{self.operator} without a quantifier on {len(actual)} values of {self.key}")
        met = (any(matches(value, one) for value in self.values) != negated for one in actual)
        return all(met) if self.quantifier == "ForAllValues" else any(met)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy."""

    sid: str
    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()

    def names_action(self, action: str) -> bool:
        """Whether it is about an action."""
        return any(matches_text(pattern.lower(), action.lower()) for pattern in self.actions)

    def names_resource(self, resource: str) -> bool:
        """Whether it is about a resource."""
        return any(matches_arn(pattern, resource) for pattern in self.resources)

    def applies(self, request: Request) -> bool:
        """Whether it is about a request."""
        return (
            self.names_action(request.action)
            and self.names_resource(request.resource)
            and all(condition.holds(request.context) for condition in self.conditions)
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What policies say to a request."""

    granted: bool
    by: Statement | None
    """The statement that grants or denies it; nothing where none is about it."""


def decide(request: Request, identity: Iterable[Statement], resource: Iterable[Statement] = ()) -> Decision:
    """Judge a request by the statements of who asks and those of what is asked for: a Deny of either wins.

    Of the resource's statements only denials count: what they allow is left to the identity's, which is stricter.
    """
    own = tuple(identity)
    for statement in (*own, *resource):
        if statement.effect is Effect.DENY and statement.applies(request):
            return Decision(granted=False, by=statement)
    allowing = (statement for statement in own if statement.effect is Effect.ALLOW and statement.applies(request))
    granting = next(allowing, None)
    return Decision(granted=granting is not None, by=granting)


def read_identity_policy(document: str) -> tuple[Statement, ...]:
    """Read a policy of a role; raise `UnsupportedPolicyError` for what cannot be judged."""
    statements = tuple(_read_statements(document))
    if any("Principal" in raw or "NotPrincipal" in raw for raw, _ in statements):
        raise UnsupportedPolicyError("a role's policy names a principal")
    return tuple(statement for _, statement in statements)


def read_resource_policy(document: str) -> tuple[Statement, ...]:
    """Read those statements of a resource's policy that are about everybody; others name services, or somebody else."""
    statements = tuple(_read_statements(document))
    if any("NotPrincipal" in raw for raw, _ in statements):
        raise UnsupportedPolicyError("NotPrincipal")
    everybody = ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return tuple(statement for raw, statement in statements if raw.get("Principal") in everybody)


def matches_arn(pattern: str, arn: str) -> bool:
    """Whether a pattern of ARNs names an ARN; wildcards do not reach over the first five colons."""
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(map(matches_text, patterns, parts))


def matches_text(pattern: str, text: str) -> bool:
    """Whether a pattern with the wildcards * and ? is a text's."""
    return _compile(pattern).fullmatch(text) is not None


@functools.cache
def _compile(pattern: str) -> re.Pattern[str]:
    if "${" in pattern:
        raise UnsupportedPolicyError(f"a policy variable in {pattern}")
    wildcards = {"*": ".*", "?": "."}
    return re.compile("".join(wildcards.get(character) or re.escape(character) for character in pattern), re.DOTALL)


def _equals(pattern: str, value: str) -> bool:
    if "${" in pattern:
        raise UnsupportedPolicyError(f"a policy variable in {pattern}")
    return pattern == value


def _equals_in_any_case(pattern: str, value: str) -> bool:
    return _equals(pattern.lower(), value.lower())


# What an operator does, and whether it is met where that is not so. ArnEquals takes wildcards as ArnLike does.
_OPERATORS: Mapping[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (_equals, False),
    "StringNotEquals": (_equals, True),
    "StringEqualsIgnoreCase": (_equals_in_any_case, False),
    "StringNotEqualsIgnoreCase": (_equals_in_any_case, True),
    "StringLike": (matches_text, False),
    "StringNotLike": (matches_text, True),
    "ArnEquals": (matches_arn, False),
    "ArnNotEquals": (matches_arn, True),
    "ArnLike": (matches_arn, False),
    "ArnNotLike": (matches_arn, True),
    "Bool": (_equals_in_any_case, False),
}


def _read_statements(document: str) -> Iterable[tuple[Mapping[str, Any], Statement]]:
    try:
        policy = json.loads(document)
    except (TypeError, ValueError) as error:
        raise UnsupportedPolicyError("not JSON") from error
    if not isinstance(policy, dict):
        raise UnsupportedPolicyError("not an object")
    for raw in _listed(policy.get("Statement", [])):
        if not isinstance(raw, dict) or raw.get("Effect") not in tuple(Effect):
            raise UnsupportedPolicyError(f"no statement: {raw}")
        if not {"Action", "Resource"} <= raw.keys() or {"NotAction", "NotResource"} & raw.keys():
            raise UnsupportedPolicyError(f"a statement without Action and Resource: {raw.get('Sid', raw)}")
        yield raw, _read_statement(raw)


def _read_statement(raw: Mapping[str, Any]) -> Statement:
    return Statement(
        sid=raw.get("Sid", ""),
        effect=Effect(raw["Effect"]),
        actions=tuple(_listed(raw["Action"])),
        resources=tuple(_listed(raw["Resource"])),
        conditions=tuple(
            _read_condition(operator, key, tuple(map(str, _listed(values))))
            for operator, keys in raw.get("Condition", {}).items()
            for key, values in keys.items()
        ),
    )


def _read_condition(written: str, key: str, values: tuple[str, ...]) -> Condition:
    quantifier, _, rest = written.rpartition(":")
    operator = rest.removesuffix("IfExists")
    if quantifier not in {"", "ForAllValues", "ForAnyValue"} or operator not in {*_OPERATORS, "Null"}:
        raise UnsupportedPolicyError(f"the operator {written}")
    return Condition(operator, key.lower(), values, quantifier, if_exists=rest != operator)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
