"""Which actions calls of AWS need."""

from __future__ import annotations

import json
import re

import botocore.session
import pytest

from paritycheck.policy.calls.model import UNKNOWN, Argument, Env, Joined, Text
from paritycheck.policy.iam import UndecidedCallError, load_knowledge, required_actions
from paritycheck.policy.iam.requirements import DATA

NAME = (Text("orders"),)
GIVEN = (Env("TABLE"),)


@pytest.mark.parametrize(
    ("service", "operation", "paths", "expected"),
    [
        ("dynamodb", "PutItem", ["TableName"], "dynamodb:PutItem"),
        ("dynamodb", "BatchWriteItem", [], "dynamodb:BatchWriteItem"),
        ("dynamodb", "TransactGetItems", [], "dynamodb:GetItem"),
        (
            "dynamodb",
            "TransactWriteItems",
            ["TransactItems[].Put.TableName", "TransactItems[].ConditionCheck.TableName"],
            "dynamodb:PutItem dynamodb:ConditionCheckItem",
        ),
        ("s3", "GetObject", ["Bucket", "Key"], "s3:GetObject"),
        ("s3", "GetObject", ["Bucket", "Key", "VersionId"], "s3:GetObjectVersion"),
        ("s3", "HeadObject", ["Bucket", "Key"], "s3:GetObject"),
        ("s3", "HeadBucket", ["Bucket"], "s3:ListBucket"),
        ("s3", "ListObjectsV2", ["Bucket"], "s3:ListBucket"),
        ("s3", "CreateMultipartUpload", ["Bucket", "Tagging"], "s3:PutObject s3:PutObjectTagging"),
        ("s3", "CopyObject", ["CopySource.Bucket", "CopySource.VersionId"], "s3:GetObjectVersion s3:PutObject"),
        ("s3", "DeleteObjects", ["Delete.Objects[].Key", "Delete.Objects[].VersionId"], "s3:DeleteObjectVersion"),
        ("lambda", "Invoke", ["FunctionName"], "lambda:InvokeFunction"),
        ("stepfunctions", "StartExecution", [], "states:StartExecution"),
        ("sns", "PublishBatch", [], "sns:Publish"),
        ("sqs", "SendMessageBatch", [], "sqs:SendMessage"),
        ("kinesis", "PutRecords", [], "kinesis:PutRecords"),
        ("kms", "ReEncrypt", [], "kms:ReEncryptFrom kms:ReEncryptTo"),
        ("secretsmanager", "BatchGetSecretValue", [], "secretsmanager:BatchGetSecretValue secretsmanager:GetSecretValue"),
        ("cloudwatch", "PutMetricData", [], "cloudwatch:PutMetricData"),
        ("logs", "PutLogEvents", [], "logs:PutLogEvents"),
        ("events", "PutEvents", [], "events:PutEvents"),
        ("rekognition", "DetectLabels", ["Image.S3Object.Bucket"], "rekognition:DetectLabels s3:GetObject"),
        ("rekognition", "DetectLabels", ["Image.S3Object.Version"], "rekognition:DetectLabels s3:GetObjectVersion"),
        ("rekognition", "DetectLabels", [], "rekognition:DetectLabels"),
        ("apigatewaymanagementapi", "PostToConnection", [], "execute-api:ManageConnections"),
        ("apigatewayv2", "GetApi", [], "apigateway:GET"),
        ("execute-api", "Invoke", [], "execute-api:Invoke"),
        ("rds-db", "connect", [], "rds-db:connect"),
        ("sts", "GetCallerIdentity", [], ""),
    ],
)
def test_calls_need_the_action_of_their_name_or_what_aws_says_instead(
    service: str, operation: str, paths: list[str], expected: str
) -> None:
    assert frozenset(expected.split()) == required_actions(service, operation, dict.fromkeys(paths, NAME))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (Text("  select * from orders"), "dynamodb:PartiQLSelect"),
        (Joined((Text("UPDATE "), Env("TABLE"))), "dynamodb:PartiQLUpdate"),
    ],
)
def test_a_statement_s_verb_says_what_it_needs(statement: Argument, expected: str) -> None:
    assert {expected} == required_actions("dynamodb", "ExecuteStatement", {"Statement": (statement,)})


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "candidates"),
    [
        ("nothing", "Do", {}, ""),
        ("s3", "DoNothing", {}, ""),
        ("dynamodb", "TransactWriteItems", {}, ""),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": (UNKNOWN,), "TransactItems[].Put.TableName": GIVEN},
            "ConditionCheckItem DeleteItem PutItem UpdateItem",
        ),
        ("dynamodb", "ExecuteStatement", {"Statement": GIVEN}, "PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate"),
        ("dynamodb", "ExecuteStatement", {"Statement": (Text("merge"),)}, "PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate"),
        ("s3", "GetObject", {"": (UNKNOWN,)}, "GetObject GetObjectVersion"),
        ("s3", "CopyObject", {"CopySource": (Text("bucket/key?versionId=1"),)}, "GetObject GetObjectVersion PutObject"),
    ],
)
def test_what_is_not_known_is_undecided_and_never_nothing(service: str, operation: str, parameters: object, candidates: str) -> None:
    with pytest.raises(UndecidedCallError) as caught:
        required_actions(service, operation, parameters)  # type: ignore[arg-type] # of several types

    assert frozenset(f"{service}:{name}" for name in candidates.split()) == caught.value.candidates


def test_every_exception_is_of_an_operation_that_exists_and_names_actions_that_do() -> None:
    exceptions, session, knowledge = json.loads(DATA.read_bytes()), botocore.session.get_session(), load_knowledge()
    for service, operations in exceptions.items():
        assert {"*", *session.get_service_model(service).operation_names} >= operations.keys(), service
    for name in re.findall(r'"([a-z0-9-]+:\w+)"', DATA.read_text()):
        action = knowledge.action(name)
        assert action, name
        assert name == action.name


def test_most_operations_that_boto3_has_are_known() -> None:
    session, known, total = botocore.session.get_session(), 0, 0
    for service in ("dynamodb", "kinesis", "lambda", "s3", "sns", "sqs", "stepfunctions", "events", "kms", "logs", "rekognition", "sts"):
        for operation in session.get_service_model(service).operation_names:
            total += 1
            try:
                required_actions(service, operation, {})
                known += 1
            except UndecidedCallError:
                pass

    assert known > 0.9 * total
