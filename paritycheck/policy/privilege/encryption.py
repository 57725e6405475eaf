"""What a function needs of KMS: services use a resource's key with the rights of whoever makes them read or write it.

https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html and the pages of each service on encryption at
rest. Keys that AWS manages itself need no grant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from paritycheck.findings import Special
from paritycheck.plan import Resource
from paritycheck.policy.privilege.model import Doubt, Function, Need
from paritycheck.policy.privilege.stack import Stack

UNKNOWN = Special.UNKNOWN
READ, WRITE = "kms:Decrypt", "kms:GenerateDataKey"

_USES = (
    ("dynamodb:ListStreams", ()),
    ("dynamodb:*", (READ,)),
    ("kinesis:GetRecords", (READ,)),
    ("kinesis:PutRecord*", (WRITE,)),
    ("s3:GetObject", (READ,)),
    ("s3:GetObjectVersion", (READ,)),
    ("s3:PutObject", (WRITE,)),
    ("secretsmanager:GetSecretValue", (READ,)),
    ("secretsmanager:PutSecretValue", (READ, WRITE)),
    ("sns:Publish", (READ, WRITE)),
    ("sqs:ReceiveMessage", (READ,)),
    ("sqs:SendMessage", (READ, WRITE)),
    ("ssm:GetParameter*", (READ,)),
)
"""What an action makes its service do with the key; the first pattern counts."""

_BUCKETS = "aws_s3_bucket_server_side_encryption_configuration"
_BUCKET_KEY = "rule[0].apply_server_side_encryption_by_default[0].kms_master_key_id"

_KEYS: Mapping[str, str] = {
    "aws_dynamodb_table": "server_side_encryption[0].kms_key_arn",
    "aws_kinesis_stream": "kms_key_id",
    "aws_s3_bucket": f"server_side_encryption_configuration[0].{_BUCKET_KEY}",
    "aws_rds_cluster": "master_user_secret_kms_key_id",
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
    "aws_sqs_queue": "kms_master_key_id",
    "aws_ssm_parameter": "key_id",
}
"""Where a resource names its key."""


def key_needs(stack: Stack, function: Function, needs: list[Need]) -> Iterator[Need | Doubt]:
    """Yield what reading and writing encrypted resources needs, and Lambda in order to read the function's environment."""
    environment = Need("", "", "Lambda reads its environment's variables", by_code=False)
    if function.environment is None or function.environment:
        yield from _use(stack, _Use(function.resource, stack.value(function.resource, "kms_key_arn"), (READ,), "lambda"), environment)
    for need in needs:
        actions = key_actions(need.action)
        if need.target and actions and not need.optional:
            service = need.action.partition(":")[0]
            yield from _use(stack, _Use(need.target, _key_of(stack, need.target), actions, service), need)


def key_actions(action: str) -> tuple[str, ...]:
    """Return what an action, in any case, makes its service do with a key."""
    return next((used for pattern, used in _USES if fnmatchcase(action.lower(), pattern.lower())), ())


def _key_of(stack: Stack, target: Resource) -> Any:
    """Return the key that the configuration chooses for a resource, if any."""
    configuration = next((each for each in stack.of_type(_BUCKETS) if _is_of(stack, each, target)), None)
    holder, path = (configuration, _BUCKET_KEY) if configuration else (target, _KEYS.get(target.type, ""))
    return stack.value(holder, path) if path and stack.is_set(holder, path) else None


def _is_of(stack: Stack, configuration: Resource, bucket: Resource) -> bool:
    return stack.find(stack.text(configuration, "bucket"), "aws_s3_bucket") is bucket


@dataclass(frozen=True, slots=True)
class _Use:
    """Something that is encrypted with a key."""

    resource: Resource
    key: Any
    actions: tuple[str, ...]
    service: str
    """Through which the key is used."""


def _use(stack: Stack, use: _Use, cause: Need) -> Iterator[Need | Doubt]:
    key = use.key
    if key is UNKNOWN:
        yield Doubt(f"the key of {use.resource.address} is known only after apply", cause.location, frozenset(map(str.lower, use.actions)))
    if not isinstance(key, str) or not key or key.rpartition(":")[2].startswith("alias/aws/"):
        return
    alias = stack.find(key, "aws_kms_alias")
    resource = stack.find(stack.text(alias, "target_key_id") if alias else key, "aws_kms_key")
    arn = stack.text(resource, "arn") if resource else key
    facts = stack.facts
    context = {
        "kms:ViaService": [f"{use.service}.{facts['region']}.amazonaws.com"],
        "kms:CallerAccount": [facts["account"]],
        **({"kms:ResourceAliases": _aliases(stack, resource)} if resource else {}),
    }
    why = f"{cause.why}, which is encrypted" if cause.action else cause.why
    for action in use.actions:
        yield Need(action, arn, why, cause.location, context=context, by_code=cause.by_code, target=resource)


def _aliases(stack: Stack, key: Resource) -> list[str]:
    names = {stack.text(key, "id"), stack.text(key, "arn")}
    return [stack.text(each, "name") for each in stack.of_type("aws_kms_alias") if stack.value(each, "target_key_id") in names]
