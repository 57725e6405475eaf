"""What a role is granted, held against what its functions need: what is too much, too little, too wide, or cannot be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from paritycheck.errors import Location
from paritycheck.findings import Severity
from paritycheck.policy.iam import Decision, Effect, Policy, Principal, Request, Statement, Verdict, decide, load_knowledge
from paritycheck.policy.iam.automata import IntractableError, find_text, overlaps
from paritycheck.policy.iam.conditions import Context, every, holds
from paritycheck.policy.iam.evaluation import applies
from paritycheck.policy.iam.patterns import Pattern, text_pattern
from paritycheck.policy.iam.statements import resource_pattern
from paritycheck.policy.privilege.granted import Document, names_role
from paritycheck.policy.privilege.model import Function, Need, Needs
from paritycheck.policy.privilege.places import locate
from paritycheck.policy.privilege.stack import Stack

_CODE_ONLY = "lambda:sourcefunctionarn"
"""A key that only requests of a function's own code have, and none that Lambda makes itself."""

_NARROWING = re.compile(r"kms:resourcealiases|[a-z0-9-]+:resourcetag/.*|kms:encryptioncontext.*", re.IGNORECASE)
"""Condition keys that limit a statement to some resources, whatever its `Resource` is."""

_STAND_IN = "~"
"""What stands for what is chosen at run time; hardly a pattern that is narrower than an asterisk takes it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding in one environment."""

    rule: str
    address: str
    path: str
    message: str
    location: Location | None = None
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Member:
    """A function that has the role, and what it needs."""

    function: Function
    needs: Needs

    def request(self, need: Need) -> Request:
        """Return a request that stands for all that serve a need."""
        resource = need.resource if need.resource == "*" else need.resource.replace("*", _STAND_IN).replace("?", _STAND_IN)
        account = self.function.arn.split(":")[4] if self.function.arn.count(":") > 4 else ""
        context: dict[str, Sequence[str]] = {
            "aws:PrincipalAccount": [account],
            "aws:PrincipalArn": [self.function.role_arn],
            "aws:ResourceAccount": [account],
            "aws:SecureTransport": ["true"],
            **need.context,
        }
        if need.by_code:
            context["lambda:SourceFunctionArn"] = [self.function.arn]
        return Request(need.action, resource, Principal("AWS", self.function.role_arn), context, complete=False)


