"""What roles are granted: wider actions and resources, lost conditions, grants that nobody needs, and needs that nobody grants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.policy.violations_documents import UNKNOWN, Breach, Statement, listed

WILD_ACTION = ("iam-wildcard-action",)
WILD_RESOURCE = ("iam-wildcard-resource",)
UNUSED = ("unused-grant",)
WIDE = ("wide-resource", "unused-grant")
MISSING = ("missing-grant",)

_ELSEWHERE = {
    "dynamodb": "arn:aws:dynamodb:us-east-1:123456789012:table/tap-dev-invoices",
    "ec2": "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0123456789abcdef0",
    "execute-api": "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/*/POST/@connections/*",
    "kinesis": "arn:aws:kinesis:us-east-1:123456789012:stream/tap-dev-payments",
    "kms": "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    "lambda": "arn:aws:lambda:us-east-1:123456789012:function:tap-dev-payments",
    "logs": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/tap-dev-payments:*",
    "s3": "arn:aws:s3:::tap-dev-payments/*",
    "secretsmanager": "arn:aws:secretsmanager:us-east-1:123456789012:secret:tap-dev-payments-??????",
    "sns": "arn:aws:sns:us-east-1:123456789012:tap-dev-payments",
    "sqs": "arn:aws:sqs:us-east-1:123456789012:tap-dev-payments",
    "states": "arn:aws:states:us-east-1:123456789012:stateMachine:tap-dev-payments",
}
"""What no function has anything to do with, by service."""

_MORE = {
    "dynamodb": "dynamodb:DeleteTable",
    "ec2": "ec2:CreateSecurityGroup",
    "execute-api": "execute-api:Invoke",
    "kinesis": "kinesis:DeleteStream",
    "kms": "kms:CreateGrant",
    "lambda": "lambda:DeleteFunction",
    "logs": "logs:DeleteLogGroup",
    "rekognition": "rekognition:DetectFaces",
    "s3": "s3:DeleteObject",
    "secretsmanager": "secretsmanager:PutSecretValue",
    "sns": "sns:DeleteTopic",
    "sqs": "sqs:PurgeQueue",
    "states": "states:DeleteStateMachine",
    "xray": "xray:GetTraceSummaries",
}
"""An action that no function needs, by service."""

ESCALATIONS = (
    ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"),
    ("iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    ("iam:PassRole", "ec2:RunInstances"),
    ("iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    ("iam:PassRole", "cloudformation:CreateStack"),
    ("iam:PassRole", "glue:CreateDevEndpoint"),
    ("iam:PassRole", "glue:CreateJob", "glue:StartJobRun"),
    ("iam:PassRole", "states:CreateStateMachine", "states:StartExecution"),
    ("iam:PassRole", "sagemaker:CreateNotebookInstance"),
    ("iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"),
    ("iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
    ("iam:AttachRolePolicy",),
    ("iam:CreateAccessKey",),
    ("iam:CreatePolicyVersion",),
    ("iam:PutRolePolicy",),
    ("iam:SetDefaultPolicyVersion",),
    ("iam:UpdateAssumeRolePolicy",),
    ("lambda:UpdateFunctionCode",),
    ("ssm:SendCommand",),
    ("sts:AssumeRole",),
)
"""Actions that together lead to more rights."""


def allows(statement: Statement) -> bool:
    """Whether it allows something."""
    return statement["Effect"] == "Allow" and "Action" in statement


def names_resources(statement: Statement) -> bool:
    """Whether it names what it allows something on, and no condition does."""
    conditions = str(statement.get("Condition", ""))
    return (
        allows(statement) and all(value not in ("*", UNKNOWN) for value in listed(statement["Resource"])) and "Resource" not in conditions
    )


def service(statement: Statement) -> str:
    """Return the service of its first action."""
    return str(listed(statement["Action"])[0]).partition(":")[0]


def is_limited(statement: Statement) -> bool:
    """Whether it allows something under a condition."""
    return allows(statement) and "Condition" in statement


def _has_elsewhere(statement: Statement) -> bool:
    return allows(statement) and service(statement) in _ELSEWHERE and not {"*", UNKNOWN} & {*listed(statement["Resource"])}


def _set(key: str, value: Callable[[Statement], Any]) -> Callable[[Statement, list[Statement]], None]:
    return lambda statement, _: statement.update({key: value(statement)})


def _renamed(key: str, other: str) -> Callable[[Statement, list[Statement]], None]:
    return lambda statement, _: statement.update({other: statement.pop(key)})


def _first(values: Any, new: Callable[[str], str]) -> list[str]:
    first, *rest = listed(values)
    return [new(first), *rest]


def _verb(action: str) -> str:
    """Return all actions that begin with an action's first word."""
    name = action.partition(":")
    return f"{name[0]}:{re.split(r'(?<=[a-z])(?=[A-Z])', name[2])[0]}*"


def _neighbors(arn: str) -> str:
    """Return the ARNs of all resources of the same type."""
    *head, tail = arn.split(":", 5)
    separator = next((each for each in "/:" if each in tail), "")
    return ":".join([*head, f"{tail.partition(separator)[0]}{separator}*" if separator else "*"])


def _without_condition(key: str) -> Callable[[Statement, list[Statement]], None]:
    def change(statement: Statement, _: list[Statement]) -> None:
        kept = {test: {name: values for name, values in each.items() if name != key} for test, each in statement["Condition"].items()}
        statement["Condition"] = {test: each for test, each in kept.items() if each}

    return change


