"""Reads the wiring from a plan in which every value is known."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tests.pipeline.wiring import (
    Bucket,
    EventSource,
    Function,
    Machine,
    Method,
    Notification,
    Permission,
    Queue,
    RestApi,
    Route,
    Schedule,
    Secret,
    Server,
    Stream,
    Subscription,
    Table,
    WebSocketApi,
    Wiring,
)

Resource = Mapping[str, Any]


class _Planned:
    """The planned resources, by their types."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._by_type: dict[str, list[tuple[str, Resource]]] = defaultdict(list)
        for change in plan["resource_changes"]:
            if change["mode"] == "managed":
                self._by_type[change["type"]].append((str(change.get("index", "")), change["change"]["after"]))

    def all(self, type_name: str) -> list[Resource]:
        return [resource for _, resource in self._by_type[type_name]]

    def keyed(self, type_name: str) -> list[tuple[str, Resource]]:
        return self._by_type[type_name]

    def one(self, type_name: str) -> Resource:
        (resource,) = self.all(type_name)
        return resource


def read_wiring(plan: Mapping[str, Any]) -> Wiring:
    """Return what is planned to call what."""
    planned = _Planned(plan)
    redis, aurora = planned.one("aws_elasticache_replication_group"), planned.one("aws_rds_cluster")
    functions = _read_functions(planned)
    _, _, _, region, account, _ = next(iter(functions.values())).arn.split(":", 5)
    return Wiring(
        region=region,
        account=account,
        functions=functions,
        sources=tuple(map(_read_source, planned.all("aws_lambda_event_source_mapping"))),
        topics=tuple(topic["arn"] for topic in planned.all("aws_sns_topic")),
        subscriptions=tuple(map(_read_subscription, planned.all("aws_sns_topic_subscription"))),
        queues=_read_queues(planned),
        tables={role: _read_table(role, table) for role, table in planned.keyed("aws_dynamodb_table")},
        streams=tuple(Stream(stream["name"], stream["arn"], stream["shard_count"] or 1) for stream in planned.all("aws_kinesis_stream")),
        buckets=_read_buckets(planned),
        notifications=tuple(notification for each in planned.all("aws_s3_bucket_notification") for notification in _notifications(each)),
        permissions=tuple(map(_read_permission, planned.all("aws_lambda_permission"))),
        machine=_read_machine(planned.one("aws_sfn_state_machine")),
        schedule=_read_schedule(planned.one("aws_cloudwatch_event_rule"), planned.one("aws_cloudwatch_event_target")),
        secrets=_read_secrets(planned, aurora),
        redis=Server(redis["configuration_endpoint_address"], redis["port"]),
        aurora=Server(aurora["endpoint"], aurora["port"]),
        database=aurora["database_name"],
        rest=_read_rest_api(planned),
        websocket=_read_websocket_api(planned),
    )


def _read_functions(planned: _Planned) -> dict[str, Function]:
    retries = {
        config["function_name"]: config["maximum_retry_attempts"] for config in planned.all("aws_lambda_function_event_invoke_config")
    }
    return {
        role: Function(
            role=role,
            name=function["function_name"],
            arn=function["arn"],
            handler=function["handler"],
            environment=dict(_first(function, "environment").get("variables") or {}),
            timeout_s=function["timeout"],
            dead_letter_arn=_first(function, "dead_letter_config").get("target_arn"),
            retries=retries.get(function["function_name"], 2),
        )
        for role, function in planned.keyed("aws_lambda_function")
    }


