"""What services ask of a function's role so that it runs at all, is fed, and loses nothing: a table, one line a purpose.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html and the pages of each event source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from paritycheck.findings import Special
from paritycheck.plan import Resource
from paritycheck.policy.privilege.model import Doubt, Function, Need
from paritycheck.policy.privilege.stack import Stack

UNKNOWN = Special.UNKNOWN


@dataclass(frozen=True, slots=True)
class Place:
    """Something that a service does with the role, and to what."""

    arn: str
    limit: str = ""


Finder = Callable[[Stack, Function], Iterator[Place | Doubt]]


@dataclass(frozen=True, slots=True)
class Wire:
    """One purpose."""

    why: str
    find: Finder
    actions: tuple[str, ...]
    optional: tuple[str, ...] = ()
    """What AWS's own policies grant as well, and nothing fails without; it knows no resources."""


def wiring(stack: Stack, function: Function) -> Iterator[Need | Doubt]:
    """Yield what services need for a function."""
    for wire in WIRING:
        for place in wire.find(stack, function):
            if isinstance(place, Doubt):
                yield place
                continue
            target = stack.owner(place.arn)
            for action in wire.actions:
                yield Need(action, place.arn, wire.why, limit=place.limit, by_code=False, target=target)
            for action in wire.optional:
                yield Need(action, "*", wire.why, by_code=False, optional=True)


def _arn(stack: Stack, service: str, resource: str) -> str:
    facts = stack.facts
    return f"arn:{facts['partition']}:{service}:{facts['region']}:{facts['account']}:{resource}"


def _log_group(stack: Stack, function: Function) -> str:
    return stack.text(function.resource, "logging_config[0].log_group") or f"/aws/lambda/{function.name}"


def _log_streams(stack: Stack, function: Function) -> Iterator[Place]:
    group = _arn(stack, "logs", f"log-group:{_log_group(stack, function)}")
    yield Place(f"{group}:log-stream:*", f"{group}:*")


def _missing_log_group(stack: Stack, function: Function) -> Iterator[Place]:
    name = _log_group(stack, function)
    if not stack.find(name, "aws_cloudwatch_log_group"):
        group = _arn(stack, "logs", f"log-group:{name}")
        yield Place(group, f"{group}*")


def _network(stack: Stack, function: Function) -> Iterator[Place]:
    if stack.value(function.resource, "vpc_config[0].subnet_ids"):
        yield Place("*")


def _tracing(stack: Stack, function: Function) -> Iterator[Place]:
    if stack.value(function.resource, "tracing_config[0].mode") == "Active":
        yield Place("*")


def _file_systems(stack: Stack, function: Function) -> Iterator[Place | Doubt]:
    yield from _targets(stack, function.resource, "file_system_config[0].arn", "elasticfilesystem")


def _targets(stack: Stack, holder: Resource, path: str, service: str) -> Iterator[Place | Doubt]:
    """Yield what an attribute names, if it is of a service."""
    arn = stack.value(holder, path)
    if arn is UNKNOWN:
        yield Doubt(f"{holder.address}.{path} is known only after apply")
    elif isinstance(arn, str) and _service(arn) == service:
        yield Place(arn)


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") > 4 else ""


def _letter_boxes(stack: Stack, function: Function) -> Iterator[tuple[Resource, str]]:
    """Yield the attributes that say where failures and results go."""
    yield function.resource, "dead_letter_config[0].target_arn"
    for config in _belonging(stack, function, "aws_lambda_function_event_invoke_config"):
        for outcome in ("on_failure", "on_success"):
            yield config, f"destination_config[0].{outcome}[0].destination"
    for mapping in _belonging(stack, function, "aws_lambda_event_source_mapping"):
        yield mapping, "destination_config[0].on_failure[0].destination_arn"


