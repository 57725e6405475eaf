"""What services ask of a function's role: nothing is missing where it is granted, nothing is unused that is wired."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.plans import resource
from tests.policy.privilege.small import ACCOUNT, WRITE_LOGS, find, policy, role_policy

NOTHING = "def handler(event, context):\n    pass\n"
QUEUE = ACCOUNT % ("sqs", "jobs")
STREAM = ACCOUNT % ("kinesis", "stream/s")
TABLE_STREAM = ACCOUNT % ("dynamodb", "table/orders/stream/2024-01-01T00:00:00.000")
FUNCTION = ACCOUNT % ("lambda", "function:clerk")
NETWORK = [
    f"ec2:{name}"
    for name in (
        "AssignPrivateIpAddresses",
        "CreateNetworkInterface",
        "DeleteNetworkInterface",
        "DescribeNetworkInterfaces",
        "DescribeSubnets",
        "UnassignPrivateIpAddresses",
    )
]
KINESIS = [f"kinesis:{name}" for name in ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")]


def mapping(source: str, **more: Any) -> dict[str, Any]:
    return resource("aws_lambda_event_source_mapping.m", {"function_name": FUNCTION, "event_source_arn": source, **more})


def failing(arn: str) -> dict[str, Any]:
    return {"destination_config": [{"on_failure": [{"destination_arn": arn}]}]}


INVOKE = resource(
    "aws_lambda_function_event_invoke_config.c",
    {"function_name": "clerk", "destination_config": [{"on_success": [{"destination": QUEUE}], "on_failure": []}]},
)
WIRED: list[tuple[dict[str, Any], list[dict[str, Any]], list[str], str]] = [
    ({"vpc_config": [{"subnet_ids": ["subnet-1"]}]}, [], NETWORK, "*"),
    ({"tracing_config": [{"mode": "Active"}]}, [], ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
    ({"dead_letter_config": [{"target_arn": QUEUE}]}, [], ["sqs:SendMessage"], QUEUE),
    ({"dead_letter_config": [{"target_arn": ACCOUNT % ("sns", "t")}]}, [], ["sns:Publish"], ACCOUNT % ("sns", "t")),
    ({}, [INVOKE], ["sqs:SendMessage"], QUEUE),
    *(
        ({}, [mapping(QUEUE, function_name=name)], ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], QUEUE)
        for name in ("clerk", "clerk:live", f"{FUNCTION}:live", "123456789012:function:clerk", "function:clerk:3")
    ),
    ({}, [mapping(QUEUE)], ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], QUEUE),
    ({}, [mapping(STREAM)], KINESIS, STREAM),
    ({}, [mapping(TABLE_STREAM)], [f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator")], TABLE_STREAM),
]


@pytest.mark.parametrize(("function", "resources", "actions", "on"), WIRED)
def test_what_is_wired_is_needed_and_no_more(
    tmp_path: Path, function: dict[str, Any], resources: list[dict[str, Any]], actions: list[str], on: str
) -> None:
    own = {"Sid": "Wiring", "Effect": "Allow", "Action": actions, "Resource": on}

    assert () == find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, own)), *resources, **function)
    missing = find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS)), *resources, **function)
    assert [("missing-grant", f"role[{action} {on}]") for action in sorted(actions)] == sorted((each.rule, each.path) for each in missing)
    unused = find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, own)))
    assert ["unused-grant"] == [each.rule for each in unused]


def test_failures_of_a_stream_go_where_the_mapping_says(tmp_path: Path) -> None:
    statements: list[dict[str, Any]] = [
        {"Sid": "Read", "Effect": "Allow", "Action": KINESIS, "Resource": STREAM},
        {"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE},
    ]

    assert () == find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, *statements)), mapping(STREAM, **failing(QUEUE)))


def test_listing_streams_is_neither_missing_nor_unused(tmp_path: Path) -> None:
    statements: list[dict[str, Any]] = [
        {"Sid": "Read", "Effect": "Allow", "Action": KINESIS, "Resource": STREAM},
        {"Sid": "List", "Effect": "Allow", "Action": "kinesis:ListStreams", "Resource": "*"},
    ]

    assert () == find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, *statements)), mapping(STREAM))
    assert () == find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, statements[0])), mapping(STREAM))


def test_a_source_whose_needs_are_not_known_is_undecided(tmp_path: Path) -> None:
    findings = find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS)), mapping(ACCOUNT % ("kafka", "cluster/c/1")))

    assert ["undecided-grant"] == [each.rule for each in findings]
    assert "aws_lambda_event_source_mapping.m" in findings[0].message


def test_a_log_group_that_nobody_declares_is_made_by_lambda(tmp_path: Path) -> None:
    group = ACCOUNT % ("logs", "log-group:/aws/lambda/other")
    streams = {**WRITE_LOGS, "Resource": f"{group}:*"}
    make = {"Sid": "Make", "Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": group}
    more = {"logging_config": [{"log_group": "/aws/lambda/other"}]}

    assert () == find(tmp_path, NOTHING, role_policy(policy(streams, make)), **more)
    assert ["missing-grant"] == [each.rule for each in find(tmp_path, NOTHING, role_policy(policy(streams)), **more)]


KEY = ACCOUNT % ("kms", "key/1")
VIA = "%s.eu-west-1.amazonaws.com"
ENCRYPTED = [
    resource("aws_kms_key.k", {"key_id": "1", "id": "1", "arn": KEY}),
    resource("aws_kms_alias.k", {"name": "alias/data", "target_key_id": "1"}),
    resource("aws_sqs_queue.q", {"name": "jobs", "arn": QUEUE, "kms_master_key_id": "alias/data"}),
]
SENDER = """
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/jobs", MessageBody="")
"""
SEND = {"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}


ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/data"}}


def use(*services: str, **more: Any) -> dict[str, Any]:
    via = {"StringEquals": {"kms:ViaService": [VIA % service for service in services]}}
    return {"Sid": "Key", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": KEY, "Condition": via, **more}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (use("sqs"), []),
        (use("sqs", Resource=ACCOUNT % ("kms", "key/*"), Condition={**ALIAS, "StringEquals": {"kms:ViaService": VIA % "sqs"}}), []),
        (use("sqs", Resource=ACCOUNT % ("kms", "key/*"), Condition=ALIAS), ["unused-grant"]),
        (use("sqs", Condition={}), ["unused-grant"]),
        (use("sqs", "sns"), ["unused-grant"]),
        (use("sns"), ["missing-grant", "missing-grant", "unused-grant"]),
        (use("sqs", Resource="*"), ["wide-resource"]),
        (use("sqs", Resource=f"{KEY}2"), ["missing-grant", "missing-grant", "unused-grant"]),
    ],
)
def test_the_key_of_what_is_encrypted_is_needed_through_its_service(tmp_path: Path, statement: dict[str, Any], expected: list[str]) -> None:
    found = find(tmp_path, SENDER, role_policy(policy(WRITE_LOGS, SEND, statement)), *ENCRYPTED)

    assert expected == sorted(each.rule for each in found)


def test_a_key_that_aws_manages_needs_no_grant(tmp_path: Path) -> None:
    queue = resource("aws_sqs_queue.q", {"name": "jobs", "arn": QUEUE, "kms_master_key_id": "alias/aws/sqs"})

    assert () == find(tmp_path, SENDER, role_policy(policy(WRITE_LOGS, SEND)), queue)


def test_a_key_that_is_unknown_is_undecided(tmp_path: Path) -> None:
    queue = resource("aws_sqs_queue.q", {"name": "jobs", "arn": QUEUE}, after_unknown={"kms_master_key_id": True})
    found = find(tmp_path, SENDER, role_policy(policy(WRITE_LOGS, SEND)), queue)

    assert ["undecided-grant"] == [each.rule for each in found]


def test_the_functions_environment_is_read_through_its_key(tmp_path: Path) -> None:
    more: dict[str, Any] = {"kms_key_arn": KEY, "environment": [{"variables": {"A": "b"}}]}
    statement = {**use("lambda"), "Action": "kms:Decrypt"}

    assert () == find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, statement)), *ENCRYPTED, **more)
    assert ["unused-grant"] == [each.rule for each in find(tmp_path, NOTHING, role_policy(policy(WRITE_LOGS, statement)), *ENCRYPTED)]


def test_a_bucket_for_what_failed_takes_two_actions(tmp_path: Path) -> None:
    def grant(action: str, on: str) -> dict[str, Any]:
        return {"Sid": action.partition(":")[2], "Effect": "Allow", "Action": action, "Resource": on}

    config = {"function_name": "clerk", "destination_config": [{"on_failure": [{"destination": "arn:aws:s3:::dead"}]}]}
    sent = resource("aws_lambda_function_event_invoke_config.c", config)
    statements = [grant("s3:PutObject", "arn:aws:s3:::dead/*"), grant("s3:ListBucket", "arn:aws:s3:::dead")]

    assert () == find(tmp_path, NOTHING, sent, role_policy(policy(WRITE_LOGS, *statements)))
    assert ["missing-grant"] == [each.rule for each in find(tmp_path, NOTHING, sent, role_policy(policy(WRITE_LOGS, statements[0])))]


def test_a_destination_of_another_service_is_undecided(tmp_path: Path) -> None:
    config = {"function_name": "clerk", "destination_config": [{"on_failure": [{"destination": ACCOUNT % ("kafka", "topic/x")}]}]}
    sent = resource("aws_lambda_function_event_invoke_config.c", config)

    (finding,) = find(tmp_path, NOTHING, sent, role_policy(policy(WRITE_LOGS)))

    assert "undecided-grant" == finding.rule
    assert "send to kafka" in finding.message
