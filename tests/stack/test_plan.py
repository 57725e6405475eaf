"""The stack as it is planned offline: one topology, what the real provider plans, and refusals of values that do not fit together."""

import dataclasses
import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.errors import ParityError

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "assets" / "stack"
CONFIG = load_config(ROOT / "parity.yaml")
ENVIRONMENTS = [environment.name for environment in CONFIG.environments]

TOPOLOGY = {
    "aws_api_gateway_account": 1,
    "aws_api_gateway_client_certificate": 1,
    "aws_api_gateway_deployment": 1,
    "aws_api_gateway_gateway_response": 2,
    "aws_api_gateway_integration": 3,
    "aws_api_gateway_integration_response": 1,
    "aws_api_gateway_method": 3,
    "aws_api_gateway_method_response": 1,
    "aws_api_gateway_method_settings": 1,
    "aws_api_gateway_model": 1,
    "aws_api_gateway_request_validator": 1,
    "aws_api_gateway_resource": 3,
    "aws_api_gateway_rest_api": 1,
    "aws_api_gateway_stage": 1,
    "aws_apigatewayv2_api": 1,
    "aws_apigatewayv2_deployment": 1,
    "aws_apigatewayv2_integration": 3,
    "aws_apigatewayv2_route": 3,
    "aws_apigatewayv2_route_response": 1,
    "aws_apigatewayv2_stage": 1,
    "aws_cloudwatch_dashboard": 1,
    "aws_cloudwatch_event_rule": 1,
    "aws_cloudwatch_event_target": 1,
    "aws_cloudwatch_log_group": 28,
    "aws_cloudwatch_log_metric_filter": 9,
    "aws_cloudwatch_metric_alarm": 97,
    "aws_db_subnet_group": 1,
    "aws_default_security_group": 1,
    "aws_dynamodb_contributor_insights": 2,
    "aws_dynamodb_table": 5,
    "aws_eip": 2,
    "aws_elasticache_parameter_group": 1,
    "aws_elasticache_replication_group": 1,
    "aws_elasticache_subnet_group": 1,
    "aws_flow_log": 1,
    "aws_iam_role": 22,
    "aws_iam_role_policy": 21,
    "aws_iam_role_policy_attachment": 1,
    "aws_internet_gateway": 1,
    "aws_kinesis_stream": 2,
    "aws_kms_alias": 1,
    "aws_kms_key": 1,
    "aws_lambda_event_source_mapping": 7,
    "aws_lambda_function": 17,
    "aws_lambda_function_event_invoke_config": 2,
    "aws_lambda_layer_version": 1,
    "aws_lambda_permission": 5,
    "aws_nat_gateway": 2,
    "aws_rds_cluster": 1,
    "aws_rds_cluster_instance": 2,
    "aws_rds_cluster_parameter_group": 1,
    "aws_route": 3,
    "aws_route_table": 3,
    "aws_route_table_association": 4,
    "aws_s3_bucket": 3,
    "aws_s3_bucket_cors_configuration": 2,
    "aws_s3_bucket_lifecycle_configuration": 3,
    "aws_s3_bucket_logging": 2,
    "aws_s3_bucket_notification": 2,
    "aws_s3_bucket_ownership_controls": 3,
    "aws_s3_bucket_policy": 3,
    "aws_s3_bucket_public_access_block": 3,
    "aws_s3_bucket_server_side_encryption_configuration": 3,
    "aws_s3_bucket_versioning": 3,
    "aws_secretsmanager_secret": 1,
    "aws_secretsmanager_secret_version": 1,
    "aws_security_group": 7,
    "aws_sfn_state_machine": 1,
    "aws_sns_topic": 3,
    "aws_sns_topic_policy": 3,
    "aws_sns_topic_subscription": 4,
    "aws_sqs_queue": 10,
    "aws_sqs_queue_policy": 10,
    "aws_sqs_queue_redrive_allow_policy": 3,
    "aws_subnet": 4,
    "aws_vpc": 1,
    "aws_vpc_endpoint": 9,
    "aws_vpc_security_group_egress_rule": 6,
    "aws_vpc_security_group_ingress_rule": 3,
    "random_password": 1,
}

POLICIES = {
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
    "aws_kms_key": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue_policy": "policy",
    "aws_vpc_endpoint": "policy",
}
"""Where the resource types hold their policies."""

CALLERS_OF_APIS = {"driver_consumer", "location_processor", "restaurant_consumer"}
"""Functions whose policies name an API by its ID, which AWS gives."""

Plans = dict[str, dict[str, Any]]


def plan(variables: dict[str, Any] | None = None) -> Plans:
    """Each environment's plan JSON, with these variables on top of the var file."""
    environments = [dataclasses.replace(environment, variables=variables or {}) for environment in CONFIG.environments]
    documents = select_engine(CONFIG).documents(environments)
    return {environment.name: json.loads(document) for environment, document in zip(environments, documents, strict=True)}


