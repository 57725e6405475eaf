"""Policies and their statements, as values that are equal where they mean the same.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from paritycheck.policy.iam.patterns import EVERYTHING, Pattern, arn_pattern, text_pattern


class Effect(StrEnum):
    """What a statement does to the requests that it is about."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """Somebody who asks, or whom a policy names."""

    kind: str
    """`AWS`, `Service`, `Federated` or `CanonicalUser`."""
    name: str
    """An ARN, an account's id, a service such as `lambda.amazonaws.com`, or `*`."""

    @property
    def is_everybody(self) -> bool:
        """Whether it stands for all principals."""
        return self.name == "*"

    def __str__(self) -> str:
        return self.name if self.kind == "AWS" else f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Principals:
    """The principals that a statement is about."""

    values: tuple[Principal, ...]
    """In order, each once."""
    negated: bool = False
    """Whether it is about all but these."""
    unknown: bool = False
    """Whether there are others that are known only after apply."""


@dataclass(frozen=True, slots=True)
class Names:
    """The actions, or the resources, that a statement is about."""

    values: tuple[str, ...]
    """Patterns, in order, each once."""
    negated: bool = False
    """Whether it is about all but these."""
    unknown: bool = False
    """Whether there are others that are known only after apply."""


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One key of one operator."""

    operator: str
    """Without quantifier and `IfExists`."""
    key: str
    """In lower case: keys know no case."""
    values: tuple[str, ...]
    """In order, each once; one of them must hold."""
    quantifier: str = ""
    """`ForAllValues`, `ForAnyValue`, or nothing."""
    if_exists: bool = False
    """Whether it holds where the request lacks the key."""
    unknown: bool = False
    """Whether there are other values that are known only after apply."""

    @property
    def written_operator(self) -> str:
        """The operator as policies write it."""
        return f"{self.quantifier}{':' if self.quantifier else ''}{self.operator}{'IfExists' if self.if_exists else ''}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy."""

    effect: Effect
    actions: Names
    resources: Names = Names(("*",))
    """Everything, where the statement names none: it is then about the resource that its policy belongs to."""
    principals: Principals | None = None
    """`None` in the policy of a role, a user or a group: it is about who has it."""
    conditions: tuple[Condition, ...] = ()
    """All of them must hold."""
    variables: bool = field(default=False, kw_only=True)
    """Whether `${…}` in it is a policy variable, which the policy's version says."""
    unknown: bool = field(default=False, kw_only=True)
    """Whether there are other conditions that are known only after apply."""
    sid: str = field(default="", kw_only=True, compare=False)
    place: str = field(default="", kw_only=True, compare=False)
    """Where in its policy it is: `Statement[1]`."""

    def action_patterns(self) -> tuple[Pattern, ...]:
        """Return the patterns of `actions`, in lower case."""
        return tuple(text_pattern(value.lower()) for value in self.actions.values)

    def resource_patterns(self) -> tuple[Pattern, ...]:
        """Return the patterns of `resources`."""
        return tuple(resource_pattern(value, variables=self.variables) for value in self.resources.values)

    @property
    def is_known(self) -> bool:
        """Whether nothing of it waits for apply."""
        parts = (self.actions, self.resources, self.principals, *self.conditions)
        return not self.unknown and not any(part.unknown for part in parts if part)

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON data, in IAM's grammar."""
        document: dict[str, Any] = {"Sid": self.sid} if self.sid else {}
        document["Effect"] = str(self.effect)
        if self.principals:
            document["NotPrincipal" if self.principals.negated else "Principal"] = _write_principals(self.principals.values)
        document["NotAction" if self.actions.negated else "Action"] = _write_list(self.actions.values)
        document["NotResource" if self.resources.negated else "Resource"] = _write_list(self.resources.values)
        if self.conditions:
            document["Condition"] = _write_conditions(self.conditions)
        return document


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy's statements."""

    statements: tuple[Statement, ...] = ()
    unknown: bool = False
    """Whether there are others that are known only after apply."""


_ROLE = re.compile(
    r"arn:[^:]*:(?:iam::(?P<owner>[^:]*):role/(?:.*/)?(?P<role>[^/]+)"
    r"|sts::(?P<account>[^:]*):assumed-role/(?P<session>[^/]+)/.*)"
)


def role_of(arn: str) -> tuple[str, str] | None:
    """Return account and name of a role, or of the role of a session, whose ARN lacks the role's path."""
    match = _ROLE.fullmatch(arn)
    return (match["owner"] or match["account"] or "", match["role"] or match["session"]) if match else None


def resource_pattern(value: str, *, variables: bool) -> Pattern:
    """Return the pattern of one of a statement's resources."""
    return EVERYTHING if value == "*" else arn_pattern(value, variables=variables)


def _write_list(values: Sequence[str]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _write_principals(principals: Sequence[Principal]) -> Any:
    kinds = dict.fromkeys(principal.kind for principal in principals)
    return {kind: _write_list([each.name for each in principals if each.kind == kind]) for kind in kinds}


def _write_conditions(conditions: Sequence[Condition]) -> Mapping[str, Any]:
    document: dict[str, Any] = {}
    for condition in conditions:
        document.setdefault(condition.written_operator, {})[condition.key] = _write_list(condition.values)
    return document
