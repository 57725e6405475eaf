"""Which requests, as IAM sees them, a call of an AWS API makes.

An API's operations and IAM's actions often have different names, and one call may need several actions. A call that is
not listed here raises `UnmappedCallError`: nobody has said yet what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Params = Mapping[str, Any]


class UnmappedCallError(Exception):
    """Nothing is known of what a call needs."""


@dataclass(frozen=True, slots=True)
class Need:
    """One request that a call makes."""

    action: str
    """As IAM names it."""
    kind: str = ""
    """The Terraform type of what it is about; empty where the action knows no resources."""
    name: str = ""
    """What the call calls it: its name or its ARN; of an API, the URL of the request."""
    below: str = ""
    """What its ARN goes on with."""
    pattern: str = ""
    """The same, with an asterisk for what is chosen while the function runs."""
    context: Mapping[str, str] = field(default_factory=dict)
    """The condition keys that the call itself sets."""


def list_needs(service: str, operation: str, params: Params) -> tuple[Need, ...]:
    """Return what a call of botocore needs, by botocore's names and parameters."""
    mapper = _SERVICES.get(service, _refuse)
    try:
        return tuple(mapper(operation, params))
    except KeyError as error:
        raise UnmappedCallError(f"{service} {operation} without {error}") from error


def connection_need(url: str, method: str) -> Need:
    """Return what a request to a WebSocket API's connection needs."""
    return Need("execute-api:ManageConnections", "aws_apigatewayv2_api", url, *_method_paths(url, method))


def signed_need(service: str, url: str, method: str) -> Need:
    """Return what a request needs that is signed for a service without its client."""
    if service != "execute-api":
        raise UnmappedCallError(f"a request signed for {service}")
    return Need("execute-api:Invoke", "aws_api_gateway_rest_api", url, *_method_paths(url, method))


def _method_paths(url: str, method: str) -> tuple[str, str]:
    """Put the method after the stage, as execute-api's ARNs have it; the last segment is somebody's id."""
    stage, *path = urlsplit(url).path.strip("/").split("/")
    return "/" + "/".join((stage, method, *path)), "/" + "/".join((stage, method, *path[:-1], "*"))


def _refuse(operation: str, params: Params) -> Iterator[Need]:
    raise UnmappedCallError(operation)


_TABLE_ACTIONS = frozenset({"DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"})
_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


def _dynamodb(operation: str, params: Params) -> Iterator[Need]:
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        for item in params["TransactItems"]:
            for part, request in item.items():
                yield _table(_TRANSACTIONS[part], request["TableName"])
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in params["RequestItems"]:
            yield _table(operation, table)
    elif operation in _TABLE_ACTIONS:
        yield _table(operation, params["TableName"], params.get("IndexName"))
    else:
        raise UnmappedCallError(f"dynamodb {operation}")


def _table(action: str, table: str, index: str | None = None) -> Need:
    below = f"/index/{index}" if index else ""
    return Need(f"dynamodb:{action}", "aws_dynamodb_table", table, below, below)


def _kinesis(operation: str, params: Params) -> Iterator[Need]:
    if operation not in {"PutRecord", "PutRecords"}:
        raise UnmappedCallError(f"kinesis {operation}")
    yield Need(f"kinesis:{operation}", "aws_kinesis_stream", params.get("StreamARN") or params["StreamName"])


def _lambda(operation: str, params: Params) -> Iterator[Need]:
    if operation != "Invoke":
        raise UnmappedCallError(f"lambda {operation}")
    yield Need("lambda:InvokeFunction", "aws_lambda_function", params["FunctionName"])


def _sns(operation: str, params: Params) -> Iterator[Need]:
    if operation not in {"Publish", "PublishBatch"}:
        raise UnmappedCallError(f"sns {operation}")
    yield Need("sns:Publish", "aws_sns_topic", params["TopicArn"])


def _secretsmanager(operation: str, params: Params) -> Iterator[Need]:
    if operation != "GetSecretValue":
        raise UnmappedCallError(f"secretsmanager {operation}")
    yield Need("secretsmanager:GetSecretValue", "aws_secretsmanager_secret", params["SecretId"])


def _rekognition(operation: str, params: Params) -> Iterator[Need]:
    if operation != "DetectLabels":
        raise UnmappedCallError(f"rekognition {operation}")
    yield Need("rekognition:DetectLabels")
    # It fetches the object itself, with the rights of who asks.
    stored = params["Image"].get("S3Object")
    if stored:
        yield _object("GetObjectVersion" if "Version" in stored else "GetObject", stored["Bucket"], stored["Name"])


_ENCRYPTION = {
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
}


def _s3(operation: str, params: Params) -> Iterator[Need]:
    bucket, versioned = params.get("Bucket", ""), "VersionId" in params
    match operation:
        case "GetObject" | "HeadObject":
            yield _object("GetObjectVersion" if versioned else "GetObject", bucket, params["Key"])
        case "DeleteObject":
            yield _object("DeleteObjectVersion" if versioned else "DeleteObject", bucket, params["Key"])
        case "ListObjects" | "ListObjectsV2" | "HeadBucket":
            yield Need("s3:ListBucket", "aws_s3_bucket", bucket)
        case "PutObject":
            context = {key: str(params[name]) for name, key in _ENCRYPTION.items() if name in params}
            yield _object("PutObject", bucket, params["Key"], context)
            for name, action in (("Tagging", "PutObjectTagging"), ("ACL", "PutObjectAcl")):
                if name in params:
                    yield _object(action, bucket, params["Key"])
        case _:
            raise UnmappedCallError(f"s3 {operation}")


def _object(action: str, bucket: str, key: str, context: Mapping[str, str] | None = None) -> Need:
    folder, slash, _ = key.partition("/")
    pattern = f"/{folder}/*" if slash else "/*"
    return Need(f"s3:{action}", "aws_s3_bucket", bucket, f"/{key}", pattern, context or {})


_SERVICES: Mapping[str, Callable[[str, Params], Iterator[Need]]] = {
    "dynamodb": _dynamodb,
    "kinesis": _kinesis,
    "lambda": _lambda,
    "rekognition": _rekognition,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
}
