"""Which requests, as IAM sees them, a call of an AWS API makes, and of which of the stack's resources.

What a call needs to be allowed is the product's to know. How a call says what it is about is known here, for the types of
resources that functions call; whatever is about anything else raises `UndecidedCallError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from paritycheck.policy.calls.model import Argument, Text
from paritycheck.policy.iam import Action, UndecidedCallError, load_knowledge, required_actions

Params = Mapping[str, Any]


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
    """Return what a call of botocore needs, by botocore's names and parameters; raise `UndecidedCallError` where nobody knows."""
    return tuple(_list_needs(service, operation, params))


def connection_need(url: str, method: str) -> Need:
    """Return what a request to a WebSocket API's connection needs."""
    return Need("execute-api:ManageConnections", "aws_apigatewayv2_api", url, *_method_paths(url, method))


def signed_need(service: str, url: str, method: str) -> Need:
    """Return what a request needs that is signed for a service without its client."""
    if service != "execute-api":
        raise UndecidedCallError(f"a request signed for {service}")
    return Need("execute-api:Invoke", "aws_api_gateway_rest_api", url, *_method_paths(url, method))


def _method_paths(url: str, method: str) -> tuple[str, str]:
    """Put the method after the stage, as execute-api's ARNs have it; the last segment is somebody's id."""
    stage, *path = urlsplit(url).path.strip("/").split("/")
    return "/" + "/".join((stage, method, *path)), "/" + "/".join((stage, method, *path[:-1], "*"))


def _list_needs(service: str, operation: str, params: Params) -> Iterator[Need]:
    for single in _single_out(params):
        parameters: dict[str, list[Argument]] = {}
        _flatten(single, "", parameters)
        for name in sorted(required_actions(service, operation, parameters)):
            action = load_knowledge().action(name)
            if action is None or action.dependent_actions:
                raise UndecidedCallError(f"{service} {operation} may need more than {name}")
            yield _make_need(action, parameters)


def _single_out(params: Params) -> Iterator[Params]:
    """Yield the parameters once for each table that a call is about, with its name at their top."""
    if "CopySource" in params:
        raise UndecidedCallError("a copy is about two objects")
    for item in params.get("TransactItems", ()):
        for part in item.values():
            yield {"TransactItems": [item], "TableName": part.get("TableName")}
    for table in params.get("RequestItems", ()):
        yield {"TableName": table}
    if not {"TransactItems", "RequestItems"} & params.keys():
        yield params


def _flatten(value: Any, path: str, into: dict[str, list[Argument]]) -> None:
    """Write down texts by their paths, as the product has them of a function's source; what is no text leaves its path alone."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            _flatten(each, f"{path}.{name}" if path else name, into)
    elif isinstance(value, list | tuple):
        for each in value:
            _flatten(each, f"{path}[]", into)
    else:
        texts = into.setdefault(path, [])
        if isinstance(value, str):
            texts.append(Text(value))


_KINDS = {
    "dynamodb:table": ("aws_dynamodb_table", ("TableName",)),
    "kinesis:stream": ("aws_kinesis_stream", ("StreamARN", "StreamName")),
    "lambda:function": ("aws_lambda_function", ("FunctionName",)),
    "s3:bucket": ("aws_s3_bucket", ("Bucket",)),
    "s3:object": ("aws_s3_bucket", ("Bucket", "Image.S3Object.Bucket")),
    "secretsmanager:Secret": ("aws_secretsmanager_secret", ("SecretId",)),
    "sns:topic": ("aws_sns_topic", ("TopicArn",)),
}
"""Terraform's type by IAM's, and the parameters that name such a resource; one of them does."""

_ENCRYPTION = {
    "s3:x-amz-server-side-encryption": "ServerSideEncryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "s3:x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
}
"""Condition keys, and the parameters that set them."""

_Parameters = Mapping[str, Sequence[Argument]]


def _make_need(action: Action, parameters: _Parameters) -> Need:
    if not action.resource_types:
        return Need(action.name)
    service = action.name.partition(":")[0]
    known = [name for each in action.resource_types if (name := f"{service}:{each.name}") in _KINDS]
    if not known:
        raise UndecidedCallError(f"{action.name} is about a type of resources that no function is known to call")
    kind, names = _KINDS[known[0]]
    below, pattern = _reach_below(known[0], parameters)
    given = {key: name for key, name in _ENCRYPTION.items() if name in parameters and key in action.condition_keys}
    context = {key: _find_text(parameters, name) for key, name in given.items()}
    return Need(action.name, kind, _find_text(parameters, *names), below, pattern, context)


def _reach_below(kind: str, parameters: _Parameters) -> tuple[str, str]:
    """Return what an ARN goes on with, and its pattern: a folder's name is the code's, an object's is not."""
    if kind == "s3:object":
        key = _find_text(parameters, "Key", "Image.S3Object.Name")
        folder, slash, _ = key.partition("/")
        return f"/{key}", f"/{folder}/*" if slash else "/*"
    below = f"/index/{_find_text(parameters, 'IndexName')}" if "IndexName" in parameters else ""
    return below, below


def _find_text(parameters: _Parameters, *paths: str) -> str:
    texts = [str(text) for path in paths for text in parameters.get(path, ())]
    if not texts:
        raise UndecidedCallError(f"a call without {' or '.join(paths)}")
    return texts[0]
