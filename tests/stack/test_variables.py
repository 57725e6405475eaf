"""The stack's variables: all that the specification names, each described, typed and checked."""

from pathlib import Path

import pytest

from paritycheck.source.module import Module
from paritycheck.source.syntax import Block

ROOT = Path(__file__).parents[2]

SPECIFIED = {
    "Environment": "env aws_region project_name owner cost_center common_tags",
    "Network": "vpc_cidr public_subnet_cidrs private_subnet_cidrs availability_zones enable_dns_hostnames",
    "API Gateway": "websocket_api_name rest_api_name stage_name throttle_burst_limit throttle_rate_limit",
    "Kinesis": "orders_stream_name locations_stream_name stream_mode orders_shard_count locations_shard_count retention_hours",
    "DynamoDB": (
        "connections_table orders_table drivers_locations_table driver_orders_table driver_profiles_table billing_mode rcu wcu "
        "ttl_enabled ttl_attribute_name"
    ),
    "Lambda": (
        "connection_handler_memory validator_memory consumer_memory matcher_memory restaurant_memory driver_memory customer_memory "
        "location_memory earnings_memory analytics_memory image_memory timeout_s runtime reserved_concurrent_executions"
    ),
    "Redis": "node_type num_cache_clusters engine_version automatic_failover_enabled multi_az_enabled",
    "Aurora": (
        "cluster_identifier database_name master_username instance_class min_capacity max_capacity backup_retention_days "
        "preferred_backup_window"
    ),
    "SNS": "order_events_topic external_notifications_topic",
    "SQS": "restaurant_queue_name driver_queue_name customer_queue_name visibility_timeout_seconds message_retention_seconds",
    "EventBridge": "earnings_schedule_expression",
    "S3": "receipts_bucket_name delivery_photos_bucket_name lifecycle_expiration_days",
    "Step Functions": "earnings_workflow_name max_concurrency",
    "CloudWatch": "log_retention_days alarm_p99_threshold_ms",
}
"""The specification's variables, in its order, by the title of the section that declares them."""

OUTSIDE = {"API Gateway": "pos_domain", "SNS": "notifications_domain"}
"""Where the systems outside AWS are that the specification calls external, by section; nobody can know them before."""

NAMES = [name for names in SPECIFIED.values() for name in names.split()]

BOTH_VALUES_ARE_GOOD = {"ttl_enabled"}
"""Variables that nothing needs to check: a truth value, either of which works."""


@pytest.fixture(scope="module")
def variables() -> dict[str, Block]:
    """The declared variables by name, in their order."""
    return {block.labels[0]: block for block in Module(ROOT).blocks.values() if block.kind == "variable"}


def test_the_variables_are_those_of_the_specification_in_its_order(variables: dict[str, Block]) -> None:
    assert NAMES == [name for name in variables if name not in OUTSIDE.values()]


def test_no_other_variables_than_the_external_systems_are_added(variables: dict[str, Block]) -> None:
    assert set(OUTSIDE.values()) == set(variables) - set(NAMES)


@pytest.mark.parametrize("name", [*NAMES, *OUTSIDE.values()])
def test_a_variable_is_described_and_typed(variables: dict[str, Block], name: str) -> None:
    assert ["description", "type"] == list(variables[name].attributes)[:2]


@pytest.mark.parametrize("name", [*NAMES, *OUTSIDE.values()])
def test_a_variable_but_the_environment_has_a_default(variables: dict[str, Block], name: str) -> None:
    assert (name != "env") == ("default" in variables[name].attributes)


@pytest.mark.parametrize("name", [*NAMES, *OUTSIDE.values()])
def test_a_variable_checks_itself_and_names_itself(variables: dict[str, Block], name: str) -> None:
    checks = variables[name].nested("validation")

    assert (name not in BOTH_VALUES_ARE_GOOD) == bool(checks)
    assert all(f"The {name} " in check.attributes["error_message"].value.text for check in checks)


def test_a_check_refers_to_no_other_variable(variables: dict[str, Block]) -> None:
    """Terraform before 1.9 refuses one that does."""
    conditions = [(name, check.attributes["condition"].value.text) for name in variables for check in variables[name].nested("validation")]

    assert [] == [name for name, condition in conditions if "var." in condition.replace(f"var.{name}", "")]
