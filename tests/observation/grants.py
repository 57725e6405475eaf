"""Which grants of the functions' roles nothing needs: no call that was seen, and nothing that Lambda does for the function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from paritycheck.policy.iam import Effect
from paritycheck.policy.iam.patterns import arn_pattern, text_pattern
from tests.observation.recorder import Observation
from tests.observation.stack import Changes, Function, Stack

_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
_TRACES = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
_NETWORK = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
_SOURCES = {
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kinesis": (
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ),
    "sqs": ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
}
_KEYS = ("kms:Decrypt", "kms:GenerateDataKey")
"""The services ask for these, on account of what is encrypted; no call shows whether they did."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource, as a role's policy has them."""

    function: str
    sid: str
    action: str
    resource: str


def list_unused(stack: Stack, changes: Changes, observed: Iterable[Observation]) -> list[Grant]:
    """Return the grants that nothing needs."""
    calls = list(observed)
    return sorted(
        grant
        for function in stack.functions.values()
        for grant in _list_grants(function)
        if grant.action not in _KEYS and not any(_serves(grant, *need) for need in _list_needs(function, stack, changes, calls))
    )


def _list_grants(function: Function) -> Iterator[Grant]:
    for statement in function.policy.statements:
        if statement.effect is Effect.ALLOW:
            pairs = product(statement.actions.values, statement.resources.values)
            yield from (Grant(function.role, statement.sid, action, resource) for action, resource in pairs)


def _serves(grant: Grant, action: str, resource: str) -> bool:
    return text_pattern(grant.action.lower()).matches(action.lower()) and arn_pattern(grant.resource).matches(resource)


def _list_needs(function: Function, stack: Stack, changes: Changes, calls: Iterable[Observation]) -> Iterator[tuple[str, str]]:
    for call in calls:
        if call.function == function.role:
            yield call.action, call.resource if call.resource == "*" else stack.locate(call.resource)
    (planned,) = (
        after for address, after in changes.items() if address.startswith("aws_lambda_function.") and after["arn"] == function.arn
    )
    yield from _list_wiring(planned)
    for address, after in changes.items():
        if address.startswith("aws_lambda_event_source_mapping.") and after["function_arn"] == function.arn:
            yield from _list_source(after)


def _list_wiring(planned: Any) -> Iterator[tuple[str, str]]:
    for logging in planned["logging_config"]:
        prefix = planned["arn"].replace(":lambda:", ":logs:").partition(":function:")[0]
        yield from ((action, f"{prefix}:log-group:{logging['log_group']}:log-stream:any") for action in _LOGS)
    if any(tracing["mode"] == "Active" for tracing in planned["tracing_config"]):
        yield from ((action, "*") for action in _TRACES)
    if planned["vpc_config"]:
        yield from ((action, "*") for action in _NETWORK)
    yield from (("sqs:SendMessage", letters["target_arn"]) for letters in planned["dead_letter_config"])


def _list_source(mapping: Any) -> Iterator[tuple[str, str]]:
    source = mapping["event_source_arn"]
    service = source.split(":")[2]
    yield from ((action, source) for action in _SOURCES[service])
    if service != "sqs":
        yield f"{service}:ListStreams", "*"
    for destination in mapping["destination_config"]:
        yield from (("sqs:SendMessage", failure["destination_arn"]) for failure in destination["on_failure"])
