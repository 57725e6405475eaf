"""What a role is granted, held against what its functions need: what is too much, too little, too wide, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from paritycheck.errors import Location
from paritycheck.findings import Severity
from paritycheck.policy.iam import Decision, Effect, Policy, Request, Statement, Verdict, decide
from paritycheck.policy.iam.evaluation import applies
from paritycheck.policy.privilege.grant import CODE_ONLY, Grant, Member
from paritycheck.policy.privilege.granted import Document, names_role
from paritycheck.policy.privilege.model import Need
from paritycheck.policy.privilege.places import locate
from paritycheck.policy.privilege.stack import Stack


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
        name, what = member.name, f"{need.action} on {need.resource}"
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
            message = f"what {member.name} needs cannot be told: {place}{doubt.reason}{about}"
            yield self._of_function("undecided-grant", member, doubt.reason, message, doubt.location)

    def _remark(self, rule: str, document: Document, path: str, message: str, statement: Statement | None = None) -> Remark:
        return Remark(rule, document.holder.address, path, message, locate(self.stack, document, statement))

    def _of_function(self, rule: str, member: Member, what: str, message: str, location: Location | None) -> Remark:
        address = member.function.resource.address
        sources = self.stack.sources
        return Remark(rule, address, f"role[{what}]", message, location or (sources.locate(address, "role") if sources else None))


@lru_cache(maxsize=4096)
def _for_service(policy: Policy) -> Policy:
    """Return what of a policy is about requests that Lambda makes itself."""
    return replace(
        policy, statements=tuple(each for each in policy.statements if all(condition.key != CODE_ONLY for condition in each.conditions))
    )