def _read_source(source: Resource) -> EventSource:
    is_queue = ":sqs:" in source["event_source_arn"]
    filters = _first(source, "filter_criteria").get("filter") or []
    return EventSource(
        source_arn=source["event_source_arn"],
        function_arn=source["function_name"],
        batch_size=source["batch_size"] or (10 if is_queue else 100),
        patterns=tuple(json.loads(each["pattern"]) for each in filters),
        reports_failures="ReportBatchItemFailures" in (source["function_response_types"] or ()),
        enabled=source["enabled"] is not False,
        bisects=bool(source["bisect_batch_on_function_error"]),
        max_retries=None if is_queue else _limit(source["maximum_retry_attempts"]),
        max_age_s=None if is_queue else _limit(source["maximum_record_age_in_seconds"]),
        failure_arn=_first(_first(source, "destination_config"), "on_failure").get("destination_arn"),
        lanes=_first(source, "scaling_config").get("maximum_concurrency", 5) if is_queue else source["parallelization_factor"] or 1,
        position=source["starting_position"],
    )


def _read_subscription(subscription: Resource) -> Subscription:
    policy = subscription["filter_policy"]
    return Subscription(
        topic_arn=subscription["topic_arn"],
        protocol=subscription["protocol"],
        endpoint=subscription["endpoint"],
        filter_policy=policy,
        # Without a policy it is AWS's own to say.
        filter_scope=subscription["filter_policy_scope"] if policy else "MessageAttributes",
        raw=bool(subscription["raw_message_delivery"]),
        dead_letter_arn=json.loads(subscription["redrive_policy"] or "{}").get("deadLetterTargetArn"),
    )


def _read_queues(planned: _Planned) -> dict[str, Queue]:
    policies = {policy["queue_url"]: json.loads(policy["policy"]) for policy in planned.all("aws_sqs_queue_policy")}
    queues = {}
    for queue in planned.all("aws_sqs_queue"):
        redrive = json.loads(queue["redrive_policy"] or "{}")
        queues[queue["arn"]] = Queue(
            name=queue["name"],
            arn=queue["arn"],
            url=queue["url"],
            visibility_timeout_s=queue["visibility_timeout_seconds"],
            retention_s=queue["message_retention_seconds"],
            dead_letter_arn=redrive.get("deadLetterTargetArn"),
            max_receives=redrive.get("maxReceiveCount"),
            policy=policies.get(queue["id"], {}),
        )
    return queues


def _read_table(role: str, table: Resource) -> Table:
    ttl = _first(table, "ttl")
    return Table(
        role=role,
        name=table["name"],
        hash_key=table["hash_key"],
        range_key=table["range_key"] or None,
        attributes={attribute["name"]: attribute["type"] for attribute in table["attribute"]},
        indexes={
            index["name"]: tuple(filter(None, (index["hash_key"], index["range_key"]))) for index in table["global_secondary_index"] or ()
        },
        ttl_attribute=ttl["attribute_name"] if ttl.get("enabled") else None,
        stream_arn=table["stream_arn"] if table["stream_enabled"] else None,
        stream_view=table["stream_view_type"] if table["stream_enabled"] else None,
    )


def _read_buckets(planned: _Planned) -> tuple[Bucket, ...]:
    versioned = {
        each["bucket"]
        for each in planned.all("aws_s3_bucket_versioning")
        if _first(each, "versioning_configuration")["status"] == "Enabled"
    }
    return tuple(Bucket(bucket["bucket"], bucket["bucket"] in versioned) for bucket in planned.all("aws_s3_bucket"))


def _notifications(notification: Resource) -> list[Notification]:
    return [
        Notification(
            bucket=notification["bucket"],
            function_arn=target["lambda_function_arn"],
            events=tuple(target["events"]),
            prefix=target["filter_prefix"] or "",
            suffix=target["filter_suffix"] or "",
        )
        for target in notification["lambda_function"] or ()
    ]


def _read_permission(permission: Resource) -> Permission:
    names = ("action", "principal", "source_arn", "source_account")
    return Permission(permission["function_name"], *(permission[name] for name in names))


def _read_machine(machine: Resource) -> Machine:
    return Machine(machine["name"], machine["arn"], machine["definition"], machine["role_arn"])


