"""The stack as it is planned offline: one topology, what the real provider plans, and refusals of values that do not fit together."""

import dataclasses
import gzip
import importlib
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
    "aws_cloudwatch_log_group": 2,
    "aws_default_security_group": 1,
    "aws_dynamodb_table": 5,
    "aws_eip": 2,
    "aws_flow_log": 1,
    "aws_iam_role": 2,
    "aws_iam_role_policy": 2,
    "aws_internet_gateway": 1,
    "aws_kinesis_stream": 2,
    "aws_kms_alias": 1,
    "aws_kms_key": 1,
    "aws_lambda_function": 1,
    "aws_nat_gateway": 2,
    "aws_route": 3,
    "aws_route_table": 3,
    "aws_route_table_association": 4,
    "aws_security_group": 2,
    "aws_sns_topic": 2,
    "aws_sns_topic_policy": 2,
    "aws_sns_topic_subscription": 3,
    "aws_sqs_queue": 7,
    "aws_sqs_queue_policy": 7,
    "aws_sqs_queue_redrive_allow_policy": 3,
    "aws_subnet": 4,
    "aws_vpc": 1,
    "aws_vpc_endpoint": 10,
    "aws_vpc_security_group_egress_rule": 3,
    "aws_vpc_security_group_ingress_rule": 1,
}

POLICIES = {
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
    "aws_kms_key": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue_policy": "policy",
    "aws_vpc_endpoint": "policy",
}
"""Where the resource types hold their policies."""

Plans = dict[str, dict[str, Any]]


def plan(variables: dict[str, Any] | None = None) -> Plans:
    """Each environment's plan JSON, with these variables on top of the var file."""
    environments = [dataclasses.replace(environment, variables=variables or {}) for environment in CONFIG.environments]
    documents = select_engine(CONFIG).documents(environments)
    return {environment.name: json.loads(document) for environment, document in zip(environments, documents, strict=True)}


def resources(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {change["address"]: change for change in document["resource_changes"]}


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
    assert Counter(TOPOLOGY) == Counter(change["type"] for change in plans[environment]["resource_changes"])


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


def test_every_policy_is_known_before_apply(plans: Plans) -> None:
    changes = [change for change in plans["prod"]["resource_changes"] if change["type"] in POLICIES]

    assert [] == [change["address"] for change in changes if not change["change"]["after"].get(POLICIES[change["type"]])]


def test_the_same_sources_are_the_same_archive_everywhere(plans: Plans) -> None:
    hashes = {
        change["change"]["after"]["source_code_hash"]
        for document in plans.values()
        for change in document["resource_changes"]
        if change["type"] == "aws_lambda_function"
    }

    assert TOPOLOGY["aws_lambda_function"] == len(hashes)


def test_every_function_finds_its_handler_and_its_settings(plans: Plans) -> None:
    for function in resources(plans["prod"]).values():
        if function["type"] == "aws_lambda_function":
            package, module, handler = function["change"]["after"]["handler"].split(".")
            (environment,) = function["change"]["after"]["environment"]

            assert callable(getattr(importlib.import_module(f"{package}.{module}"), handler))
            assert importlib.import_module(f"{package}.settings").read_settings(environment["variables"])


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
