"""What a function's role is granted: every policy that the plan gives it, and those of resources that name it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from paritycheck.findings import Special
from paritycheck.plan import Resource
from paritycheck.policy.iam import Effect, Names, Policy, PolicyError, Statement, parse_policy
from paritycheck.policy.iam.statements import role_of
from paritycheck.policy.privilege.stack import Stack

UNKNOWN = Special.UNKNOWN
DATA = Path(__file__).parents[1] / "data" / "managed_policies.json"
_MANAGED = re.compile(r"arn:[^:]*:iam::aws:policy/(.+)")

_OF_RESOURCES: Mapping[str, tuple[str, str, str]] = {
    "aws_dynamodb_resource_policy": ("policy", "resource_arn", "aws_dynamodb_table"),
    "aws_kinesis_resource_policy": ("policy", "resource_arn", "aws_kinesis_stream"),
    "aws_kms_key": ("policy", "", ""),
    "aws_kms_key_policy": ("policy", "key_id", "aws_kms_key"),
    "aws_s3_bucket": ("policy", "", ""),
    "aws_s3_bucket_policy": ("policy", "bucket", "aws_s3_bucket"),
    "aws_secretsmanager_secret": ("policy", "", ""),
    "aws_secretsmanager_secret_policy": ("policy", "secret_arn", "aws_secretsmanager_secret"),
    "aws_sns_topic": ("policy", "", ""),
    "aws_sns_topic_policy": ("policy", "arn", "aws_sns_topic"),
    "aws_sqs_queue": ("policy", "", ""),
    "aws_sqs_queue_policy": ("policy", "queue_url", "aws_sqs_queue"),
}
"""Where policies of resources are: the attribute that holds one, the one that names its resource if it is not that itself, and
the resource's type."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy, and where it is."""

    holder: Resource
    """The resource that it is written in, or by which a role has it."""
    path: str
    """The attribute that holds it."""
    policy: Policy
    managed: str = ""
    """Its name, if it is one of AWS's own."""
    problem: str = ""
    """Why nothing can be said of it; empty where all is well."""

    def statement_path(self, statement: Statement) -> str:
        """Return the path of a statement: by its Sid, which outlives its neighbors, or by its place."""
        place = f"Statement[{statement.sid}]" if statement.sid else statement.place
        return f"{self.path}.{place}" if place else self.path


def role_documents(stack: Stack, role: Resource) -> list[Document]:
    """Return the policies of a role."""
    names = {stack.text(role, "id"), stack.text(role, "name"), stack.text(role, "arn")} - {""}
    return [
        *(_read(stack, each, "policy") for each in stack.of_type("aws_iam_role_policy") if stack.text(each, "role") in names),
        *_inline(stack, role),
        *_attached(stack, role, names),
        *_floating(stack),
    ]


def _inline(stack: Stack, role: Resource) -> Iterator[Document]:
    blocks = stack.value(role, "inline_policy")
    if blocks is UNKNOWN:
        yield _hidden(role, "inline_policy")
    for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if block is UNKNOWN:
            yield _hidden(role, f"inline_policy[{number}]")
        if isinstance(block, dict) and block.get("policy"):
            yield _read(stack, role, f"inline_policy[{number}].policy")


def _attached(stack: Stack, role: Resource, names: set[str]) -> Iterator[Document]:
    for each in stack.of_type("aws_iam_role_policy_attachment"):
        if stack.text(each, "role") in names:
            yield read_managed(stack, each, "policy_arn", stack.value(each, "policy_arn"))
    for each in stack.of_type("aws_iam_policy_attachment"):
        if names & set(_texts(stack.value(each, "roles"))):
            yield read_managed(stack, each, "policy_arn", stack.value(each, "policy_arn"))
    arns = stack.value(role, "managed_policy_arns")
    if arns is UNKNOWN:
        yield _hidden(role, "managed_policy_arns")
    for number, arn in enumerate(arns if isinstance(arns, list) else ()):
        yield read_managed(stack, role, f"managed_policy_arns[{number}]", arn)


def _floating(stack: Stack) -> Iterator[Document]:
    """Yield policies of which the plan does not tell whose they are: they may be anybody's."""
    for kind, name in (("aws_iam_role_policy", "role"), ("aws_iam_role_policy_attachment", "role"), ("aws_iam_policy_attachment", "roles")):
        for each in stack.of_type(kind):
            owners = stack.value(each, name)
            if owners is UNKNOWN or (isinstance(owners, list) and UNKNOWN in owners):
                yield _hidden(each, name, "whose policy it is is known only after apply")


def _hidden(holder: Resource, path: str, problem: str = "it is known only after apply") -> Document:
    return Document(holder, path, Policy(unknown=True), problem=problem)


def resource_documents(stack: Stack) -> Mapping[str, list[Document]]:
    """Return the policies of resources, by the address of the resource."""
    found: dict[str, list[Document]] = defaultdict(list)
    for kind, (path, target, owners) in _OF_RESOURCES.items():
        for holder in stack.of_type(kind):
            owner = stack.find(stack.text(holder, target), owners) if target else holder
            if owner and stack.is_set(holder, path) and stack.value(holder, path) not in (None, ""):
                found[owner.address].append(_read(stack, holder, path))
    return found


def names_role(statement: Statement, arn: str) -> bool:
    """Whether a resource's policy names a role itself."""
    principals = statement.principals
    return bool(principals and not principals.negated and any(_is_role(each.name, arn) for each in principals.values))


def _is_role(name: str, arn: str) -> bool:
    return name == arn or (role_of(name) is not None and role_of(name) == role_of(arn))


def _read(stack: Stack, holder: Resource, path: str) -> Document:
    value = stack.value(holder, path)
    if value is UNKNOWN or not isinstance(value, str | Mapping):
        problem = "it is known only after apply" if value is UNKNOWN else "it is no policy"
        return Document(holder, path, Policy(unknown=True), problem=problem)
    try:
        return Document(holder, path, parse_policy(value))
    except PolicyError as error:
        return Document(holder, path, Policy(unknown=True), problem=error.message)


def read_managed(stack: Stack, holder: Resource, path: str, arn: Any) -> Document:
    """Return the policy of an ARN that an attribute names: one of the plan, or one of AWS's own that is known."""
    own = stack.find(arn, "aws_iam_policy") if isinstance(arn, str) else None
    if own:
        return _read(stack, own, "policy")
    known = _MANAGED.fullmatch(arn) if isinstance(arn, str) else None
    actions = _managed().get(known[1]) if known else None
    if known and actions:
        name = known[1].rpartition("/")[2]
        return Document(holder, path, Policy((Statement(Effect.ALLOW, Names(tuple(actions)), Names(("*",))),)), managed=name)
    what = "is known only after apply" if arn is UNKNOWN else f"{str(arn)[:200]} is not in the plan"
    return Document(holder, path, Policy(unknown=True), problem=f"the policy {what}")


@lru_cache(maxsize=1)
def _managed() -> Mapping[str, list[str]]:
    policies: Mapping[str, list[str]] = json.loads(DATA.read_bytes())["policies"]
    return policies


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
