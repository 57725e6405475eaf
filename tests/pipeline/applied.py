"""The stack as it would be after apply: planned by a provider that makes up, then and there, what only AWS could tell.

Terraform core evaluates the configuration as ever. But where the embedded provider leaves a computed value unknown until
apply, an ARN, an id or a URL of AWS's form is answered here. So everything that refers to it is known as well: every
policy, every function's environment, every event source.
"""

from __future__ import annotations

import functools
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from paritycheck.config import load_config
from paritycheck.engines.offline import OfflineEngine
from paritycheck.engines.planning import Planning
from paritycheck.provider.aws.context import AwsContext, read_context
from paritycheck.provider.aws.derived import TYPES, derive
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.interface import UNKNOWN, Block, Function, Instance, Object, PlannedChange, Provider, Schema, Value
from paritycheck.provider.planning.placeholders import fill_placeholders

ROOT = Path(__file__).parents[2]

_ARN = "arn:{partition}:%s:{region}:{account_id}:%s"
_HOST = "{%s}.execute-api.{region}.{dns_suffix}"

# What resources have beyond data sources of their types; `digest` and `uuid` follow from all that is configured.
_RESOURCES = {
    "aws_api_gateway_rest_api": {
        "id": "{digest}",
        "arn": "arn:{partition}:apigateway:{region}::/restapis/{id}",
        "execution_arn": _ARN % ("execute-api", "{id}"),
    },
    "aws_api_gateway_stage": {
        "arn": "arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/stages/{stage_name}",
        "execution_arn": _ARN % ("execute-api", "{rest_api_id}/{stage_name}"),
        "invoke_url": f"https://{_HOST % 'rest_api_id'}/{{stage_name}}",
    },
    "aws_apigatewayv2_api": {
        "id": "{digest}",
        "arn": "arn:{partition}:apigateway:{region}::/apis/{id}",
        "execution_arn": _ARN % ("execute-api", "{id}"),
        "api_endpoint": f"wss://{_HOST % 'id'}",
    },
    "aws_apigatewayv2_stage": {
        "execution_arn": _ARN % ("execute-api", "{api_id}/{name}"),
        "invoke_url": f"wss://{_HOST % 'api_id'}/{{name}}",
    },
    "aws_cloudwatch_event_rule": {"arn": _ARN % ("events", "rule/{name}"), "id": "{name}"},
    "aws_cloudwatch_metric_alarm": {"arn": _ARN % ("cloudwatch", "alarm:{alarm_name}"), "id": "{alarm_name}"},
    "aws_dynamodb_table": {**TYPES["aws_dynamodb_table"], "stream_arn": "{arn}/stream/2024-01-01T00:00:00.000"},
    "aws_elasticache_replication_group": {
        "id": "{replication_group_id}",
        "arn": _ARN % ("elasticache", "replicationgroup:{replication_group_id}"),
        "configuration_endpoint_address": "clustercfg.{replication_group_id}.{digest}.use1.cache.{dns_suffix}",
    },
    "aws_kms_key": {"key_id": "{uuid}", "id": "{uuid}", "arn": _ARN % ("kms", "key/{uuid}")},
    "aws_lambda_layer_version": {
        "version": "1",
        "layer_arn": _ARN % ("lambda", "layer:{layer_name}"),
        "arn": "{layer_arn}:{version}",
        "id": "{arn}",
    },
    "aws_lambda_event_source_mapping": {"function_arn": "{function_name}"},
    "aws_rds_cluster": {
        **TYPES["aws_rds_cluster"],
        "endpoint": "{cluster_identifier}.cluster-{digest}.{region}.rds.{dns_suffix}",
        "reader_endpoint": "{cluster_identifier}.cluster-ro-{digest}.{region}.rds.{dns_suffix}",
    },
    "random_password": {"result": "only-for-tests-{digest}"},
}


@functools.cache
def plan_as_applied(environment: str) -> Mapping[str, Any]:
    """Return the plan JSON of an environment of this repository's stack, with nothing left unknown."""
    config = load_config(ROOT / "parity.yaml")
    chosen = [each for each in config.environments if each.name == environment]
    (document,) = OfflineEngine(_make_providers, config.terraform).documents(chosen)
    plan: Mapping[str, Any] = json.loads(document)
    return plan


def _make_providers(planning: Planning) -> Sequence[Provider]:
    shadow = planning.shadow
    providers = builtin_providers(shadow.directory, planning.env, original=shadow.original)
    return [_AppliedProvider(provider, planning.env) for provider in providers]


class _AppliedProvider(Provider):
    """A provider whose resources have all their values when they are planned."""

    def __init__(self, provider: Provider, environ: Mapping[str, str]) -> None:
        self.source = provider.source
        self._provider = provider
        self._environ = environ

    def schema(self) -> Schema:
        return self._provider.schema()

    def resource_schema(self, type_name: str) -> Schema | None:
        return self._provider.resource_schema(type_name)

    def data_source_schema(self, type_name: str) -> Schema | None:
        return self._provider.data_source_schema(type_name)

    def functions(self) -> Mapping[str, Function]:
        return self._provider.functions()

    def configure(self, config: Object) -> Instance:
        return _AppliedInstance(self, self._provider.configure(config), read_context(config, self._environ))


class _AppliedInstance(Instance):
    def __init__(self, provider: Provider, instance: Instance, context: AwsContext) -> None:
        self._provider = provider
        self._context = context
        self._instance = instance
        self.validate_resource = instance.validate_resource
        self.validate_data_source = instance.validate_data_source

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        planned = self._instance.plan(type_name, prior, proposed, config).planned
        schema = self._provider.resource_schema(type_name)
        assert planned is not None
        assert schema is not None
        return PlannedChange(_make_known(type_name, schema.block, planned, self._context))

    def read_data_source(self, type_name: str, config: Object) -> Object:
        return self._instance.read_data_source(type_name, config)


def _make_known(type_name: str, block: Block, planned: Object, context: AwsContext) -> Object:
    """Return a planned object with a value for everything that is unknown; two objects that differ get different ones."""
    known = _without_unknown(planned)
    identity = json.dumps([type_name, known], default=str, sort_keys=True)
    digest = hashlib.sha256(identity.encode()).hexdigest()[:10]
    names = {"digest": digest, "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, identity))}
    made = fill_placeholders(f"{type_name}_{digest}", block, known, _prefix_arn(context, type_name.split("_")[1]))
    made |= derive(type_name, block, known | names, context, {**TYPES, **_RESOURCES})
    for secret in made.get("master_user_secret") or ():
        secret["secret_arn"] = f"{_prefix_arn(context, 'secretsmanager')}:secret:rds!cluster-{names['uuid']}-AbCdEf"
    return {name: _merge(value, made[name]) for name, value in planned.items()}


def _prefix_arn(context: AwsContext, service: str) -> str:
    return f"arn:{context.partition}:{service}:{context.region}:{context.account_id}"


def _without_unknown(value: Value) -> Value:
    match value:
        case dict():
            return {name: _without_unknown(part) for name, part in value.items()}
        case list():
            return [_without_unknown(part) for part in value]
    return None if value is UNKNOWN else value


def _merge(value: Value, made: Value) -> Value:
    match value, made:
        case dict(), dict():
            return {name: _merge(part, made[name]) for name, part in value.items()}
        case list(), list():
            return [_merge(*pair) for pair in zip(value, made, strict=True)]
    return made if value is UNKNOWN else value
