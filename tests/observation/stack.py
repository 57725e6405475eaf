"""The functions and the resources of the stack as it would be after apply, and which of them the tests' names stand for."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paritycheck.policy.iam import Effect, Policy, PolicyError, Principal, Statement, parse_policy

ENVIRONMENT = "staging"
"""All environments grant the same; the functions' calls are held against this one."""

_ARNS = {
    "aws_api_gateway_rest_api": "execution_arn",
    "aws_apigatewayv2_api": "execution_arn",
    "aws_dynamodb_table": "arn",
    "aws_kinesis_stream": "arn",
    "aws_lambda_function": "arn",
    "aws_s3_bucket": "arn",
    "aws_secretsmanager_secret": "arn",
    "aws_sns_topic": "arn",
    "aws_sqs_queue": "arn",
}
"""The types that functions call, and the attribute that policies name them by."""

_NAMES = ("function_name", "bucket", "name")
_POLICIES = {"aws_s3_bucket_policy": ("bucket", "id"), "aws_sns_topic_policy": ("arn", "arn"), "aws_sqs_queue_policy": ("queue_url", "id")}
"""Policies of resources: the attribute that names the resource, and which one of the resource's it is."""

_ROLE_POLICIES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
_KEPT = (*_ARNS, *_POLICIES, *_ROLE_POLICIES, "aws_rds_cluster", "aws_lambda_event_source_mapping")

Changes = Mapping[str, Mapping[str, Any]]
"""What resources are after apply, by their addresses."""


NOTHING = Policy()


class UnknownResourceError(Exception):
    """A call is about something that is not in the stack."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that functions call."""

    address: str
    kind: str
    """Its Terraform type."""
    name: str
    arn: str
    """As policies name it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    denials: Policy = NOTHING
    """What its own policy denies; what that allows is left to the roles, which is stricter than AWS is."""

    @property
    def alias(self) -> str:
        """What the stack's code calls it, and tests may: its key, or the name of the only one of its kind."""
        key = re.search(r'\["(.+)"\]$', self.address)
        return _normalize(key[1] if key else self.address.rpartition(".")[2])


@dataclass(frozen=True, slots=True)
class Function:
    """A function, and what its role may do."""

    role: str
    """Its key in the stack, which is its folder's name."""
    arn: str
    environment: Mapping[str, str]
    principal: Principal
    """The role as policies name it."""
    policy: Policy
    """All policies of the role as one."""


@dataclass(frozen=True, slots=True)
class Stack:
    """All that calls are held against."""

    functions: Mapping[str, Function]
    resources: Sequence[Resource]

    def find(self, kind: str, name: str, function: Function, environ: Mapping[str, str]) -> Resource:
        """Return the resource of a type that a function calls by a name or an ARN.

        Tests name theirs as they like, within reason. A name stands for the planned resource of that name; else for the
        one that is named by the function's planned variable of which it is the value in `environ`; else for the one of
        that key. Raise `UnknownResourceError` for any other name.
        """
        of_kind = [resource for resource in self.resources if resource.kind == kind]
        exact = _only(resource for resource in of_kind if _is_called(resource, name))
        if exact:
            return exact
        planned = {value for variable, value in function.environment.items() if environ.get(variable) == name}
        found = _only(resource for resource in of_kind if any(_is_called(resource, value) for value in planned))
        found = found or _only(resource for resource in of_kind if resource.alias == _normalize(_own_name(kind, name)))
        if found is None:
            raise UnknownResourceError(
                f"{name} is no {kind} of the stack, no value of a variable that names one to {function.role}, and no key of one:"
                f" tests call theirs {', '.join(sorted(resource.alias for resource in of_kind))}"
            )
        return found

    def locate(self, text: str) -> str:
        """Return the ARN of a resource's address that is followed by what the ARN goes on with."""
        for resource in self.resources:
            below = text.removeprefix(resource.address)
            if below != text and below[:1] in {"", "/"}:
                return resource.arn + below
        raise UnknownResourceError(f"{text} is not in the stack")

    @staticmethod
    def translate_url(url: str, function: Function, environ: Mapping[str, str]) -> str:
        """Return the planned URL for one below a URL that the function's environment holds in the tests."""
        for variable, planned in function.environment.items():
            meant = environ.get(variable, "")
            if "://" in meant and url.startswith(f"{meant}/"):
                return planned + url.removeprefix(meant)
        return url


