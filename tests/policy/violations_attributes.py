"""Attributes that are set so that they harm: keys, transport, network, backups, dead letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.policy.violations import Draft, Steps, Violation, putting

AWS_KEY = "arn:aws:kms:us-east-1:123456789012:alias/aws/"
"""Begin of the ARNs of keys that AWS manages."""

WORLD = ("0.0.0.0/0", "::/0")

_ENCRYPTION = "rule.0.apply_server_side_encryption_by_default.0"

KEYS = {
    "aws_cloudwatch_log_group kms_key_id": "log-group-customer-key",
    "aws_dynamodb_table server_side_encryption.0.kms_key_arn": "dynamodb-table-customer-key",
    "aws_elasticache_replication_group kms_key_id": "redis-customer-key",
    "aws_kinesis_stream kms_key_id": "kinesis-stream-customer-key",
    "aws_lambda_function kms_key_arn": "lambda-environment-customer-key",
    "aws_rds_cluster kms_key_id": "database-customer-key",
    "aws_rds_cluster master_user_secret_kms_key_id": "database-password-customer-key",
    "aws_rds_cluster_instance performance_insights_kms_key_id": "performance-insights-customer-key",
    f"aws_s3_bucket_server_side_encryption_configuration {_ENCRYPTION}.kms_master_key_id": "s3-bucket-customer-key",
    "aws_secretsmanager_secret kms_key_id": "secret-customer-key",
    "aws_sfn_state_machine encryption_configuration.0.kms_key_id": "state-machine-customer-key",
    "aws_sns_topic kms_master_key_id": "sns-topic-customer-key",
    "aws_sqs_queue kms_master_key_id": "sqs-queue-customer-key",
}
"""Where keys are named, and the policy that demands one of the customer's."""

VALUES: dict[str, dict[str, tuple[tuple[Any, ...], str]]] = {
    "encryption off": {
        "aws_dynamodb_table server_side_encryption.0.enabled": ((False,), "dynamodb-table-customer-key"),
        "aws_dynamodb_table server_side_encryption": (([],), "dynamodb-table-customer-key"),
        "aws_elasticache_replication_group at_rest_encryption_enabled": (("false", None), "redis-customer-key"),
        "aws_kinesis_stream encryption_type": (("NONE", None), "kinesis-stream-customer-key"),
        "aws_kms_key enable_key_rotation": ((False, None), "kms-key-rotation"),
        "aws_rds_cluster storage_encrypted": ((False, None), "database-customer-key"),
        f"aws_s3_bucket_server_side_encryption_configuration {_ENCRYPTION}.sse_algorithm": (("AES256",), "s3-bucket-customer-key"),
        "aws_s3_bucket_server_side_encryption_configuration rule": (([],), "s3-bucket-customer-key"),
        "aws_sfn_state_machine encryption_configuration.0.type": (("AWS_OWNED_KEY",), "state-machine-customer-key"),
        "aws_sfn_state_machine encryption_configuration": (([],), "state-machine-customer-key"),
    },
    "transport in plain text": {
        "aws_api_gateway_integration uri": (("http://pos.example.com/orders",), "api-integration-tls"),
        "aws_api_gateway_integration tls_config": (([{"insecure_skip_verification": True}],), "api-integration-tls"),
        "aws_elasticache_replication_group transit_encryption_enabled": ((False, None), "redis-tls"),
        "aws_elasticache_replication_group transit_encryption_mode": (("preferred",), "redis-tls"),
        "aws_elasticache_replication_group auth_token": ((None, ""), "redis-authentication"),
        "aws_sns_topic_subscription protocol": (("http",), "sns-subscription-tls"),
    },
    "open to the network": {
        "aws_rds_cluster_instance publicly_accessible": ((True,), "database-public"),
        "aws_s3_bucket_public_access_block block_public_acls": ((False, None), "s3-bucket-public-access"),
        "aws_s3_bucket_public_access_block block_public_policy": ((False, None), "s3-bucket-public-access"),
        "aws_s3_bucket_public_access_block ignore_public_acls": ((False, None), "s3-bucket-public-access"),
        "aws_s3_bucket_public_access_block restrict_public_buckets": ((False, None), "s3-bucket-public-access"),
        "aws_subnet map_public_ip_on_launch": ((True,), "subnet-public-address"),
        "aws_vpc_endpoint policy": ((None, ""), "vpc-endpoint-own-account"),
    },
    "nobody asks who calls": {
        "aws_api_gateway_method authorization": (("NONE",), "api-authorization"),
        "aws_apigatewayv2_route authorization_type": (("NONE", None), "api-authorization"),
        "aws_lambda_permission function_url_auth_type": (("NONE",), "lambda-url-authorization"),
        "aws_lambda_permission principal": (("*",), "lambda-permission-source"),
        "aws_lambda_permission source_account": ((None,), "lambda-permission-source"),
        "aws_lambda_permission source_arn": ((None, "*", "arn:aws:execute-api:*:*:*"), "lambda-permission-source"),
    },
    "deletion or loss": {
        "aws_dynamodb_table deletion_protection_enabled": ((False, None), "deletion-protection"),
        "aws_dynamodb_table point_in_time_recovery.0.enabled": ((False,), "dynamodb-table-recovery"),
        "aws_elasticache_replication_group snapshot_retention_limit": ((0, None), "redis-backups"),
        "aws_rds_cluster backup_retention_period": ((0, 1), "database-backups"),
        "aws_rds_cluster deletion_protection": ((False, None), "deletion-protection"),
        "aws_rds_cluster skip_final_snapshot": ((True,), "database-backups"),
        "aws_s3_bucket force_destroy": ((True,), "deletion-protection"),
        "aws_s3_bucket_versioning versioning_configuration.0.status": (("Suspended", "Disabled"), "s3-bucket-versioning"),
    },
    "logs kept for ever": {"aws_cloudwatch_log_group retention_in_days": ((0, None), "log-group-retention")},
    "dead letters lost": {
        "aws_cloudwatch_event_target dead_letter_config": (([],), "event-target-dead-letters"),
        "aws_lambda_event_source_mapping destination_config": (([],), "stream-mapping-dead-letters"),
        "aws_lambda_function dead_letter_config": (([],), "lambda-dead-letters"),
        "aws_sns_topic_subscription redrive_policy": ((None, "{}"), "sns-subscription-dead-letters"),
        "aws_sqs_queue redrive_policy": ((None, "{}"), "sqs-queue-dead-letters"),
    },
}
"""Harmful values by family, and the policy that must notice them."""

