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
from paritycheck.policy.iam import Excess, Policy, PolicyError, Reason, beyond, parse_policy
from paritycheck.policy.privilege.granted import Document, resource_documents, role_documents
from paritycheck.policy.privilege.judging import Remark
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


def find_excess(stacks: Sequence[Stack], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a finding for each grant of an environment that goes beyond those of the environment before it."""
    bearers = [_bearers(stack, vocabulary.normalizers[number].normalize) for number, stack in enumerate(stacks)]
    for number, (less, more) in enumerate(pairwise(bearers), start=1):
        for name, bearer in more.items():
            other = less.get(name)
            if other and [*map(_plain, bearer.policies)] != [*map(_plain, other.policies)]:
                for excess in beyond(bearer.policies, other.policies):
                    yield _finding(stacks[number - 1 : number + 1], number, bearer, excess, vocabulary)


def _plain(policy: Policy) -> Policy:
    """Return a policy so that it equals one that says the same in another order."""
    return replace(policy, statements=tuple(sorted(policy.statements, key=repr)))


def _bearers(stack: Stack, normalize: Callable[[str], str]) -> Mapping[str, _Bearer]:
    roles = list(stack.of_type("aws_iam_role"))
    found = {f"{role.address} identity": role_documents(stack, role) for role in roles}
    found |= {f"{role.address} trust": [Document(role, "assume_role_policy", Policy())] for role in roles}
    found |= {f"{address} resource": documents for address, documents in resource_documents(stack).items()}
    return {normalize(name): _bearer(stack, documents, normalize) for name, documents in found.items()}


def _bearer(stack: Stack, documents: Iterable[Document], normalize: Callable[[str], str]) -> _Bearer:
    documents = tuple(documents)
    return _Bearer(documents, tuple(_normalized(stack, document, normalize) for document in documents))


def _normalized(stack: Stack, document: Document, normalize: Callable[[str], str]) -> Policy:
    if document.managed:
        return document.policy
    value = stack.value(document.holder, document.path)
    try:
        value = json.loads(value) if isinstance(value, str) else value
        return parse_policy(_map(value, normalize))
    except (PolicyError, ValueError, RecursionError):
        return Policy(unknown=True)


def _map(value: Any, normalize: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {normalize(key): _map(part, normalize) for key, part in value.items()}
    if isinstance(value, list):
        return [_map(part, normalize) for part in value]
    return normalize(value) if isinstance(value, str) else value


def _finding(stacks: Sequence[Stack], number: int, bearer: _Bearer, excess: Excess, vocabulary: Vocabulary) -> Finding:
    pairs = zip(bearer.documents, bearer.policies, strict=True)
    document = next((each for each, policy in pairs if excess.origin in policy.statements), bearer.documents[0])
    less, more = (stack.environment for stack in stacks)
    example = f", such as on {excess.example}" if excess.example and excess.reason is not Reason.UNDECIDED else ""
    message = f"{more} grants what {less} does not: {excess.reason}{example}"
    place = locate(stacks[1], document, excess.origin)
    path = document.statement_path(excess.origin) if excess.origin else document.path
    remark = Remark("excess-grant", document.holder.address, path, message, place)
    normalize = vocabulary.normalizers[number].normalize
    return Finding(
        rule=remark.rule,
        severity=RULES[remark.rule].severity,
        address=vocabulary.show(normalize(remark.address)),
        path=vocabulary.show(normalize(remark.path)),
        message=vocabulary.show(message),
        hint=RULES[remark.rule].fix,
        values={less: _show(excess.other, vocabulary), more: _show(excess.statement, vocabulary)},
        location=remark.location,
    )


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
