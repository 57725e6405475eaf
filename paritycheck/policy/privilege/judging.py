"""What a role is granted, held against what its functions need: what is too much, too little, too wide, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

from paritycheck.errors import Location
from paritycheck.findings import Severity
from paritycheck.policy.iam import Decision, Effect, Policy, Principal, Request, Statement, Verdict, decide
from paritycheck.policy.iam.evaluation import applies
from paritycheck.policy.privilege.grant import CODE_ONLY, Grant, Member
from paritycheck.policy.privilege.granted import Document, names_role
from paritycheck.policy.privilege.model import Need
from paritycheck.policy.privilege.places import locate
from paritycheck.policy.privilege.stack import Stack

_OWN_POLICY = "Attach a policy of your own that grants what the function needs, in the place of {}."


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding in one environment."""

    rule: str
    address: str
    path: str
    message: str
    location: Location | None = None
    severity: Severity = Severity.ERROR
    hint: str = ""
    """What to do about it, where the rule's own words do not fit."""


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
        return " and ".join(member.name for member in self.members)

    def judge(self) -> Iterator[Remark]:
        """Yield what is wrong."""
        for document in self.documents:
            yield from self._judge_document(document, self.members)
        if self.boundary and self.boundary.problem:
            message = f"what it leaves of what {self.title} is granted cannot be told: {self.boundary.problem}"
            yield self._remark("undecided-grant", self.boundary, self.boundary.path, message)
        targets = {need.target.address for member in self.members for need in member.needs.needs if need.target}
        for address, documents in (self.of_resources or {}).items():
            yield from self._judge_resource_policies(documents, needed=address in targets)
        for member in self.members:
            for need in member.needs.needs:
                if not need.optional:
                    yield from self._judge_need(member, need)
            yield from self._doubts(member)

    def _judge_resource_policies(self, documents: Iterable[Document], *, needed: bool) -> Iterator[Remark]:
        """Judge the statements of a resource's policies that name the role, and those policies of what is needed that cannot be read."""
        role = self.members[0].function.role_arn
        for document in documents:
            named = tuple(each for each in document.policy.statements if names_role(each, role))
            if named or (needed and document.problem):
                yield from self._judge_document(replace(document, policy=Policy(named)), self.members)

    def _judge_document(self, document: Document, members: Sequence[Member]) -> Iterator[Remark]:
        if document.problem:
            message = f"what it grants to {self.title} cannot be told: {document.problem}"
            yield self._remark("undecided-grant", document, document.path, message)
        for statement in document.policy.statements:
            if statement.effect is Effect.ALLOW:
                for fault in Grant(statement, members).judge():
                    found = self._remark(fault.rule, document, document.statement_path(statement), fault.message, statement)
                    found = replace(found, severity=fault.severity, hint=fault.hint)
                    mild = document.managed and fault.rule != "undecided-grant"
                    yield replace(found, severity=Severity.WARNING, hint=_OWN_POLICY.format(document.managed)) if mild else found

    def _judge_need(self, member: Member, need: Need) -> Iterator[Remark]:
        request = member.request(need)
        decision = self._decide(member, need, request)
        partly = self._find_part(need) if decision.verdict is Verdict.NOT_ALLOWED and need.vague else None
        if decision.allowed or (partly and need.observed):
            return
        name, what = member.name, f"{need.action} on {need.resource}"
        decision = Decision(Verdict.UNDECIDED, partly) if partly else decision
        if decision.verdict is not Verdict.UNDECIDED:
            denied = f", which {decision.by.sid or decision.by.place or 'a statement'} denies" if decision.by else ""
            whose = "its role, or its key's policy," if _is_key(need) else "its role"
            message = f"{name} needs {what} ({need.why}), and {whose} {'does not allow it' if not denied else 'may not'}{denied}"
            found = self._of_function("missing-grant", member, f"role[{need.action} {need.resource}]", message, need.location)
            yield (
                found
                if need.by_code
                else replace(found, hint="Grant the action on the resource, or take away the setting that asks for it.")
            )
        elif decision.by:
            document = next(each for each in self._all_documents() if decision.by in each.policy.statements)
            message = f"whether it lets {name} {what} ({need.why}) depends on what cannot be told"
            yield self._remark("undecided-grant", document, document.statement_path(decision.by), message, decision.by)

    def _find_part(self, need: Need) -> Statement | None:
        """Return a statement that grants some of what a need may be about."""
        statements = (statement for document in self.documents for statement in document.policy.statements)
        return next((each for each in statements if each.effect is Effect.ALLOW and Grant(each, self.members).serves(need)), None)

    def _decide(self, member: Member, need: Need, request: Request) -> Decision:
        """Judge a request by the role's policies, and the statements of its target that name the role or deny, within their limits."""
        own = [_for_service(each.policy) if not need.by_code else each.policy for each in self.documents]
        documents = (self.of_resources or {}).get(need.target.address if need.target else "", ())
        theirs = tuple(
            statement
            for document in documents
            for statement in document.policy.statements
            if names_role(statement, member.function.role_arn) or _names_all(statement, request)
        )
        decision = decide([*own, Policy(theirs, unknown=any(each.policy.unknown for each in documents))], request)
        limits = [decide([self.boundary.policy], request)] if self.boundary else []
        if documents and _is_key(need):
            limits.append(_decide_by_key([each.policy for each in documents], request))
        return next((limit for limit in limits if not limit.allowed), decision) if decision.allowed else decision

    def _all_documents(self) -> Iterator[Document]:
        yield from self.documents
        yield from (self.boundary,) if self.boundary else ()
        yield from chain(*(self.of_resources or {}).values())

    def _doubts(self, member: Member) -> Iterator[Remark]:
        for doubt in member.needs.doubts:
            place = f"{doubt.location}: " if doubt.location else ""
            about = f" ({', '.join(sorted(doubt.actions))})" if doubt.actions else ""
            message = f"what {member.name} needs cannot be told: {place}{doubt.reason}{about}"
            path = doubt.path or (f"role[{Path(doubt.location.file).name}]" if doubt.location else "role")
            yield replace(self._of_function("undecided-grant", member, path, message, doubt.location), hint=doubt.hint)

    def _remark(self, rule: str, document: Document, path: str, message: str, statement: Statement | None = None) -> Remark:
        return Remark(rule, document.holder.address, path, message, locate(self.stack, document, statement))

    def _of_function(self, rule: str, member: Member, path: str, message: str, location: Location | None) -> Remark:
        address = member.function.resource.address
        sources = self.stack.sources
        attribute = path.partition("[")[0]
        return Remark(rule, address, path, message, location or (sources.locate(address, attribute) if sources else None))


