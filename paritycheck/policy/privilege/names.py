"""What AWS will call resources: the forms of ARNs, ids and addresses that are known only after apply.

The forms are those of the Service Authorization Reference and of the provider's own documentation of each type. `{name}` is
another attribute; `{unique}` is what AWS alone chooses, and stands for one resource and no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Forms = Mapping[str, str]
"""By attribute path."""

_ARN = "arn:{partition}:%s:{region}:{account}:%s"
_IAM = "arn:{partition}:iam::{account}:%s"
_HOST = "{%s}.execute-api.{region}.amazonaws.com"


def _regional(service: str, resource: str, identity: str = "{name}", **more: str) -> Forms:
    return {"arn": _ARN % (service, resource), "id": identity, **more}


FORMS: Mapping[str, Forms] = {
    "aws_api_gateway_rest_api": {"execution_arn": _ARN % ("execute-api", "{id}")},
    "aws_api_gateway_stage": {
        "execution_arn": _ARN % ("execute-api", "{rest_api_id}/{stage_name}"),
        "invoke_url": f"https://{_HOST % 'rest_api_id'}/{{stage_name}}",
    },
    "aws_apigatewayv2_api": {"execution_arn": _ARN % ("execute-api", "{id}"), "api_endpoint": f"wss://{_HOST % 'id'}"},
    "aws_apigatewayv2_stage": {
        "execution_arn": _ARN % ("execute-api", "{api_id}/{name}"),
        "invoke_url": f"wss://{_HOST % 'api_id'}/{{name}}",
    },
    "aws_cloudwatch_event_bus": _regional("events", "event-bus/{name}"),
    "aws_cloudwatch_log_group": _regional("logs", "log-group:{name}"),
    "aws_dynamodb_table": _regional("dynamodb", "table/{name}", stream_arn="{arn}/stream/{unique}"),
    "aws_iam_policy": {"arn": _IAM % "policy{path}{name}", "id": "{arn}"},
    "aws_iam_role": {"arn": _IAM % "role{path}{name}", "id": "{name}"},
    "aws_kinesis_firehose_delivery_stream": _regional("firehose", "deliverystream/{name}", "{arn}"),
    "aws_kinesis_stream": _regional("kinesis", "stream/{name}", "{arn}"),
    "aws_kms_alias": _regional("kms", "{name}"),
    "aws_kms_key": _regional("kms", "key/{key_id}", "{key_id}", key_id="{unique}"),
    "aws_lambda_alias": {"arn": _ARN % ("lambda", "function:{function_name}:{name}")},
    "aws_lambda_function": _regional("lambda", "function:{function_name}", "{function_name}", qualified_arn="{arn}:*"),
    "aws_rds_cluster": {
        **_regional("rds", "cluster:{cluster_identifier}", "{cluster_identifier}"),
        "master_user_secret[0].secret_arn": _ARN % ("secretsmanager", "secret:rds!cluster-{unique}-??????"),
    },
    "aws_s3_bucket": {"arn": "arn:{partition}:s3:::{bucket}", "id": "{bucket}"},
    "aws_secretsmanager_secret": {"arn": _ARN % ("secretsmanager", "secret:{name}-??????"), "id": "{arn}"},
    "aws_sfn_state_machine": _regional("states", "stateMachine:{name}", "{arn}"),
    "aws_sns_topic": _regional("sns", "{name}", "{arn}"),
    "aws_sqs_queue": _regional("sqs", "{name}", "{url}", url="https://sqs.{region}.amazonaws.com/{account}/{name}"),
    "aws_ssm_parameter": _regional("ssm", "parameter/{name}"),
}

DEFAULTS: Mapping[tuple[str, str], str] = {("aws_iam_role", "path"): "/", ("aws_iam_policy", "path"): "/"}
"""What an attribute is that is not set."""

IDENTITIES = ("arn", "id", "execution_arn", "stream_arn", "url", "master_user_secret[0].secret_arn")
"""Attributes by which others name a resource."""

LINKS = frozenset({
    "bucket", "destination", "destination_arn", "event_source_arn", "function_name", "kms_key_arn", "kms_key_id", "kms_master_key_id",
    "policy_arn", "queue_url", "role", "target_arn", "target_key_id",
})  # fmt: skip
"""Attributes that hold another resource's name, and nothing around it."""


def is_document(name: str) -> bool:
    """Whether an attribute of this name holds a policy document: `policy`, `assume_role_policy`, `access_policies`."""
    return re.search(r"polic(y|ies|y_document)$", name) is not None
