"""Which resources a call is about, by its arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from paritycheck.errors import Location
from paritycheck.policy.calls import UNKNOWN, Argument, Call, Env, Joined, Text
from paritycheck.policy.iam import load_knowledge
from paritycheck.policy.privilege.called import argument_text, called_resources
from tests.observation.calls import _KINDS as KINDS

FACTS = {"partition": "aws", "region": "eu-west-1", "account": "111122223333"}
ENVIRONMENT = {"TABLE": "orders", "QUEUE": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", "TOPIC": "arn:aws:sns:eu-west-1:1:t"}
ARN = "arn:aws:%s:eu-west-1:111122223333:%s"
TABLE = ARN % ("dynamodb", "table/orders")


def called(action: str, operation: str, **parameters: Argument) -> Any:
    return called_at(action, operation, {name: (value,) for name, value in parameters.items()})


def called_at(action: str, operation: str, parameters: Mapping[str, tuple[Argument, ...]]) -> Any:
    call = Call(action.partition(":")[0], operation, parameters, Location("app.py", 1))
    known = load_knowledge().action(action)
    assert known
    found = called_resources(call, known, lambda argument: argument_text(argument, ENVIRONMENT), FACTS)
    return None if found is None else sorted(found)


@pytest.mark.parametrize(
    ("action", "parameters", "expected"),
    [
        ("dynamodb:GetItem", {"TableName": Text("orders")}, [TABLE]),
        ("dynamodb:GetItem", {"TableName": Env("TABLE")}, [TABLE]),
        ("dynamodb:GetItem", {"TableName": Text(TABLE)}, [TABLE]),
        ("dynamodb:GetItem", {"TableName": Env("OTHER")}, None),
        ("dynamodb:GetItem", {"TableName": UNKNOWN}, None),
        ("dynamodb:GetItem", {}, None),
        ("dynamodb:GetItem", {"TableName": Joined((Env("TABLE"), Text("-"), UNKNOWN))}, [f"{TABLE}-*"]),
        ("dynamodb:GetItem", {"TableName": Joined((UNKNOWN, Text("-orders")))}, None),
        ("dynamodb:Query", {"TableName": Env("TABLE"), "IndexName": Text("by_day")}, [f"{TABLE}/index/by_day"]),
        ("dynamodb:Query", {"TableName": Env("TABLE"), "IndexName": UNKNOWN}, None),
        ("s3:GetObject", {"Bucket": Text("b"), "Key": Text("k/1")}, ["arn:aws:s3:::b/k/1"]),
        ("s3:GetObject", {"Bucket": Text("b"), "Key": UNKNOWN}, ["arn:aws:s3:::b/*"]),
        ("s3:GetObject", {"Bucket": UNKNOWN, "Key": Text("k")}, None),
        ("s3:ListBucket", {"Bucket": Text("b"), "Prefix": Text("k/")}, ["arn:aws:s3:::b"]),
        ("sqs:SendMessage", {"QueueUrl": Env("QUEUE")}, [ARN % ("sqs", "jobs")]),
        ("sns:Publish", {"TopicArn": Env("TOPIC")}, ["arn:aws:sns:eu-west-1:1:t"]),
        ("sns:Publish", {"PhoneNumber": Text("+1")}, None),
        ("kinesis:PutRecord", {"StreamName": Text("s")}, [ARN % ("kinesis", "stream/s")]),
        ("lambda:InvokeFunction", {"FunctionName": Text("f")}, [ARN % ("lambda", "function:f")]),
        ("secretsmanager:GetSecretValue", {"SecretId": Text("s")}, [ARN % ("secretsmanager", "secret:s-??????")]),
        ("ssm:GetParameter", {"Name": Text("/a/b")}, [ARN % ("ssm", "parameter/a/b")]),
        ("states:StartExecution", {"stateMachineArn": Text(ARN % ("states", "stateMachine:m"))}, [ARN % ("states", "stateMachine:m")]),
        ("rekognition:DetectLabels", {"Image": UNKNOWN}, ["*"]),
    ],
)
def test_an_argument_names_the_resource(action: str, parameters: Mapping[str, Argument], expected: list[str] | None) -> None:
    assert expected == called(action, action.partition(":")[2], **parameters)


@pytest.mark.parametrize(
    ("action", "expected"),
    [("dynamodb:PutItem", ["a"]), ("dynamodb:UpdateItem", ["b", "c"]), ("dynamodb:DeleteItem", None)],
)
def test_a_transaction_does_each_action_to_its_own_tables(action: str, expected: list[str] | None) -> None:
    parameters = {"TransactItems[].Put.TableName": (Text("a"),), "TransactItems[].Update.TableName": (Text("b"), Text("c"))}
    found = called_at(action, "TransactWriteItems", parameters)

    assert (expected and [ARN % ("dynamodb", f"table/{name}") for name in expected]) == found


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("PostToConnection", {"endpoint_url": "https://abc.execute-api.eu-west-1.amazonaws.com/v1"}, "abc/v1/POST/@connections/*"),
        ("DeleteConnection", {"endpoint_url": "https://abc.execute-api.eu-west-1.amazonaws.com/v1/"}, "abc/v1/DELETE/@connections/*"),
        ("PostToConnection", {"endpoint_url": "https://⟦a.id⟧.execute-api.eu-west-1.amazonaws.com/v1"}, "⟦a.id⟧/v1/POST/@connections/*"),
        ("PostToConnection", {"endpoint_url": "https://example.com/v1"}, None),
    ],
)
def test_an_endpoint_names_the_api(operation: str, parameters: Mapping[str, str], expected: str | None) -> None:
    found = called("execute-api:ManageConnections", operation, **{name: Text(text) for name, text in parameters.items()})

    assert (expected and [ARN % ("execute-api", expected)]) == found


@pytest.mark.parametrize(("kind", "names"), [(kind, names) for kind, (_, names) in KINDS.items()])
def test_the_parameters_that_observed_calls_are_named_by_name_resources_here_too(kind: str, names: tuple[str, ...]) -> None:
    service, _, resource = kind.partition(":")
    known = load_knowledge()
    about = next(each for each in known.expand(f"{service}:*") if [one.name for one in each.resource_types] == [resource])
    for name in names:
        if "." not in name:
            text = re.sub(r"\$\{\w+\}", "it", about.resource_types[0].arn) if name.endswith("ARN") else "it"
            call = Call(service, "Any", {name: (Text(text),), "Key": (Text("k"),)}, Location("app.py", 1))
            assert called_resources(call, about, lambda argument: argument_text(argument, {}), FACTS), name
