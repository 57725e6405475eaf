"""What an environment grants that the one before it does not: by roles, to roles' principals, and by resources' policies.

A value difference says that two policies are not the same text; `excess-grant` says what the difference lets somebody do. It
goes one way: an environment that grants less than the one before it is only different.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from paritycheck.findings import Finding, Special
from paritycheck.normalize import Vocabulary
from paritycheck.policy.iam import Excess, Policy, Reason, beyond, parse_policy, undenied
from paritycheck.policy.privilege.granted import Document, read_document, resource_documents, role_documents
from paritycheck.policy.privilege.places import locate
from paritycheck.policy.privilege.stack import Stack
from paritycheck.rules import RULES

_VALUES = frozenset({"value-difference", "undecidable-value", "environment-leak"})


@dataclass(frozen=True, slots=True)
class _Bearer:
    """Something that has policies: a role, who may take a role on, or a resource."""

    documents: Sequence[Document]
    policies: Sequence[Policy]
    """The documents' policies with the environment's name normalized."""
    limits: bool = False
    """Whether what it denies is denied to others, whatever their policies grant."""

    @property
    def pairs(self) -> Sequence[tuple[Document, Policy]]:
        """Its documents, each with its policy."""
        return tuple(zip(self.documents, self.policies, strict=True))


def find_excess(stacks: Sequence[Stack], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a finding for each grant of an environment that goes beyond those of the environment before it."""
    bearers = [_bearers(stack, vocabulary.normalizers[number].normalize) for number, stack in enumerate(stacks)]
    for number, (less, more) in enumerate(pairwise(bearers), start=1):
        for name, bearer in more.items():
            other = less.get(name)
            if other and [*map(_plain, bearer.policies)] != [*map(_plain, other.policies)]:
                for difference in _compare(bearer, other):
                    yield _finding(stacks[number - 1 : number + 1], number, difference, vocabulary)


@dataclass(frozen=True, slots=True)
class _Difference:
    """Something that is granted beyond, or denied no longer."""

    excess: Excess
    documents: Sequence[tuple[Document, Policy]]
    """Where it may be written."""
    denial: bool = False
    """Whether it is what the environment before denies."""


def _compare(bearer: _Bearer, other: _Bearer) -> Iterator[_Difference]:
    """Yield what a bearer is granted beyond another; a resource's denials limit what other policies grant as well."""
    for excess in beyond(bearer.policies, other.policies):
        if not (bearer.limits and excess.reason is Reason.DENIED):
            yield _Difference(excess, bearer.pairs)
    for excess in undenied(bearer.policies, other.policies) if bearer.limits else ():
        if excess.statement:
            yield _Difference(excess, other.pairs, denial=True)


def _plain(policy: Policy) -> Policy:
    """Return a policy so that it equals one that says the same in another order."""
    return replace(policy, statements=tuple(sorted(policy.statements, key=repr)))


def _bearers(stack: Stack, normalize: Callable[[str], str]) -> Mapping[str, _Bearer]:
    roles = list(stack.of_type("aws_iam_role"))
    found = {f"{role.address} identity": role_documents(stack, role) for role in roles}
    found |= {f"{role.address} trust": [read_document(stack, role, "assume_role_policy")] for role in roles}
    bearers = {normalize(name): _bearer(documents, normalize) for name, documents in found.items()}
    of_resources = resource_documents(stack).items()
    return bearers | {normalize(address): _bearer(documents, normalize, limits=True) for address, documents in of_resources}


def _bearer(documents: Iterable[Document], normalize: Callable[[str], str], *, limits: bool = False) -> _Bearer:
    documents = tuple(documents)
    return _Bearer(documents, tuple(_normalized(document, normalize) for document in documents), limits)


def _normalized(document: Document, normalize: Callable[[str], str]) -> Policy:
    if document.written is None:
        return document.policy
    try:
        value = json.loads(document.written) if isinstance(document.written, str) else document.written
        return parse_policy(_map(value, normalize))
    except (ValueError, RecursionError):
        return Policy(unknown=True)


def _map(value: Any, normalize: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {normalize(key): _map(part, normalize) for key, part in value.items()}
    if isinstance(value, list):
        return [_map(part, normalize) for part in value]
    return normalize(value) if isinstance(value, str) else value


def _finding(stacks: Sequence[Stack], number: int, difference: _Difference, vocabulary: Vocabulary) -> Finding:
    excess = difference.excess
    found = (document for document, policy in difference.documents if excess.origin in policy.statements)
    document = next(found, None) or difference.documents[0][0]
    less, more = (stack.environment for stack in stacks)
    verb, other = ("does not deny", "does") if difference.denial else ("grants", "does not")
    message = f"{more} {verb} {_name(excess)}, and {less} {other}: {excess.reason}"
    normalize = vocabulary.normalizers[number - 1 if difference.denial else number].normalize
    statements = (excess.statement, excess.other) if difference.denial else (excess.other, excess.statement)
    return Finding(
        rule="excess-grant",
        severity=RULES["excess-grant"].severity,
        address=vocabulary.show(normalize(document.holder.address)),
        path=vocabulary.show(normalize(document.statement_path(excess.origin) if excess.origin else document.path)),
        message=vocabulary.show(message),
        hint=RULES["excess-grant"].fix,
        values=dict(zip((less, more), (_show(statement, vocabulary) for statement in statements), strict=True)),
        location=locate(stacks[0 if difference.denial else 1], document, excess.origin),
    )


def _name(excess: Excess) -> str:
    """Name what is granted beyond: actions, and a resource as an example."""
    if excess.statement is None:
        return "something"
    actions = ", ".join(excess.statement.actions.values)
    example = f", such as on {excess.example}" if excess.example and excess.reason is not Reason.UNDECIDED else ""
    return f"{'all but ' if excess.statement.actions.negated else ''}{actions}{example}"


def _show(statement: Any, vocabulary: Vocabulary) -> Any:
    """Return a statement as reports show it."""
    return _map(statement.to_document(), vocabulary.show) if statement else Special.ABSENT


def supersede(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out value differences of policies whose meaning an `excess-grant` tells: nobody wants to read both."""
    found = tuple(findings)
    told = {(finding.address, finding.path.partition(".Statement")[0]) for finding in found if finding.rule == "excess-grant"}
    return tuple(each for each in found if each.rule not in _VALUES or not any(_covers(each, *place) for place in told))


def _covers(finding: Finding, address: str, path: str) -> bool:
    return finding.address == address and (finding.path == path or finding.path.startswith((f"{path}.", f"{path}[")))
