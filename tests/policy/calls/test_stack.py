"""The calls of the stack's own functions: all of them, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from paritycheck.policy.calls import Call, Sources, find_calls
from paritycheck.policy.iam.requirements import required_actions

ROOT = Path(__file__).parents[3]
LAMBDAS = ROOT / "lambdas"
FUNCTIONS = sorted(path.parent.name for path in LAMBDAS.glob("*/handler.py"))

AURORA = "secretsmanager:GetSecretValue ${AURORA_SECRET_ARN}"
REDIS = "secretsmanager:GetSecretValue ${REDIS_SECRET_ARN}"
PUSH = {"apigatewaymanagementapi:PostToConnection ${WEBSOCKET_URL}", "dynamodb:DeleteItem ${CONNECTIONS_TABLE}"}
CALLS = {
    "analytics": {AURORA, REDIS},
    "customer_consumer": {
        "s3:GetObject ${RECEIPTS_BUCKET}/receipts/?.json",
        "s3:PutObject ${RECEIPTS_BUCKET}/receipts/?.json",
        "sns:Publish ${NOTIFICATIONS_TOPIC_ARN}",
    },
    "driver_consumer": {
        *PUSH,
        "dynamodb:Query ${CONNECTIONS_TABLE}/${USER_INDEX}",
        "dynamodb:TransactWriteItems Put ${DRIVER_ORDERS_TABLE}",
        "dynamodb:TransactWriteItems Update ${DRIVER_ORDERS_TABLE}",
    },
    "earnings_calculator": {AURORA, "dynamodb:Query ${ORDERS_TABLE}/${DRIVER_DELIVERY_DATE}"},
    "earnings_lister": {"dynamodb:Scan ${DRIVER_PROFILES_TABLE}"},
    "earnings_settler": {AURORA, "dynamodb:UpdateItem ${DRIVER_PROFILES_TABLE}"},
    "image_validator": {"dynamodb:UpdateItem ${ORDERS_TABLE}", "rekognition:DetectLabels ?/?", "s3:GetObject ?/?"},
    "location_processor": {
        *PUSH,
        REDIS,
        "dynamodb:Query ${CONNECTIONS_TABLE}/${ORDER_INDEX}",
        "dynamodb:Query ${DRIVER_ORDERS_TABLE}",
        "dynamodb:UpdateItem ${DRIVER_LOCATIONS_TABLE}",
    },
    "matcher": {
        REDIS,
        "dynamodb:BatchGetItem ${DRIVER_ORDERS_TABLE}",
        "dynamodb:TransactWriteItems Update ${DRIVER_ORDERS_TABLE}",
        "dynamodb:TransactWriteItems Update ${ORDERS_TABLE}",
        "dynamodb:UpdateItem ${ORDERS_TABLE}",
    },
    "order_processor": {
        AURORA,
        REDIS,
        "dynamodb:PutItem ${ORDERS_TABLE}",
        "dynamodb:Query ${DRIVER_LOCATIONS_TABLE}/${GEOHASH_INDEX}",
        "lambda:Invoke ${MATCHER_FUNCTION}",
    },
    "order_publisher": {"sns:Publish ${ORDER_EVENTS_TOPIC_ARN}"},
    "order_validator": {"kinesis:PutRecord ${ORDERS_STREAM_NAME}"},
    "restaurant_consumer": {"dynamodb:UpdateItem ${ORDERS_TABLE}", "execute-api:Invoke POST ${POS_URL}/?"},
    "schema_migrator": {AURORA},
    "websocket_connect": {"dynamodb:GetItem ${DRIVER_PROFILES_TABLE}", "dynamodb:PutItem ${CONNECTIONS_TABLE}"},
    "websocket_disconnect": {"dynamodb:DeleteItem ${CONNECTIONS_TABLE}"},
    "websocket_message": {
        "dynamodb:GetItem ${CONNECTIONS_TABLE}",
        "dynamodb:GetItem ${ORDERS_TABLE}",
        "dynamodb:Query ${DRIVER_ORDERS_TABLE}",
        "dynamodb:TransactWriteItems Update ${DRIVER_ORDERS_TABLE}",
        "dynamodb:TransactWriteItems Update ${ORDERS_TABLE}",
        "dynamodb:UpdateItem ${CONNECTIONS_TABLE}",
        "dynamodb:UpdateItem ${ORDERS_TABLE}",
        "kinesis:PutRecords ${LOCATIONS_STREAM_NAME}",
        "s3:PutObject ${DELIVERY_PHOTOS_BUCKET}/photos/?/?.jpg",
        # No order has an empty id, but its key is made of what a reader of messages answers for a wrong one, too.
        "s3:PutObject ${DELIVERY_PHOTOS_BUCKET}/photos//?.jpg",
    },
}
# What names a call's resource, by its first parameter; the others are parts of it.
NAMES = (
    ("TableName", "IndexName"),
    ("keys(RequestItems)",),
    ("TransactItems[].Put.TableName",),
    ("TransactItems[].Update.TableName",),
    ("Bucket", "Key"),
    ("Image.S3Object.Bucket", "Image.S3Object.Name"),
    ("StreamName",),
    ("TopicArn",),
    ("FunctionName",),
    ("SecretId",),
    ("endpoint_url",),
)


def tell(call: Call) -> Iterator[str]:
    """Give a call and each of the resources that it may be for."""
    if "url" in call.parameters:
        yield f"{call} {call.parameters['method'][0]} {call.parameters['url'][0]}"
    for first, *others in NAMES:
        written = first.split(".")[1] + " " if first.startswith("Transact") else ""
        part = "".join(f"/{call.parameters[name][0]}" for name in others[:1] if name != "Key" and name in call.parameters)
        for value in call.parameters.get(first, ()):
            for key in call.parameters.get("Key", ()) if first == "Bucket" else [""]:
                yield f"{call} {written}{value}{part}" + (f"/{key}" if key else "")


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources([LAMBDAS])


def test_every_function_is_listed() -> None:
    assert sorted(CALLS) == FUNCTIONS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_calls_what_it_is_meant_to(sources: Sources, function: str) -> None:
    found = find_calls([LAMBDAS], f"{function}.handler.handle", sources=sources)

    assert () == found.undecided
    assert CALLS[function] == {text for call in found.calls for text in tell(call)}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_found_is_what_was_observed(sources: Sources, function: str) -> None:
    observed = json.loads((ROOT / "tests/assets/observed_calls.json").read_text(encoding="utf-8"))["calls"]
    found = find_calls([LAMBDAS], f"{function}.handler.handle", sources=sources)

    actions = frozenset[str]().union(*(required_actions(call.service, call.operation, call.parameters) for call in found.calls))

    assert {each["action"] for each in observed if each["function"] == function} == actions