def _letters(service: str, below: str = "") -> Finder:
    """Return what finds where failures and results go, of one service."""

    def find(stack: Stack, function: Function) -> Iterator[Place | Doubt]:
        for holder, path in _letter_boxes(stack, function):
            for place in _targets(stack, holder, path, service):
                yield Place(place.arn + below) if isinstance(place, Place) else place

    return find


def _other_letters(stack: Stack, function: Function) -> Iterator[Doubt]:
    for holder, path in _letter_boxes(stack, function):
        service = _service(stack.text(holder, path))
        if service and service not in {"events", "lambda", "s3", "sns", "sqs"}:
            yield Doubt(f"what Lambda needs in order to send to {service}, as {holder.address} says, is not known to paritycheck")


def _sources(service: str) -> Finder:
    """Return what finds the queues or streams of one service that feed a function."""

    def find(stack: Stack, function: Function) -> Iterator[Place | Doubt]:
        for mapping in _belonging(stack, function, "aws_lambda_event_source_mapping"):
            for place in _targets(stack, mapping, "event_source_arn", service):
                if isinstance(place, Place) and "/stream/" in place.arn and service == "dynamodb":
                    yield Place(place.arn, f"{place.arn.partition('/stream/')[0]}/stream/*")
                else:
                    yield place

    return find


def _other_sources(stack: Stack, function: Function) -> Iterator[Place | Doubt]:
    for mapping in _belonging(stack, function, "aws_lambda_event_source_mapping"):
        arn: Any = stack.value(mapping, "event_source_arn")
        if arn is None or (isinstance(arn, str) and _service(arn) not in {"dynamodb", "kinesis", "sqs"}):
            yield Doubt(f"what Lambda needs in order to read the event source of {mapping.address} is not known to paritycheck")


def _belonging(stack: Stack, function: Function, kind: str) -> Iterator[Resource]:
    for each in stack.of_type(kind):
        name = stack.value(each, "function_name")
        if name is UNKNOWN or (isinstance(name, str) and _is_of(stack, name, function)):
            yield each


def _is_of(stack: Stack, name: str, function: Function) -> bool:
    """Whether a function is meant by its name or ARN, a part of that, or one of these with a version or an alias.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
    """
    bare = re.fullmatch(r"(?:(?:.*:)?function:)?([^:]+)(?::[^:]+)?", name)
    return any(stack.find(each, "aws_lambda_function") is function.resource for each in (name, bare[1] if bare else ""))


WIRING = (
    Wire("Lambda writes its logs", _log_streams, ("logs:CreateLogStream", "logs:PutLogEvents")),
    Wire("Lambda creates its log group", _missing_log_group, ("logs:CreateLogGroup",)),
    Wire("Lambda sends its traces", _tracing, ("xray:PutTelemetryRecords", "xray:PutTraceSegments")),
    Wire(
        "Lambda attaches it to its VPC",
        _network,
        (
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ),
    ),
    Wire("it mounts its file system", _file_systems, ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")),
    Wire("Lambda sends what failed or what came out", _letters("sqs"), ("sqs:SendMessage",)),
    Wire("Lambda sends what failed or what came out", _letters("sns"), ("sns:Publish",)),
    Wire("Lambda sends what failed or what came out", _letters("lambda"), ("lambda:InvokeFunction",)),
    Wire("Lambda sends what failed or what came out", _letters("events"), ("events:PutEvents",)),
    Wire("Lambda sends what failed or what came out", _letters("s3", "/*"), ("s3:PutObject",)),
    Wire("Lambda sends what failed or what came out", _letters("s3"), ("s3:ListBucket",)),
    Wire("its destination", _other_letters, ()),
    Wire("Lambda reads its queue", _sources("sqs"), ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")),
    Wire(
        "Lambda reads its stream",
        _sources("kinesis"),
        (
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ),
        optional=("kinesis:ListStreams",),
    ),
    Wire(
        "Lambda reads its table's stream",
        _sources("dynamodb"),
        ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
        optional=("dynamodb:ListStreams",),
    ),
    Wire("its event source", _other_sources, ()),
)
