"""One statement that allows, held against the needs of those who have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from paritycheck.findings import Severity
from paritycheck.policy.iam import Principal, Request, Statement, load_knowledge
from paritycheck.policy.iam.automata import IntractableError, find_text, includes, overlaps
from paritycheck.policy.iam.conditions import Context, every, holds
from paritycheck.policy.iam.patterns import Pattern, text_pattern
from paritycheck.policy.iam.statements import resource_pattern
from paritycheck.policy.privilege.model import Function, Need, Needs

CODE_ONLY = "lambda:sourcefunctionarn"
"""A key that only requests of a function's own code have, and none that Lambda makes itself."""

_NARROWING = re.compile(r"kms:resourcealiases|[a-z0-9-]+:resourcetag/.*|kms:encryptioncontext.*", re.IGNORECASE)
"""Condition keys that limit a statement to some resources, whatever its `Resource` is."""

_STAND_IN = "~"
"""What stands for what is chosen at run time; hardly a pattern that is narrower than an asterisk takes it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A function that has the role, and what it needs."""

    function: Function
    needs: Needs

    @property
    def name(self) -> str:
        """The function's name, for messages."""
        return self.function.name or self.function.resource.address

    def request(self, need: Need) -> Request:
        """Return a request that stands for all that serve a need."""
        resource = need.resource if need.resource == "*" else need.resource.replace("*", _STAND_IN).replace("?", _STAND_IN)
        account = self.function.arn.split(":")[4] if self.function.arn.count(":") > 4 else ""
        context: dict[str, Sequence[str]] = {
            "aws:PrincipalAccount": [account],
            "aws:PrincipalArn": [self.function.role_arn],
            "aws:ResourceAccount": [account],
            "aws:SecureTransport": ["true"],
            **({"kms:CallerAccount": [account]} if need.action.startswith("kms:") else {}),
            **need.context,
        }
        if need.by_code:
            context["lambda:SourceFunctionArn"] = [self.function.arn]
        return Request(need.action, resource, Principal("AWS", self.function.role_arn), context, complete=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a statement."""

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    hint: str = ""
    """What to do about it, where the rule's own words do not fit."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement that allows, and who may need it."""

    statement: Statement
    members: Sequence[Member]

    def judge(self) -> Iterator[Fault]:
        """Yield what is wrong with it."""
        if not self.statement.is_known:
            yield Fault("undecided-grant", f"some of what it grants to {self._who} is known only after apply")
        if self.statement.actions.negated:
            actions = _listed(self.statement.actions.values)
            yield Fault("unused-grant", f"it grants all actions but {actions}, which {self._who} never {self._need}")
            return
        unused: list[str] = []
        wide: list[str] = []
        for action in self.statement.actions.values:
            if not self._is_doubtful(action):
                unused += self._list_unused(action)
                wide += self._list_wide(action)
        if unused:
            yield Fault("unused-grant", f"it grants {_listed(unused)}, which {self._who} never {self._need}")
        if wide:
            yield Fault("wide-resource", f"it grants {'; '.join(wide)}")
        if idle := list(self._list_idle_services()):
            # The key is needed; that it is not for services alone is what most policies leave out.
            message = f"it grants {_listed(idle)}, which {self._who} never {self._need}"
            yield Fault("unused-grant", message, Severity.WARNING, "Let a condition on kms:ViaService name the services that use the key.")

    @property
    def _who(self) -> str:
        return " and ".join(member.name for member in self.members)

    @property
    def _need(self) -> str:
        return "need" if len(self.members) > 1 else "needs"

    def _is_doubtful(self, action: str) -> bool:
        pattern = text_pattern(action.lower())
        doubts = [doubt for member in self.members for doubt in member.needs.doubts]
        return any(not doubt.actions or any(overlaps(pattern, text_pattern(each)) for each in doubt.actions) for doubt in doubts)

    def serves(self, need: Need) -> bool:
        """Whether it may serve some of a need."""
        resources = () if self.statement.resources.negated else self.statement.resources.values
        return any(need in self._users(action, resource) for action in self.statement.actions.values for resource in resources)

    def _users(self, action: str, resource: str | None = None) -> list[Need]:
        """Return the needs that it serves by an action, on a pattern of resources."""
        pattern = text_pattern(action.lower())
        return [
            need
            for member in self.members
            for need in member.needs.needs
            if pattern.matches(need.action.lower())
            and (resource is None or _overlap(resource, need.resource, variables=self.statement.variables))
            and self._may_apply(member, need)
        ]

    def _may_apply(self, member: Member, need: Need) -> bool:
        if not need.by_code and any(condition.key == CODE_ONLY for condition in self.statement.conditions):
            return False
        context = Context(member.request(need).context, complete=False)
        answers = (holds(condition, context, variables=self.statement.variables) for condition in self.statement.conditions)
        return every(answers) is not False

    def _list_unused(self, action: str) -> Iterator[str]:
        if self.statement.resources.negated:
            idle = [] if self._users(action) else [f"all but {', '.join(self.statement.resources.values)}"]
        else:
            resources = self.statement.resources.values
            idle = [each for each in resources if not self._users(action, each) and not self._is_for_others(action, each)]
        if idle:
            yield f"{action} on {_listed(idle)}"
        elif "*" in action or "?" in action:
            used = {need.action.lower() for need in self._users(action)}
            known = {each.name for each in load_knowledge().expand(action)}
            others = sorted(name for name in known if name.lower() not in used)
            if others:
                yield f"{action} beyond {_listed(sorted(known - set(others)))}: {_listed(others)}"

    def _is_for_others(self, action: str, resource: str) -> bool:
        """Whether an action knows no such resource and another of the statement does, for which it is there."""
        variables = self.statement.variables
        others = (each for each in self.statement.actions.values if each != action)
        return not _is_about(action, resource, variables=variables) and any(
            _is_about(each, resource, variables=variables) for each in others
        )

    def _list_wide(self, action: str) -> Iterator[str]:
        """Say which patterns name more than what is needed.

        A condition may say which resources are meant instead of a pattern, but for `*`, of which there is always a finer one.
        """
        narrowed = any(_NARROWING.fullmatch(condition.key) for condition in self.statement.conditions)
        written = () if self.statement.resources.negated else self.statement.resources.values
        resources = [resource for resource in written if resource == "*" or not narrowed]
        for resource in resources:
            reaches = {need.reach for need in self._users(action, resource)}
            if reaches and "*" not in reaches and _exceeds(resource, reaches, variables=self.statement.variables):
                yield f"{action} on {resource}, which {self._who} {self._need} on {_listed(_widest(reaches))}"
        if self.statement.resources.negated and self._users(action):
            yield f"{action} on all but {_listed(self.statement.resources.values)}"

    def _list_idle_services(self) -> Iterator[str]:
        """Say how a key is granted although nothing uses it like that: through other services, or through none."""
        via = next((each for each in self.statement.conditions if each.key == "kms:viaservice"), None)
        for action in self.statement.actions.values:
            users = [] if self._is_doubtful(action) else self._users(action)
            used = {value for need in users for value in need.context.get("kms:ViaService", ())}
            if via is None and users and all("kms:ViaService" in need.context for need in users):
                yield f"{action} beyond what comes through {_listed(sorted(used))}"
            elif via and via.operator == "StringEquals" and users and (idle := [value for value in via.values if value not in used]):
                yield f"{action} through {_listed(idle)}"


def _listed(texts: Iterable[str], most: int = 4) -> str:
    """Return texts as an enumeration that is not too long."""
    found = list(texts)
    shown = found[:most] if len(found) > most + 1 else found
    rest = [f"{len(found) - len(shown)} more"] if len(shown) < len(found) else []
    *first, last = [*shown, *rest] or [""]
    return f"{', '.join(first)} and {last}" if first else last


@lru_cache(maxsize=65536)
def _overlap(granted: str, needed: str, *, variables: bool) -> bool:
    pattern = resource_pattern(granted, variables=variables).widen()
    if needed == "*":
        return pattern.matches("*")
    other = _need_pattern(needed)
    try:
        return pattern.may_overlap(other) and overlaps(pattern, other)
    except IntractableError:
        return True


def _widest(patterns: Iterable[str]) -> list[str]:
    """Return the patterns that are not within another one of them."""
    found = sorted(patterns)
    return [one for one in found if all(one == other or _exceeds(one, [other], variables=False) for other in found)]


def _exceeds(granted: str, reaches: Iterable[str], *, variables: bool) -> bool:
    try:
        return find_text([resource_pattern(granted, variables=variables)], [_need_pattern(each) for each in reaches]) is not None
    except IntractableError:
        return True


@lru_cache(maxsize=65536)
def _is_about(action: str, resource: str, *, variables: bool) -> bool:
    """Whether one of the known actions of a pattern can be about a resource, or it has none.

    A table's index has the form of a table's ARN, too: what lies within a narrower kind is only of that.
    """
    known = load_knowledge().expand(action)
    pattern = resource_pattern(resource, variables=variables).widen()
    own = {kind.pattern for each in known for kind in each.resource_types}
    try:
        met = [each for each in own if overlaps(pattern, each)]
        others = [each for each in _kinds(action.partition(":")[0]) - own if met and includes(each, pattern)]
        return not known or any(not any(includes(each, other) for other in others) for each in met)
    except IntractableError:
        return True


@lru_cache(maxsize=256)
def _kinds(service: str) -> frozenset[Pattern]:
    """Return the patterns of all resources of a service."""
    return frozenset(kind.pattern for each in load_knowledge().expand(f"{service}:*") for kind in each.resource_types)


def _need_pattern(text: str) -> Pattern:
    return resource_pattern(text, variables=False)
