"""What policies say to a request, in three values: allowed, denied, or undecided where what decides is unknown.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, within one account: an explicit
denial wins, then any statement that allows, of who asks or of what is asked for. What needs both at once, such as a KMS key's
policy and the caller's, is decided by deciding each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from paritycheck.policy.iam.conditions import Context, Values, every, holds, negate, resolve, some
from paritycheck.policy.iam.patterns import Pattern, text_pattern
from paritycheck.policy.iam.statements import Effect, Names, Policy, Principal, Statement, role_of


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody wants to do something with a resource."""

    action: str
    """`service:Action`."""
    resource: str = "*"
    """Its ARN; `*` where the action knows no resources."""
    principal: Principal | None = None
    """Who asks; only the statements of resources' policies depend on it."""
    context: Mapping[str, Values] = field(default_factory=dict)
    """The condition keys of the request; `None` stands for values that are unknown."""
    complete: bool = True
    """Whether the request has no other keys; if not, what depends on one is undecided."""


class Verdict(StrEnum):
    """What becomes of a request."""

    ALLOWED = "allowed"
    DENIED = "explicitly denied"
    NOT_ALLOWED = "not allowed by any statement"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Decision:
    """What policies say to a request."""

    verdict: Verdict
    by: Statement | None = None
    """The statement that decides it, or that may; `None` where none is about it."""

    @property
    def allowed(self) -> bool:
        """Whether it is allowed for certain."""
        return self.verdict is Verdict.ALLOWED


def decide(policies: Iterable[Policy], request: Request) -> Decision:
    """Judge a request by the policies of who asks and of what is asked for."""
    policies = tuple(policies)
    answers = [(statement, applies(statement, request)) for policy in policies for statement in policy.statements]
    found = {(effect, answer): next(_select(answers, effect, answer), None) for effect in Effect for answer in (True, None)}
    if denial := found[Effect.DENY, True]:
        return Decision(Verdict.DENIED, denial)
    allowance, perhaps = found[Effect.ALLOW, True], found[Effect.ALLOW, None]
    hidden = any(policy.unknown for policy in policies)
    if not allowance and not perhaps and not hidden:
        return Decision(Verdict.NOT_ALLOWED)
    doubt = found[Effect.DENY, None]
    if allowance and not doubt and not hidden:
        return Decision(Verdict.ALLOWED, allowance)
    return Decision(Verdict.UNDECIDED, doubt if allowance else perhaps)


def _select(answers: Iterable[tuple[Statement, bool | None]], effect: Effect, wanted: bool | None) -> Iterator[Statement]:
    return (statement for statement, answer in answers if statement.effect is effect and answer is wanted)


def applies(statement: Statement, request: Request) -> bool | None:
    """Whether a statement is about a request."""
    return every(_answer(statement, request))


def _answer(statement: Statement, request: Request) -> Iterator[bool | None]:
    """Yield the answers of a statement's parts, one by one, so that the first no spares the rest."""
    context = Context(request.context, request.complete)
    yield _names_action(statement.actions, request.action.lower())
    yield _names_resource(statement, request.resource, context)
    yield _names_principal(statement, request.principal)
    yield every(holds(condition, context, variables=statement.variables) for condition in statement.conditions)
    yield None if statement.unknown else True


@lru_cache(maxsize=65536)
def _names_action(names: Names, action: str) -> bool | None:
    """Whether a statement's actions include one: the question that decides of most statements, and that is asked most often."""
    patterns = (text_pattern(value.lower()) for value in names.values)
    return _flip([*(pattern.matches(action) for pattern in patterns), *_doubt(names.unknown)], negated=names.negated)


def _names_resource(statement: Statement, resource: str, context: Context) -> bool | None:
    names = statement.resources
    answers = [_matches(pattern, resource, context, negated=names.negated) for pattern in statement.resource_patterns()]
    return _flip([*answers, *_doubt(names.unknown)], negated=names.negated)


def _matches(pattern: Pattern, resource: str, context: Context, *, negated: bool) -> bool | None:
    if not pattern.variables:
        return pattern.matches(resource)
    if not pattern.widen().matches(resource):
        return False
    resolved = resolve(pattern, context)
    if isinstance(resolved, Pattern):
        return resolved.matches(resource)
    # AWS does not say what a NotResource with a missing variable is about.
    return None if negated else resolved


def _names_principal(statement: Statement, principal: Principal | None) -> bool | None:
    principals = statement.principals
    if principals is None:
        return True
    direct = statement.effect is Effect.ALLOW or principals.negated
    answers = [_is_meant(named, principal, direct=direct) for named in principals.values]
    if principals.negated:
        # Who is spared must be named together with the account, and how is not worth guessing.
        answers = [None if _is_in_account(named, principal) else answer for named, answer in zip(principals.values, answers, strict=True)]
    return _flip([*answers, *_doubt(principals.unknown)], negated=principals.negated)


def _is_meant(named: Principal, principal: Principal | None, *, direct: bool) -> bool | None:
    """Whether a principal of a statement means who asks.

    An account stands for all in it where it is denied something. Where it is allowed something, its own policies must allow it
    as well, so that the statement does not by itself.
    """
    if named.is_everybody and (principal is None or principal.kind == "AWS"):
        return True
    if named == principal:
        return True
    if principal is None or named.is_everybody or "CanonicalUser" in (named.kind, principal.kind):
        return None
    if named.kind != principal.kind or named.kind != "AWS":
        return False
    return _is_same(named.name, principal.name, direct=direct)


def _is_same(named: str, arn: str, *, direct: bool) -> bool | None:
    """Whether what a statement calls a principal of AWS means the one of an ARN."""
    if role_of(named) == role_of(arn) is not None:
        return True if ":role/" in named else None
    if named.isdigit():
        return f":{named}:" in arn and not direct
    return False if named.startswith("arn:") else None


def _is_in_account(named: Principal, principal: Principal | None) -> bool:
    return bool(principal and named.kind == principal.kind == "AWS" and named.name.isdigit() and f":{named.name}:" in principal.name)


def _flip(answers: Iterable[bool | None], *, negated: bool) -> bool | None:
    answer = some(answers)
    return negate(answer) if negated else answer


def _doubt(unknown: bool) -> tuple[None, ...]:
    return (None,) if unknown else ()