def resources(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {change["address"]: change for change in document["resource_changes"]}


def functions(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [change["change"]["after"] for change in resources(document).values() if change["type"] == "aws_lambda_function"]


def provider_work(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The changes by address without the hashes of the functions' sources, which no provider plans."""
    return {
        address: change["change"] | {"after": {**change["change"]["after"], "source_code_hash": None}}
        for address, change in resources(document).items()
    }


@pytest.fixture(scope="module")
def plans() -> Plans:
    return plan()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_has_the_whole_topology(plans: Plans, environment: str) -> None:
    assert TOPOLOGY == Counter(change["type"] for change in resources(plans[environment]).values() if change["mode"] == "managed")


def test_the_environments_have_the_same_addresses(plans: Plans) -> None:
    assert 1 == len({frozenset(resources(document)) for document in plans.values()})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_offline_engine_plans_what_the_real_provider_plans(plans: Plans, environment: str) -> None:
    """`tools/record_stack.py` records the real provider's plans anew, after a change of the stack."""
    recorded = json.loads(gzip.decompress((RECORDED / f"{environment}.json.gz").read_bytes()))
    expected, actual = provider_work(recorded), provider_work(plans[environment])

    assert expected.keys() == actual.keys()
    assert [] == [address for address in expected if expected[address] != actual[address]]
    assert recorded["output_changes"] == plans[environment]["output_changes"]


def test_every_policy_that_names_no_api_is_known_before_apply(plans: Plans) -> None:
    changes = [change for change in plans["prod"]["resource_changes"] if change["type"] in POLICIES]
    unknown = {change["address"] for change in changes if not change["change"]["after"].get(POLICIES[change["type"]])}

    assert {f'aws_iam_role_policy.function["{role}"]' for role in CALLERS_OF_APIS} == unknown


@pytest.mark.parametrize("role", sorted(CALLERS_OF_APIS))
def test_of_a_policy_that_names_an_api_all_but_the_api_is_known(plans: Plans, role: str) -> None:
    read = resources(plans["prod"])[f'data.aws_iam_policy_document.function["{role}"]']["change"]
    unknown = [
        statement["sid"]
        for statement, marks in zip(read["after"]["statement"], read["after_unknown"]["statement"], strict=True)
        if any(marks.get("resources", []))
    ]

    assert [True] == [sid in ("PostToConnections", "SendToRestaurants") for sid in unknown]


def test_the_policies_of_a_role_fit_into_it(plans: Plans) -> None:
    """A role holds 10,240 characters of inline policies, white space not counted; see IAM's quotas."""
    sizes = {
        change["address"]: len(re.sub(r"\s", "", change["change"]["after"].get("policy") or ""))
        for change in resources(plans["prod"]).values()
        if change["type"] == "aws_iam_role_policy"
    }

    assert [] == [address for address, size in sizes.items() if size > 8_000]


def test_every_function_has_a_role_of_its_own(plans: Plans) -> None:
    references = {
        resource["for_each_expression"]["references"][0]
        for resource in plans["prod"]["configuration"]["root_module"]["resources"]
        if resource["address"] in ("aws_iam_role.function", "aws_iam_role_policy.function", "aws_lambda_function.this")
    }

    assert {"local.functions"} == references


def test_the_same_sources_are_the_same_archive_everywhere(plans: Plans) -> None:
    hashes = {function["source_code_hash"] for document in plans.values() for function in functions(document)}

    assert TOPOLOGY["aws_lambda_function"] == len(hashes)  # each function has a file of its own


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"aws_region": "eu-central-1"}, r"The availability_zones \(us-east-1a, us-east-1b\) must be zones of aws_region \(eu-central-1\)"),
        ({"availability_zones": ["us-east-1a", "us-east-1b", "us-east-1c"]}, r"must be as many as the availability_zones"),
        ({"vpc_cidr": "10.21.0.0/16"}, r"must lie inside vpc_cidr \(10\.21\.0\.0/16\)"),
        ({"timeout_s": 31}, r"The visibility_timeout_seconds \(180\) must be at least six times timeout_s \(31\)"),
    ],
    ids=["zones of another region", "too few subnets", "subnets outside", "retries that overlap"],
)
def test_values_that_do_not_fit_together_are_refused(variables: dict[str, Any], message: str) -> None:
    with pytest.raises(ParityError) as caught:
        plan(variables)

    assert re.search(message, f"{caught.value.message} {caught.value.details}".replace("\n", " "))


def test_the_other_modes_of_streams_and_tables_are_planned() -> None:
    document = plan({"stream_mode": "ON_DEMAND", "billing_mode": "PROVISIONED", "ttl_enabled": False})["dev"]
    planned = {address: change["change"]["after"] for address, change in resources(document).items()}
    orders = planned['aws_dynamodb_table.this["orders"]']

    assert (
        "shard_count" not in planned['aws_kinesis_stream.this["orders"]']
        or planned['aws_kinesis_stream.this["orders"]']["shard_count"] is None
    )
    assert (50, 50, []) == (orders["read_capacity"], orders["write_capacity"], orders["on_demand_throughput"])
    assert [{"attribute_name": None, "enabled": False}] == [
        {key: ttl[key] for key in ("attribute_name", "enabled")} for ttl in planned['aws_dynamodb_table.this["connections"]']["ttl"]
    ]
