"""Which requests calls make."""

from typing import Any

import pytest

from paritycheck.policy.iam import UndecidedCallError
from tests.observation.calls import Need, connection_need, list_needs, signed_need


def table(action: str, name: str = "orders", below: str = "") -> Need:
    return Need(f"dynamodb:{action}", "aws_dynamodb_table", name, below, below)


def stored(action: str, key: str = "receipts/o-1.json", pattern: str = "/receipts/*", **context: str) -> Need:
    return Need(f"s3:{action}", "aws_s3_bucket", "b", f"/{key}", pattern, context)


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("dynamodb", "GetItem", {"TableName": "orders"}, [table("GetItem")]),
        ("dynamodb", "Query", {"TableName": "orders", "IndexName": "by_day"}, [table("Query", below="/index/by_day")]),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"a": {}, "b": {}}}, [table("BatchGetItem", "a"), table("BatchGetItem", "b")]),
        ("dynamodb", "BatchWriteItem", {"RequestItems": {"a": []}}, [table("BatchWriteItem", "a")]),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{kind: {"TableName": kind}} for kind in ("Put", "Update", "Delete", "ConditionCheck")]},
            [
                table("PutItem", "Put"),
                table("UpdateItem", "Update"),
                table("DeleteItem", "Delete"),
                table("ConditionCheckItem", "ConditionCheck"),
            ],
        ),
        ("dynamodb", "TransactGetItems", {"TransactItems": [{"Get": {"TableName": "orders"}}]}, [table("GetItem")]),
        ("kinesis", "PutRecord", {"StreamName": "s"}, [Need("kinesis:PutRecord", "aws_kinesis_stream", "s")]),
        ("kinesis", "PutRecords", {"StreamARN": "arn"}, [Need("kinesis:PutRecords", "aws_kinesis_stream", "arn")]),
        ("lambda", "Invoke", {"FunctionName": "f"}, [Need("lambda:InvokeFunction", "aws_lambda_function", "f")]),
        ("sns", "Publish", {"TopicArn": "t"}, [Need("sns:Publish", "aws_sns_topic", "t")]),
        ("sns", "PublishBatch", {"TopicArn": "t"}, [Need("sns:Publish", "aws_sns_topic", "t")]),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "s"},
            [Need("secretsmanager:GetSecretValue", "aws_secretsmanager_secret", "s")],
        ),
        ("s3", "GetObject", {"Bucket": "b", "Key": "receipts/o-1.json"}, [stored("GetObject")]),
        ("s3", "HeadObject", {"Bucket": "b", "Key": "receipts/o-1.json"}, [stored("GetObject")]),
        ("s3", "GetObject", {"Bucket": "b", "Key": "receipts/o-1.json", "VersionId": "v"}, [stored("GetObjectVersion")]),
        ("s3", "DeleteObject", {"Bucket": "b", "Key": "o-1.json"}, [stored("DeleteObject", "o-1.json", "/*")]),
        ("s3", "DeleteObject", {"Bucket": "b", "Key": "a/b/c", "VersionId": "v"}, [stored("DeleteObjectVersion", "a/b/c", "/a/*")]),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, [Need("s3:ListBucket", "aws_s3_bucket", "b")]),
        ("s3", "HeadBucket", {"Bucket": "b"}, [Need("s3:ListBucket", "aws_s3_bucket", "b")]),
        (
            "s3",
            "PutObject",
            {"Bucket": "b", "Key": "receipts/o-1.json", "ServerSideEncryption": "AES256", "Tagging": "a=b", "ACL": "private"},
            [stored("PutObject", **{"s3:x-amz-server-side-encryption": "AES256"}), stored("PutObjectAcl"), stored("PutObjectTagging")],
        ),
        ("rekognition", "DetectLabels", {"Image": {"Bytes": b""}}, [Need("rekognition:DetectLabels")]),
        ("ec2", "DescribeInstances", {}, [Need("ec2:DescribeInstances")]),
        ("sts", "GetCallerIdentity", {}, []),
        (
            "rekognition",
            "DetectLabels",
            {"Image": {"S3Object": {"Bucket": "b", "Name": "photos/p", "Version": "v"}}},
            [Need("rekognition:DetectLabels"), stored("GetObjectVersion", "photos/p", "/photos/*")],
        ),
        (
            "rekognition",
            "DetectLabels",
            {"Image": {"S3Object": {"Bucket": "b", "Name": "photos/p"}}},
            [Need("rekognition:DetectLabels"), stored("GetObject", "photos/p", "/photos/*")],
        ),
    ],
)
def test_a_call_needs(service: str, operation: str, params: dict[str, Any], expected: list[Need]) -> None:
    assert expected == list(list_needs(service, operation, params))


@pytest.mark.parametrize(
    ("service", "operation", "params", "reason"),
    [
        ("dynamodb", "ExecuteStatement", {"Statement": "SELECT * FROM orders"}, "a call without TableName"),
        ("dynamodb", "TransactGetItems", {"TransactItems": [{"Get": {}}]}, "a call without TableName"),
        ("dynamodb", "PutItem", {"TableName": 1}, "a call without TableName"),
        ("kinesis", "PutRecord", {"Data": b"x"}, "a call without StreamARN or StreamName"),
        ("lambda", "CreateFunction", {"FunctionName": "f"}, "may need more than lambda:CreateFunction"),
        ("s3", "CopyObject", {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "b", "Key": "j"}}, "two objects"),
        ("s3", "PutObject", {"Bucket": "b"}, "a call without Key"),
        ("sns", "Publish", {"PhoneNumber": "1"}, "a call without TopicArn"),
        ("sqs", "SendMessage", {"QueueUrl": "q"}, "sqs:SendMessage is about a type of resources"),
        ("nothing", "Do", {}, "nothing:Do"),
    ],
)
def test_a_call_of_which_nobody_knows_what_it_is_about_is_refused(
    service: str, operation: str, params: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UndecidedCallError, match=reason):
        list_needs(service, operation, params)


def test_a_message_to_a_connection_names_its_stage_method_and_path() -> None:
    need = connection_need("https://abc.execute-api.us-east-1.amazonaws.com/v1/@connections/c=", "POST")

    assert ("execute-api:ManageConnections", "aws_apigatewayv2_api") == (need.action, need.kind)
    assert ("/v1/POST/@connections/c=", "/v1/POST/@connections/*") == (need.below, need.pattern)


def test_a_request_that_is_signed_names_its_stage_method_and_path() -> None:
    need = signed_need("execute-api", "https://abc.execute-api.us-east-1.amazonaws.com/v1/pos/a%2Fb", "POST")

    assert ("execute-api:Invoke", "aws_api_gateway_rest_api") == (need.action, need.kind)
    assert ("/v1/POST/pos/a%2Fb", "/v1/POST/pos/*") == (need.below, need.pattern)


def test_a_request_that_is_signed_for_another_service_is_refused() -> None:
    with pytest.raises(UndecidedCallError, match="es"):
        signed_need("es", "https://x", "GET")
