"""What a function's role is granted: every policy that the plan gives it, and those of resources that name it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    "aws_api_gateway_rest_api": ("policy", "", ""),
    "aws_api_gateway_rest_api_policy": ("policy", "rest_api_id", "aws_api_gateway_rest_api"),
    "aws_cloudwatch_event_bus_policy": ("policy", "event_bus_name", "aws_cloudwatch_event_bus"),
    "aws_cloudwatch_log_resource_policy": ("policy_document", "", ""),
    "aws_dynamodb_resource_policy": ("policy", "resource_arn", "aws_dynamodb_table"),
    "aws_ecr_repository_policy": ("policy", "repository", "aws_ecr_repository"),
    "aws_efs_file_system_policy": ("policy", "file_system_id", "aws_efs_file_system"),
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
    "aws_vpc_endpoint": ("policy", "", ""),
    "aws_vpc_endpoint_policy": ("policy", "vpc_endpoint_id", "aws_vpc_endpoint"),
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
    written: Any = None
    """The JSON data that it was read from, as far as there is any."""

    def statement_path(self, statement: Statement) -> str:
        """Return the path of a statement: by its Sid, which outlives its neighbors, or by its place."""
        place = f"Statement[{statement.sid}]" if statement.sid else statement.place
        return f"{self.path}.{place}" if place else self.path


def role_documents(stack: Stack, role: Resource) -> list[Document]:
    """Return the policies of a role."""
    names = {stack.text(role, "id"), stack.text(role, "name"), stack.text(role, "arn")} - {""}
    return [
        *(read_document(stack, each, "policy") for each in stack.of_type("aws_iam_role_policy") if stack.text(each, "role") in names),
        *_inline(stack, role),
        *_attached(stack, role, names),
        *_key_grants(stack, names),
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
            yield read_document(stack, role, f"inline_policy[{number}].policy")


def _attached(stack: Stack, role: Resource, names: set[str]) -> Iterator[Document]:
    for each in stack.of_type("aws_iam_role_policy_attachment"):
        if stack.text(each, "role") in names:
            yield read_managed(stack, each, "policy_arn", stack.value(each, "policy_arn"))
    for each in stack.of_type("aws_iam_policy_attachment"):
        if names & set(_texts(stack.value(each, "roles"))):
            yield read_managed(stack, each, "policy_arn", stack.value(each, "policy_arn"))
    yield from _listed(stack, role, "managed_policy_arns")
    for each in stack.of_type("aws_iam_role_policy_attachments_exclusive"):
        if stack.text(each, "role_name") in names:
            yield from _listed(stack, each, "policy_arns")


def _listed(stack: Stack, holder: Resource, path: str) -> Iterator[Document]:
    """Yield the policies of a list of ARNs."""
    arns = stack.value(holder, path)
    if arns is UNKNOWN:
        yield _hidden(holder, path)
    for number, arn in enumerate(arns if isinstance(arns, list) else ()):
        yield read_managed(stack, holder, f"{path}[{number}]", arn)


def _key_grants(stack: Stack, names: set[str]) -> Iterator[Document]:
    """Yield what grants of keys let a role do: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html."""
    for each in stack.of_type("aws_kms_grant"):
        if stack.text(each, "grantee_principal") in names:
            key = stack.text(each, "key_id")
            resource = stack.find(key, "aws_kms_key")
            operations = stack.value(each, "operations")
            actions = [f"kms:{name}" if isinstance(name, str) else name for name in operations] if isinstance(operations, list) else UNKNOWN
            statement = {"Effect": "Allow", "Action": actions, "Resource": stack.text(resource, "arn") if resource else key or UNKNOWN}
            if conditions := _encryption_context(stack.value(each, "constraints")):
                statement["Condition"] = conditions
            document = {"Version": "2012-10-17", "Statement": statement}
            yield Document(each, "operations", parse_policy(document), written=document)


def _encryption_context(constraints: Any) -> Any:
    """Return the constraints of a key's grant as conditions."""
    if not isinstance(constraints, list):
        return UNKNOWN if constraints is UNKNOWN else None
    found: dict[str, Any] = {}
    for block in constraints:
        for pairs in block.values() if isinstance(block, dict) else ():
            found |= {f"kms:EncryptionContext:{key}": value for key, value in (pairs if isinstance(pairs, dict) else {}).items()}
    return {"StringEquals": found} if found else None