def read_stack(changes: Changes) -> Stack:
    """Read what resources are after apply; raise `PolicyError` for policies that are none."""
    functions = (
        _read_function(address, after, changes) for address, after in changes.items() if address.startswith("aws_lambda_function.")
    )
    return Stack({function.role: function for function in functions}, tuple(_read_resources(changes)))


def plan_changes(environment: str = ENVIRONMENT) -> Changes:
    """Plan an environment as it would be after apply; return what is needed of it."""
    from tests.pipeline.applied import plan_as_applied

    changes = plan_as_applied(environment)["resource_changes"]
    return {change["address"]: change["change"]["after"] for change in changes if change["mode"] == "managed" and change["type"] in _KEPT}


def load_changes(directory: Path) -> Changes:
    """Return `plan_changes()`, planned once for all processes that share a directory."""
    path = directory / "planned.json"
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(json.dumps(plan_changes()), encoding="utf-8")
    changes: Changes = json.loads(path.read_text(encoding="utf-8"))
    return changes


def _read_function(address: str, after: Mapping[str, Any], changes: Changes) -> Function:
    role = after["role"].rpartition("/")[2]
    policies = {other: each for other, each in changes.items() if other.startswith(_ROLE_POLICIES) and each["role"] == role}
    documents = [each["policy"] for each in policies.values() if "policy" in each]
    (environment,) = after["environment"] or [{}]
    return Function(
        role=address.split('"')[1],
        arn=after["arn"],
        environment=environment.get("variables") or {},
        principal=Principal("AWS", after["role"]),
        policy=Policy(
            tuple(statement for document in documents for statement in _read_role_policy(document)),
            # What an attached policy says is not in the plan.
            unknown=len(documents) < len(policies),
        ),
    )


def _read_role_policy(document: str) -> Iterator[Statement]:
    for statement in parse_policy(document).statements:
        if statement.principals:
            raise PolicyError("a role's policy names no principal", statement.place)
        yield statement


def _read_resources(changes: Changes) -> Iterator[Resource]:
    for address, after in changes.items():
        kind = address.partition(".")[0]
        if kind in _ARNS:
            name = next(after[name] for name in _NAMES if name in after)
            tags = after.get("tags_all") or {}
            yield Resource(address, kind, name, after[_ARNS[kind]], tags, Policy(tuple(_read_denials(after, changes))))
        elif kind == "aws_rds_cluster":
            # RDS makes the secret, and marks it with its cluster.
            for secret in after.get("master_user_secret") or ():
                arn, tags = secret["secret_arn"], {"aws:rds:primaryDBClusterArn": after["arn"]}
                name = _own_name("aws_secretsmanager_secret", arn)
                yield Resource(f"{address}.master_user_secret", "aws_secretsmanager_secret", name, arn, tags)


def _read_denials(resource: Mapping[str, Any], changes: Changes) -> Iterator[Statement]:
    for address, after in changes.items():
        names = _POLICIES.get(address.partition(".")[0])
        if names and resource.get(names[1]) and after[names[0]] == resource[names[1]]:
            yield from (each for each in parse_policy(after["policy"]).statements if each.effect is Effect.DENY)


def _only(found: Iterator[Resource]) -> Resource | None:
    resources = list(found)
    return resources[0] if len(resources) == 1 else None


def _is_called(resource: Resource, name: str) -> bool:
    if resource.kind.startswith("aws_api"):
        return urlsplit(name).netloc.partition(".")[0] == resource.arn.rpartition(":")[2]
    return name in (resource.name, resource.arn)


def _own_name(kind: str, name: str) -> str:
    """Take the name out of an ARN; Secrets Manager adds seven characters to it, and RDS names a secret like no other."""
    if not name.startswith("arn:"):
        return name
    own = re.sub(r"^(table|stream|function|secret)[/:]", "", name.split(":", 5)[5])
    if kind != "aws_secretsmanager_secret":
        return own
    return "master_user_secret" if own.startswith("rds!cluster-") else re.sub(r"-\w{6}$", "", own)


def _normalize(name: str) -> str:
    return name.replace("_", "-")
