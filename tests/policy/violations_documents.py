"""Where the policy documents of a plan are, and how their statements are changed: JSON in a text, or the blocks of a data source."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.policy.violations import Draft, Violation

Statement = dict[str, Any]
"""A statement as IAM writes it."""

UNKNOWN = "(known after apply)"
"""Stands in a statement for what is known only after apply."""

PLACES: Mapping[str, Mapping[str, str]] = {
    "identity": {"aws_iam_role_policy": "policy"},
    "trust": {"aws_iam_role": "assume_role_policy"},
    "key": {"aws_kms_key": "policy"},
    "resource": {"aws_s3_bucket_policy": "policy", "aws_sns_topic_policy": "policy", "aws_sqs_queue_policy": "policy"},
    "endpoint": {"aws_vpc_endpoint": "policy"},
}
"""Types of resources that have policies of a kind, and the attribute that holds them."""

_NAMES = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}


@dataclass(frozen=True)
class Breach:
    """A way to change one statement of a policy for the worse."""

    family: str
    kind: str
    """The kind of policies, as in `PLACES`."""
    concerns: Callable[[Statement], bool]
    """Whether a statement can be changed like that."""
    change: Callable[[Statement, list[Statement]], object]
    """Changes a statement, or those it is one of."""
    by: Sequence[str] = ()
    """The policies that must notice."""
    proof: Sequence[str] = ()
    """The rules of the proof that must, where a function has the policy."""
    of_function: bool = False
    """Whether the function is to be reported, rather than what holds the policy."""
    every: bool = False
    """Whether each statement is changed, one at a time, rather than one of each document."""
    only: int | None = None
    """The number of the one document that is changed; each of them by default."""


@dataclass(frozen=True)
class Holder:
    """A resource that has a policy."""

    address: str
    attribute: str
    source: str = ""
    """The data source that gives the policy, where it is known only after apply."""
    function: str = ""
    """The function whose role it is about."""

    def read(self, draft: Draft) -> list[Statement]:
        """Return the policy's statements."""
        if not self.source:
            statements: list[Statement] = json.loads(draft.value(self.address, (self.attribute,)))["Statement"]
            return statements
        change = draft.changes[self.source]["change"]
        others = [each for text in change["after"]["source_policy_documents"] or () for each in json.loads(text)["Statement"]]
        marks = change["after_unknown"]["statement"]
        return [*others, *map(_from_block, change["after"]["statement"], marks)]

    def write(self, draft: Draft, statements: list[Statement]) -> None:
        """Plan other statements."""
        if not self.source:
            draft.put(self.address, (self.attribute,), json.dumps({"Version": "2012-10-17", "Statement": statements}))
            return
        draft.put(self.source, ("source_policy_documents",), [])
        draft.put(self.source, ("statement",), [_to_block(each) for each in statements])
        draft.changes[self.source]["change"]["after_unknown"]["statement"] = [_marks(each) for each in statements]


def holders(draft: Draft, kind: str) -> Iterator[Holder]:
    """Yield the resources that have policies of a kind."""
    for type_, attribute in PLACES[kind].items():
        for change in draft.of_type(type_):
            address = change["address"]
            key = address.partition("[")[2]
            named = f"aws_lambda_function.this[{key}" if ".function[" in address else ""
            source = "" if draft.value(address, (attribute,)) else f"data.aws_iam_policy_document.function[{key}"
            yield Holder(address, attribute, source, named if kind == "identity" else "")


def document_violations(draft: Draft, breaches: Sequence[Breach]) -> Iterator[Violation]:
    """Break the policies of a plan in each of some ways."""
    for breach in breaches:
        for holder in [*holders(draft, breach.kind)][breach.only : None if breach.only is None else breach.only + 1]:
            statements = holder.read(draft)
            choices = [number for number, each in enumerate(statements) if breach.concerns(each)]
            by = frozenset(breach.by) | frozenset(breach.proof if holder.function else ())
            if not choices or not by:
                continue
            chosen = choices if breach.every else [random.Random(f"{breach.family} {holder.address}").choice(choices)]
            for number in chosen:
                if _changes(breach, statements, number):
                    yield _violation(breach, holder, number, by, statements[number].get("Sid", ""))


def _changes(breach: Breach, statements: list[Statement], number: int) -> bool:
    changed = copy.deepcopy(statements)
    breach.change(changed[number], changed)
    return [*map(_plain, changed)] != [*map(_plain, statements)]


def _plain(statement: Statement) -> Statement:
    """Return a statement in which one text is a list of one."""
    return {key: listed(value) for key, value in statement.items()}


def _violation(breach: Breach, holder: Holder, number: int, by: frozenset[str], sid: str) -> Violation:
    def apply(draft: Draft) -> None:
        statements = holder.read(draft)
        breach.change(statements[number], statements)
        holder.write(draft, statements)

    reported, beside = (holder.function, holder.address) if breach.of_function else (holder.address, holder.function)
    grants = breach.kind in ("key", "resource")  # What a key or a queue lets in, a role need not allow.
    return Violation(breach.family, (reported,), by, apply, sid, beside=(beside,) if beside else (), spreads=grants)


def _from_block(block: Mapping[str, Any], marks: Mapping[str, Any]) -> Statement:
    statement: Statement = {"Sid": block["sid"], "Effect": block["effect"] or "Allow"}
    for name, written in _NAMES.items():
        if block[name] is not None:
            unknown = marks.get(name) or [False] * len(block[name])
            statement[written] = [UNKNOWN if hidden else value for value, hidden in zip(block[name], unknown, strict=True)]
    for condition in block["condition"]:
        statement.setdefault("Condition", {}).setdefault(condition["test"], {})[condition["variable"]] = condition["values"]
    return statement


def _to_block(statement: Statement) -> dict[str, Any]:
    conditions = [
        {"test": test, "variable": variable, "values": listed(values)}
        for test, variables in statement.get("Condition", {}).items()
        for variable, values in variables.items()
    ]
    parts = {name: _shown(statement[written]) if written in statement else None for name, written in _NAMES.items()}
    block = {"sid": statement.get("Sid"), "effect": statement["Effect"], "condition": conditions, "principals": [], "not_principals": []}
    return {**block, **parts}


def _shown(values: Any) -> list[Any]:
    return [None if value == UNKNOWN else value for value in listed(values)]


def _marks(statement: Statement) -> dict[str, Any]:
    return {name: [value == UNKNOWN for value in listed(statement[written])] for name, written in _NAMES.items() if written in statement}


def listed(values: Any) -> list[Any]:
    """Return one text as a list, and a list as it is."""
    return values if isinstance(values, list) else [values]