_SPREADING = ("encryption off", "dead letters lost", "key of AWS's own", "no key")
_QUEUES = {
    "aws_cloudwatch_event_target": "schedule",
    "aws_lambda_event_source_mapping": "streams",
    "aws_lambda_function": "functions",
    "aws_sns_topic_subscription.external": "external_notifications",
}
"""Where dead letters go to, where that is not the queue of the same key."""

_ONLY_WHERE_SET = (".0.", "redrive_policy", "destination_config", "dead_letter_config", "source_account")


def attribute_violations(draft: Draft) -> Iterator[Violation]:
    """Set every attribute of the table, of every resource, to each of its harmful values."""
    for place, policy in KEYS.items():
        service = place.partition(" ")[0].split("_")[1]
        yield from _violations(draft, "key of AWS's own", place, (AWS_KEY + service, f"alias/aws/{service}"), policy)
        yield from _violations(draft, "no key", place, (None,), policy)
    for family, places in VALUES.items():
        for place, (values, policy) in places.items():
            yield from _violations(draft, family, place, values, policy)


def _violations(draft: Draft, family: str, place: str, values: tuple[Any, ...], policy: str) -> Iterator[Violation]:
    kind, path = place.split()
    steps: Steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))
    for change in draft.of_type(kind):
        address = change["address"]
        if (draft.has(address, steps) or not any(part in place for part in _ONLY_WHERE_SET)) and _matters(draft, address, place):
            for value in values:
                yield Violation(
                    family,
                    (address,),
                    frozenset({policy}),
                    putting(address, {steps: value}),
                    f"{path} = {value!r}",
                    beside=_beside(family, address),
                    spreads=family in _SPREADING,
                )


def _beside(family: str, address: str) -> tuple[str, ...]:
    """Return the queue that has no purpose left, where the last dead letters that went to it are lost."""
    name, _, key = address.partition("[")
    own = next((queue for kind, queue in _QUEUES.items() if name.startswith(kind)), key.removesuffix("]").strip('"'))
    return (f'aws_sqs_queue.dead_letter["{own}"]',) if family == "dead letters lost" else ()


def _matters(draft: Draft, address: str, place: str) -> bool:
    """Tell whether an attribute is about a resource at all: some demand it of the others of its type alone."""
    match place.split():
        case ["aws_api_gateway_integration", _]:
            return draft.value(address, ("type",)) in ("HTTP", "HTTP_PROXY")
        case ["aws_api_gateway_method", _]:
            return bool(draft.value(address, ("http_method",)) != "OPTIONS")
        case ["aws_apigatewayv2_route", _]:
            return bool(draft.value(address, ("route_key",)) == "$connect")  # Who gets no further says nothing else.
        case ["aws_sqs_queue", "redrive_policy"]:
            return "dead_letter" not in address
        case ["aws_s3_bucket_server_side_encryption_configuration", _]:
            return "access_logs" not in address  # S3 itself writes them, and can use no other key than its own.
    return True