@dataclass(frozen=True, slots=True)
class Role:
    """A role with its policies and its functions."""

    stack: Stack
    documents: Sequence[Document]
    members: Sequence[Member]
    boundary: Document | None = None
    of_resources: Mapping[str, Sequence[Document]] | None = None

    @property
    def title(self) -> str:
        """Its functions, for messages."""
        return " and ".join(_name(member.function) for member in self.members)

    def judge(self) -> Iterator[Remark]:
        """Yield what is wrong."""
        for document in self.documents:
            yield from self._judge_document(document, self.members)
        for documents in (self.of_resources or {}).values():
            yield from self._judge_resource_policies(documents)
        for member in self.members:
            for need in member.needs.needs:
                if not need.optional:
                    yield from self._judge_need(member, need)
            yield from self._doubts(member)

    def _judge_resource_policies(self, documents: Iterable[Document]) -> Iterator[Remark]:
        """Judge the statements of resources' policies that name the role."""
        for document in documents:
            for member in self.members[:1]:
                named = tuple(each for each in document.policy.statements if names_role(each, member.function.role_arn))
                if named:
                    yield from self._judge_document(replace(document, policy=Policy(named)), self.members)

    def _judge_document(self, document: Document, members: Sequence[Member]) -> Iterator[Remark]:
        if document.problem:
            message = f"what it grants to {self.title} cannot be told: {document.problem}"
            yield self._remark("undecided-grant", document, document.path, message)
        severity = Severity.WARNING if document.managed else Severity.ERROR
        for statement in document.policy.statements:
            if statement.effect is Effect.ALLOW:
                for rule, message in Grant(statement, members).judge():
                    found = self._remark(rule, document, document.statement_path(statement), message, statement)
                    yield replace(found, severity=severity if rule != "undecided-grant" else Severity.ERROR)

    def _judge_need(self, member: Member, need: Need) -> Iterator[Remark]:
        request = member.request(need)
        decision = self._decide(member, need, request)
        partly = self._find_part(need) if decision.verdict is Verdict.NOT_ALLOWED and need.vague else None
        if decision.allowed or (partly and need.observed):
            return
        name, what = _name(member.function), f"{need.action} on {need.resource}"
        decision = Decision(Verdict.UNDECIDED, partly) if partly else decision
        if decision.verdict is not Verdict.UNDECIDED:
            denied = f", which {decision.by.sid or decision.by.place or 'a statement'} denies" if decision.by else ""
            message = f"{name} needs {what} ({need.why}), and its role {'does not allow it' if not denied else 'may not'}{denied}"
            yield self._of_function("missing-grant", member, f"{need.action} {need.resource}", message, need.location)
        elif decision.by:
            document = next(each for each in self.documents if decision.by in each.policy.statements)
            message = f"whether it lets {name} {what} ({need.why}) depends on what cannot be told"
            yield self._remark("undecided-grant", document, document.statement_path(decision.by), message, decision.by)

    def _find_part(self, need: Need) -> Statement | None:
        """Return a statement that grants some of what a need may be about."""
        statements = (statement for document in self.documents for statement in document.policy.statements)
        return next((each for each in statements if each.effect is Effect.ALLOW and Grant(each, self.members).serves(need)), None)

    def _decide(self, member: Member, need: Need, request: Request) -> Decision:
        """Judge a request by the role's policies, its boundary, and the statements of resources that name the role or deny."""
        own = [_for_service(each.policy) if not need.by_code else each.policy for each in self.documents]
        theirs = [
            statement
            for document in (self.of_resources or {}).get(need.target.address if need.target else "", ())
            for statement in document.policy.statements
            if names_role(statement, member.function.role_arn) or (statement.effect is Effect.DENY and applies(statement, request))
        ]
        decision = decide([*own, Policy(tuple(theirs))], request)
        if decision.allowed and self.boundary:
            limited = decide([self.boundary.policy], request)
            return limited if not limited.allowed else decision
        return decision

    def _doubts(self, member: Member) -> Iterator[Remark]:
        for doubt in member.needs.doubts:
            place = f"{doubt.location}: " if doubt.location else ""
            about = f" ({', '.join(sorted(doubt.actions))})" if doubt.actions else ""
            message = f"what {_name(member.function)} needs cannot be told: {place}{doubt.reason}{about}"
            yield self._of_function("undecided-grant", member, doubt.reason, message, doubt.location)

    def _remark(self, rule: str, document: Document, path: str, message: str, statement: Statement | None = None) -> Remark:
        return Remark(rule, document.holder.address, path, message, locate(self.stack, document, statement))

    def _of_function(self, rule: str, member: Member, what: str, message: str, location: Location | None) -> Remark:
        address = member.function.resource.address
        sources = self.stack.sources
        return Remark(rule, address, f"role[{what}]", message, location or (sources.locate(address, "role") if sources else None))


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement that allows, and who may need it."""

    statement: Statement
    members: Sequence[Member]

    def judge(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with it: a rule and a message each, at most one a rule."""
        if not self.statement.is_known:
            yield "undecided-grant", f"some of what it grants to {self._who} is known only after apply"
        if self.statement.actions.negated:
            yield (
                "unused-grant",
                f"it grants all actions but {_listed(self.statement.actions.values)}, which {self._who} never {self._need}",
            )
            return
        unused: list[str] = []
        wide: list[str] = []
        for action in self.statement.actions.values:
            if not self._is_doubtful(action):
                unused += self._list_unused(action)
                wide += self._list_wide(action)
        unused += self._list_idle_services()
        if unused:
            yield "unused-grant", f"it grants {_listed(unused)}, which {self._who} never {self._need}"
        if wide:
            yield "wide-resource", f"it grants {'; '.join(wide)}"

    @property
    def _who(self) -> str:
        return " and ".join(_name(member.function) for member in self.members)

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
        if not need.by_code and any(condition.key == _CODE_ONLY for condition in self.statement.conditions):
            return False
        context = Context(member.request(need).context, complete=False)
        answers = (holds(condition, context, variables=self.statement.variables) for condition in self.statement.conditions)
        return every(answers) is not False

    def _list_unused(self, action: str) -> Iterator[str]:
        if self.statement.resources.negated:
            idle = [] if self._users(action) else [f"all but {', '.join(self.statement.resources.values)}"]
        else:
            idle = [resource for resource in self.statement.resources.values if not self._users(action, resource)]
        if idle:
            yield f"{action} on {_listed(idle)}"
        elif "*" in action or "?" in action:
            used = {need.action.lower() for need in self._users(action)}
            known = {each.name for each in load_knowledge().expand(action)}
            others = sorted(name for name in known if name.lower() not in used)
            if others:
                yield f"{action} beyond {_listed(sorted(known - set(others)))}: {_listed(others)}"

    def _list_wide(self, action: str) -> Iterator[str]:
        """Say which patterns name more than what is needed; not where a condition says which resources are meant."""
        if any(_NARROWING.fullmatch(condition.key) for condition in self.statement.conditions):
            return
        resources = () if self.statement.resources.negated else self.statement.resources.values
        for resource in resources:
            reaches = {need.reach for need in self._users(action, resource)}
            if reaches and "*" not in reaches and _exceeds(resource, reaches, variables=self.statement.variables):
                yield f"{action} on {resource}, which {self._who} {self._need} on {_listed(_widest(reaches))}"
        if self.statement.resources.negated and self._users(action):
            yield f"{action} on all but {_listed(self.statement.resources.values)}"

    def _list_idle_services(self) -> Iterator[str]:
        """Say through which services a key is granted although nothing uses it through them."""
        via = next((each for each in self.statement.conditions if each.key == "kms:viaservice" and each.operator == "StringEquals"), None)
        for action in self.statement.actions.values if via else ():
            users = self._users(action)
            used = {value for need in users for value in need.context.get("kms:ViaService", ())}
            if via and users and not self._is_doubtful(action) and (idle := [value for value in via.values if value not in used]):
                yield f"{action} through {_listed(idle)}"


def _name(function: Function) -> str:
    return function.name or function.resource.address


def _listed(texts: Iterable[str], most: int = 4) -> str:
    """Return texts as an enumeration that is not too long."""
    found = list(texts)
    shown = found[:most] if len(found) > most + 1 else found
    rest = [f"{len(found) - len(shown)} more"] if len(shown) < len(found) else []
    *first, last = [*shown, *rest] or [""]
    return f"{', '.join(first)} and {last}" if first else last


@lru_cache(maxsize=4096)
def _for_service(policy: Policy) -> Policy:
    """Return what of a policy is about requests that Lambda makes itself."""
    return replace(
        policy, statements=tuple(each for each in policy.statements if all(condition.key != _CODE_ONLY for condition in each.conditions))
    )


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


def _need_pattern(text: str) -> Pattern:
    return resource_pattern(text, variables=False)