def _read_schedule(rule: Resource, target: Resource) -> Schedule:
    transformer = _first(target, "input_transformer")
    return Schedule(
        expression=rule["schedule_expression"],
        arn=rule["arn"],
        enabled=rule["state"] == "ENABLED" and target["rule"] == rule["name"],
        target_arn=target["arn"],
        paths=transformer.get("input_paths") or {},
        template=transformer.get("input_template"),
    )


def _read_secrets(planned: _Planned, aurora: Resource) -> tuple[Secret, ...]:
    values = {version["secret_id"]: json.loads(version["secret_string"]) for version in planned.all("aws_secretsmanager_secret_version")}
    own = [Secret(secret["arn"], values.get(secret["id"])) for secret in planned.all("aws_secretsmanager_secret")]
    return (*own, *(Secret(secret["secret_arn"], None) for secret in aurora["master_user_secret"]))


def _read_rest_api(planned: _Planned) -> RestApi:
    api, stage = planned.one("aws_api_gateway_rest_api"), planned.one("aws_api_gateway_stage")
    integrations = {(each["resource_id"], each["http_method"]): each for each in planned.all("aws_api_gateway_integration")}
    validating = {each["id"] for each in planned.all("aws_api_gateway_request_validator") if each["validate_request_body"]}
    models = {each["name"]: json.loads(each["schema"]) for each in planned.all("aws_api_gateway_model")}
    paths = _read_paths(planned, api["root_resource_id"])

    def read(method: Resource) -> Method:
        integration = integrations[method["resource_id"], method["http_method"]]
        model = (method["request_models"] or {}).get("$default")
        return Method(
            verb=method["http_method"],
            path=paths[method["resource_id"]],
            authorization=method["authorization"],
            kind=integration["type"],
            uri=integration["uri"] or "",
            sends=integration["integration_http_method"],
            schema=models[model] if model and method["request_validator_id"] in validating else None,
            parameters=dict(integration["request_parameters"] or {}),
        )

    errors = [each["response_parameters"] for each in planned.all("aws_api_gateway_gateway_response")]
    headers = {name.rpartition(".header.")[2]: value.strip("'") for parameters in errors for name, value in parameters.items()}
    methods = tuple(map(read, planned.all("aws_api_gateway_method")))
    return RestApi(api["id"], api["execution_arn"], stage["stage_name"], methods, headers)


def _read_paths(planned: _Planned, root: str) -> dict[str, str]:
    resources = {each["id"]: each for each in planned.all("aws_api_gateway_resource")}

    def path(resource_id: str) -> str:
        resource = resources.get(resource_id)
        return "" if resource is None or resource_id == root else f"{path(resource['parent_id'])}/{resource['path_part']}"

    return {resource_id: path(resource_id) for resource_id in resources}


def _read_websocket_api(planned: _Planned) -> WebSocketApi:
    api, stage = planned.one("aws_apigatewayv2_api"), planned.one("aws_apigatewayv2_stage")
    uris = {f"integrations/{each['id']}": each["integration_uri"] for each in planned.all("aws_apigatewayv2_integration")}
    replies = {each["route_id"] for each in planned.all("aws_apigatewayv2_route_response")}
    routes = {
        each["route_key"]: Route(
            key=each["route_key"],
            authorization=each["authorization_type"] or "NONE",
            uri=uris[each["target"]],
            replies=bool(each["route_response_selection_expression"]) and each["id"] in replies,
        )
        for each in planned.all("aws_apigatewayv2_route")
    }
    return WebSocketApi(api["id"], api["execution_arn"], stage["name"], api["route_selection_expression"], routes)


def _first(resource: Resource, block: str) -> Resource:
    """Return a block that is there once or not at all."""
    blocks = resource.get(block) or [{}]
    first: Resource = blocks[0]
    return first


def _limit(number: int | None) -> int | None:
    """Return a limit; -1 is none."""
    return None if number is None or number < 0 else number
