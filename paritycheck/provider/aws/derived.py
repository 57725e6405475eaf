"""What the real provider would find of something that exists, as far as it follows from the name that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.interface import Block, Object
from paritycheck.provider.planning.placeholders import LISTED

Templates = Mapping[str, str]
"""Values by attribute, with the names of arguments, of earlier attributes and of the account's facts in braces."""

_ARN = "arn:{partition}:%s:{region}:{account_id}:%s"
_IAM = "arn:{partition}:iam::{account_id}:%s"
_INVOCATIONS = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _regional(service: str, resource: str, identity: str = "{arn}", **more: str) -> Templates:
    return {"arn": _ARN % (service, resource), "id": identity, **more}


def _global(resource: str, identity: str, **more: str) -> Templates:
    return {"arn": _IAM % resource, "id": identity, **more}


TYPES: Mapping[str, Templates] = {
    "aws_backup_vault": _regional("backup", "backup-vault:{name}", "{name}"),
    "aws_batch_job_queue": _regional("batch", "job-queue/{name}"),
    "aws_cloudwatch_event_bus": _regional("events", "event-bus/{name}", "{name}"),
    "aws_cloudwatch_log_group": _regional("logs", "log-group:{name}", "{name}"),
    "aws_db_instance": {"db_instance_arn": _ARN % ("rds", "db:{db_instance_identifier}"), "id": "{db_instance_identifier}"},
    "aws_dynamodb_table": _regional("dynamodb", "table/{name}", "{name}"),
    "aws_ecr_repository": _regional(
        "ecr", "repository/{name}", "{name}", repository_url="{account_id}.dkr.ecr.{region}.{dns_suffix}/{name}"
    ),
    "aws_ecs_cluster": _regional("ecs", "cluster/{cluster_name}"),
    "aws_eks_cluster": _regional("eks", "cluster/{name}", "{name}"),
    "aws_elasticache_cluster": _regional("elasticache", "cluster:{cluster_id}", "{cluster_id}"),
    "aws_iam_group": _global("group/{group_name}", "{group_id}"),
    "aws_iam_instance_profile": _global("instance-profile/{name}", "{name}", path="/", role_name="{name}"),
    "aws_iam_policy": _global("policy/{name}", "{arn}", path="/"),
    "aws_iam_role": _global("role/{name}", "{name}", path="/"),
    "aws_iam_user": _global("user/{user_name}", "{user_id}", path="/"),
    "aws_kinesis_firehose_delivery_stream": _regional("firehose", "deliverystream/{name}"),
    "aws_kinesis_stream": _regional("kinesis", "stream/{name}", "{name}"),
    "aws_kms_alias": _regional("kms", "{name}"),
    "aws_lambda_alias": _regional("lambda", "function:{function_name}:{name}", invoke_arn=_INVOCATIONS),
    "aws_lambda_function": _regional("lambda", "function:{function_name}", "{function_name}", invoke_arn=_INVOCATIONS),
    "aws_rds_cluster": _regional("rds", "cluster:{cluster_identifier}", "{cluster_identifier}"),
    "aws_s3_bucket": {
        "arn": "arn:{partition}:s3:::{bucket}",
        "bucket_domain_name": "{bucket}.s3.{dns_suffix}",
        "bucket_regional_domain_name": "{bucket}.s3.{region}.{dns_suffix}",
        "id": "{bucket}",
    },
    "aws_secretsmanager_secret": _regional("secretsmanager", "secret:{name}-AbCdEf"),
    "aws_sfn_state_machine": _regional("states", "stateMachine:{name}"),
    "aws_sns_topic": _regional("sns", "{name}"),
    "aws_sqs_queue": _regional("sqs", "{name}", "{url}", url="https://sqs.{region}.{dns_suffix}/{account_id}/{name}"),
    "aws_ssm_parameter": _regional("ssm", "parameter{path}", "{name}"),
}
"""By type: the forms of ARNs and ids are those of AWS's Service Authorization Reference and of the provider's own."""

_ATTRIBUTES: Templates = {
    "account_id": "{account_id}",
    "availability_zone": "{zone}",
    "aws_account_id": "{account_id}",
    "cidr_block": "10.{number}.0.0/16",
    "ip_address": "10.0.0.10",
    "ipv6_cidr_block": "2001:db8::/56",
    "owner_account_id": "{account_id}",
    "owner_id": "{account_id}",
    "private_ip": "10.0.0.10",
    "public_ip": "192.0.2.10",
    "region": "{region}",
    "registry_id": "{account_id}",
}
"""Attributes that are of one form in every type, so that functions such as `cidrsubnet` can read them."""


def derive(type_name: str, block: Block, config: Object, context: AwsContext, types: Mapping[str, Templates] = TYPES) -> Object:
    """Return the computed attributes of a data source that follow from its arguments, the account and the region."""
    known = dict(_facts(config, context))
    derived: Object = {}
    pending = {
        name: text
        for name, text in {**_ATTRIBUTES, **types.get(type_name, {})}.items()
        if name in block.attributes and block.attributes[name].computed and config.get(name) is None
    }
    while ready := [name for name, text in pending.items() if _can_fill(text, known)]:
        for name in ready:
            derived[name] = known[name] = pending.pop(name).format_map(known)
    return derived


def _facts(config: Object, context: AwsContext) -> Iterator[tuple[str, str]]:
    for name in ("partition", "region", "account_id", "dns_suffix"):
        yield name, getattr(context, name)
    number = _number(config)
    yield "number", str(number)
    yield "zone", context.availability_zones[max(0, number - 1) % len(context.availability_zones)]
    for name, value in config.items():
        if isinstance(value, str):
            yield name, value
        if name == "name" and isinstance(value, str):
            yield "path", value if value.startswith("/") else f"/{value}"


def _number(config: Object) -> int:
    """Return which item of a placeholder list of ids is asked for: networks and zones of several must differ; 0 for none."""
    identifier = config.get("id")
    listed = LISTED.search(identifier) if isinstance(identifier, str) else None
    return int(listed[1]) if listed else 0


def _can_fill(text: str, known: Mapping[str, str]) -> bool:
    return all(name is None or name in known for _, name, _, _ in Formatter().parse(text))