def _condition(key: str) -> Callable[[Statement], bool]:
    return lambda statement: is_limited(statement) and any(key in each for each in statement["Condition"].values())


def _only_condition(key: str) -> Callable[[Statement], bool]:
    """Whether no other condition says which key is meant."""
    return lambda statement: _condition(key)(statement) and "EncryptionContext" not in str(statement["Condition"])


def _to_any_value(statement: Statement, _: list[Statement]) -> None:
    """Let every value of the conditions through."""
    statement["Condition"] = {
        test.replace("StringEquals", "StringLike"): dict.fromkeys(each, "*") for test, each in statement["Condition"].items()
    }


def _through_another(statement: Statement, _: list[Statement]) -> None:
    """Let a key be used through another service too."""
    for each in statement["Condition"].values():
        if "kms:ViaService" in each:
            each["kms:ViaService"] = [*listed(each["kms:ViaService"]), "rds.us-east-1.amazonaws.com"]


def _escalation(number: int, actions: tuple[str, ...]) -> Breach:
    def change(_: Statement, statements: list[Statement]) -> None:
        statements.append({"Sid": "Operate", "Effect": "Allow", "Action": list(actions), "Resource": "*"})

    return Breach("way to more rights", "identity", lambda _: True, change, ("iam-privilege-escalation",), only=number)


def _added(statement: Statement, statements: list[Statement]) -> None:
    statements.append({"Sid": "Purge", "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::tap-dev-payments/*"})


def _is_needed(statement: Statement) -> bool:
    """Whether it allows what nothing works without: the console alone lists streams, and of the network's actions some are spare."""
    return allows(statement) and statement["Sid"] not in ("AttachToNetwork", "ListStreams")


def _identity() -> Iterator[Breach]:
    def breach(family: str, *rest: Any, **options: Any) -> Breach:
        return Breach(family, "identity", *rest, **options)

    more = _set("Action", lambda statement: [*listed(statement["Action"]), _MORE[service(statement)]])
    anywhere = _set("Resource", lambda statement: [*listed(statement["Resource"]), _ELSEWHERE[service(statement)]])
    elsewhere = _set("Resource", lambda statement: [_ELSEWHERE[service(statement)]])
    yield breach("action widened to all", allows, _set("Action", lambda _: "*"), WILD_ACTION, UNUSED)
    yield breach("action widened to its service", allows, _set("Action", lambda each: f"{service(each)}:*"), WILD_ACTION, UNUSED)
    yield breach("action widened to its verb", allows, _set("Action", lambda each: _first(each["Action"], _verb)), WILD_ACTION, UNUSED)
    yield breach("all actions but one", allows, _renamed("Action", "NotAction"), ("policy-all-but",), UNUSED)
    yield breach("all resources but one", names_resources, _renamed("Resource", "NotResource"), ("policy-all-but",), WIDE)
    yield breach("resource widened to all", names_resources, _set("Resource", lambda _: "*"), WILD_RESOURCE, WIDE)
    yield breach(
        "resource widened to its type",
        names_resources,
        _set("Resource", lambda each: _first(each["Resource"], _neighbors)),
        WILD_RESOURCE,
        WIDE,
    )
    yield breach("resource widened by a prefix", names_resources, _set("Resource", _prefix), (), WIDE)
    yield breach("resource added", _has_elsewhere, anywhere, (), UNUSED)
    yield breach("resource exchanged", _has_elsewhere, elsewhere, (), MISSING, of_function=True)
    yield breach("action added", lambda each: allows(each) and service(each) in _MORE, more, (), UNUSED)
    yield breach("statement added", lambda _: True, _added, (), UNUSED)
    yield breach("needed action lost", _is_needed, _set("Action", lambda each: _others(each["Action"])), (), MISSING, of_function=True)
    yield breach("needed statement lost", _is_needed, lambda each, all_: all_.remove(each), (), MISSING, of_function=True)
    yield breach("needed statement denied", _is_needed, _set("Effect", lambda _: "Deny"), (), MISSING, of_function=True)
    alias = "kms:ResourceAliases"
    yield breach("key's condition lost", _only_condition(alias), _without_condition(alias), WILD_RESOURCE, WIDE)
    yield breach("key's services lost", _condition("kms:ViaService"), _without_condition("kms:ViaService"), (), UNUSED)
    yield breach("key's services widened", _condition("kms:ViaService"), _through_another, (), UNUSED)
    yield breach("conditions lost", is_limited, lambda each, _: each.pop("Condition"), WILD_RESOURCE, WIDE)
    yield breach("conditions let everything through", is_limited, _to_any_value, WILD_RESOURCE, WIDE)
    yield breach("denial lost", lambda each: each["Effect"] == "Deny", lambda each, all_: all_.remove(each), WILD_RESOURCE)
    yield breach(
        "denial without its condition",
        lambda each: each["Effect"] == "Deny",
        lambda each, _: each.pop("Condition"),
        (),
        MISSING,
        of_function=True,
    )


def _prefix(statement: Statement) -> list[str]:
    """Leave the end of the last name out of each ARN."""
    return [re.sub(r"(?<=tap-dev-)[\w-]+", "*", value) for value in listed(statement["Resource"])]


def _others(actions: Any) -> list[str]:
    """Leave the first action out, or put one that nobody needs in its place."""
    return listed(actions)[1:] or ["xray:GetTraceSummaries"]


IDENTITY = (*_identity(), *(_escalation(number, actions) for number, actions in enumerate(ESCALATIONS)))
"""Ways to break the policies of roles."""