_ATTACHING = (
    ("aws_iam_role_policy", "role"),
    ("aws_iam_role_policy_attachment", "role"),
    ("aws_iam_role_policy_attachments_exclusive", "role_name"),
    ("aws_iam_policy_attachment", "roles"),
    ("aws_kms_grant", "grantee_principal"),
)
"""What gives roles policies, and the attribute that names them."""


def _floating(stack: Stack) -> Iterator[Document]:
    """Yield policies of which the plan does not tell whose they are: they may be anybody's."""
    for kind, name in _ATTACHING:
        for each in stack.of_type(kind):
            owners = stack.value(each, name)
            if owners is UNKNOWN or (isinstance(owners, list) and UNKNOWN in owners):
                yield _hidden(each, name, "whose policy it is is known only after apply")


def _hidden(holder: Resource, path: str, problem: str = "it is known only after apply") -> Document:
    return Document(holder, path, Policy(unknown=True), problem=problem)


def resource_documents(stack: Stack) -> Mapping[str, list[Document]]:
    """Return the policies of resources, by the address of the resource, or of the policy where its resource is not in the plan."""
    found: dict[str, list[Document]] = defaultdict(list)
    for kind, (path, target, owners) in _OF_RESOURCES.items():
        for holder in stack.of_type(kind):
            owner = (stack.find(stack.text(holder, target), owners) if target else None) or holder
            documents = found[owner.address]
            if stack.is_set(holder, path) and stack.value(holder, path) not in (None, ""):
                document = read_document(stack, holder, path)
                documents.append(_of_key(document, stack.text(owner, "arn")) if owner.type == "aws_kms_key" else document)
    return found


def _of_key(document: Document, arn: str) -> Document:
    """Return a key's policy with the key for the asterisk, which is how such policies write it."""
    statements = document.policy.statements
    named = tuple(replace(each, resources=Names((arn,))) if arn and each.resources == Names(("*",)) else each for each in statements)
    return replace(document, policy=replace(document.policy, statements=named))


def names_role(statement: Statement, arn: str) -> bool:
    """Whether a resource's policy names a role itself."""
    principals = statement.principals
    return bool(principals and not principals.negated and any(_is_role(each.name, arn) for each in principals.values))


def _is_role(name: str, arn: str) -> bool:
    return name == arn or (role_of(name) is not None and role_of(name) == role_of(arn))


def read_document(stack: Stack, holder: Resource, path: str) -> Document:
    """Return the policy that an attribute holds."""
    value = stack.value(holder, path)
    if value is UNKNOWN or not isinstance(value, str | Mapping):
        problem = "it is known only after apply" if value is UNKNOWN else "it is no policy"
        return Document(holder, path, Policy(unknown=True), problem=problem)
    try:
        return Document(holder, path, parse_policy(value), written=value)
    except PolicyError as error:
        return Document(holder, path, Policy(unknown=True), problem=str(error))


def read_managed(stack: Stack, holder: Resource, path: str, arn: Any) -> Document:
    """Return the policy of an ARN that an attribute names: one of the plan, or one of AWS's own that is known."""
    own = stack.find(arn, "aws_iam_policy") if isinstance(arn, str) else None
    if own:
        return read_document(stack, own, "policy")
    known = _MANAGED.fullmatch(arn) if isinstance(arn, str) else None
    actions = _managed().get(known[1]) if known else None
    if known and actions:
        name = known[1].rpartition("/")[2]
        return Document(holder, path, Policy((Statement(Effect.ALLOW, Names(tuple(actions)), Names(("*",))),)), managed=name)
    what = "is known only after apply" if arn is UNKNOWN else f"{str(arn)[:200]} is neither in the plan nor known"
    return Document(holder, path, Policy(unknown=True), problem=f"the policy {what}")


@lru_cache(maxsize=1)
def _managed() -> Mapping[str, list[str]]:
    policies: Mapping[str, list[str]] = json.loads(DATA.read_bytes())["policies"]
    return policies


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