@lru_cache(maxsize=4096)
def _for_service(policy: Policy) -> Policy:
    """Return what of a policy is about requests that Lambda makes itself."""
    return replace(
        policy, statements=tuple(each for each in policy.statements if all(condition.key != CODE_ONLY for condition in each.conditions))
    )


def _names_all(statement: Statement, request: Request) -> bool:
    """Whether a resource's statement allows everybody who asks, or may deny it to who does."""
    if statement.effect is Effect.DENY:
        return applies(statement, request) is not False
    principals = statement.principals
    everybody = bool(principals and not principals.negated and any(each.is_everybody for each in principals.values))
    return everybody and bool(applies(statement, request))


def _is_key(need: Need) -> bool:
    return need.target is not None and need.target.type == "aws_kms_key"


def _decide_by_key(policies: Sequence[Policy], request: Request) -> Decision:
    """Say whether a key's policies let who asks use it, or leave that to the policies of its account.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    account = request.resource.split(":")[4]
    asking = [request, *(replace(request, principal=Principal("AWS", name)) for name in (account, f"arn:aws:iam::{account}:root"))]
    decisions = [decide(policies, each) for each in asking]
    order = (Verdict.DENIED, Verdict.ALLOWED, Verdict.UNDECIDED, Verdict.NOT_ALLOWED)
    return min(decisions, key=lambda decision: order.index(decision.verdict))
