"""What a variable's own check refuses and accepts, as Terraform core itself decides."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from paritycheck.source.module import Module

ROOT = Path(__file__).parents[2]

REFUSED: tuple[dict[str, Any], ...] = (
    {
        "env": "test",
        "aws_region": "Frankfurt",
        "project_name": "a-project-name-of-seventy-characters-does-not-fit-into-any-name-of-aws",
        "owner": "",
        "cost_center": "50 %",
        "common_tags": {"aws:made-by": "me"},
        "vpc_cidr": "10.20.0.0/8",
        "public_subnet_cidrs": ["10.20.0.0/24"],
        "private_subnet_cidrs": ["10.20.0.0/24", "10.20.300.0/24"],
        "availability_zones": ["us-east-1a", "us-east-1a"],
        "enable_dns_hostnames": False,
        "websocket_api_name": "Order Tracking",
        "rest_api_name": "1",
        "stage_name": "v1.0",
        "pos_domain": "https://pos.example.com",
        "throttle_burst_limit": 0,
        "throttle_rate_limit": 0,
        "orders_stream_name": "orders/placed",
        "locations_stream_name": "",
        "stream_mode": "provisioned",
        "orders_shard_count": 0,
        "locations_shard_count": 1.5,
        "retention_hours": 23,
        "connections_table": "c",
        "orders_table": "orders!",
        "drivers_locations_table": "",
        "driver_orders_table": "driver orders",
        "driver_profiles_table": "dp",
        "billing_mode": "ON_DEMAND",
        "rcu": 0,
        "wcu": -1,
        "ttl_attribute_name": "expires-at",
        "timeout_s": 901,
        "runtime": "python3.11",
        "reserved_concurrent_executions": 0,
        "node_type": "t4g.small",
        "num_cache_clusters": 3,
        "engine_version": "7.1.0",
        "automatic_failover_enabled": False,
        "multi_az_enabled": False,
        "cluster_identifier": "delivery--db",
        "database_name": "delivery-db",
        "master_username": "admin",
        "instance_class": "db.r6g.large",
        "min_capacity": 0,
        "max_capacity": 1.3,
        "backup_retention_days": 36,
        "preferred_backup_window": "5-6",
        "order_events_topic": "order.events",
        "notifications_domain": "example",
        "external_notifications_topic": "",
        "restaurant_queue_name": "restaurant.fifo",
        "driver_queue_name": "",
        "customer_queue_name": "a-queue-name-of-more-than-forty-characters",
        "visibility_timeout_seconds": 43201,
        "message_retention_seconds": 59,
        "earnings_schedule_expression": "cron(0 3 * * *)",
        "receipts_bucket_name": "Receipts",
        "delivery_photos_bucket_name": "-photos",
        "lifecycle_expiration_days": 0,
        "earnings_workflow_name": "driver settlement",
        "max_concurrency": 41,
        "log_retention_days": 8,
        "alarm_p99_threshold_ms": 0,
        "connection_handler_memory": 127,
        "validator_memory": 127,
        "consumer_memory": 127,
        "matcher_memory": 127,
        "restaurant_memory": 127,
        "driver_memory": 127,
        "customer_memory": 127,
        "location_memory": 127,
        "earnings_memory": 127,
        "analytics_memory": 127,
        "image_memory": 127,
    },
    {
        "project_name": "tap-",
        "aws_region": "us-east-1a",
        "vpc_cidr": "2001:db8::/56",
        "throttle_burst_limit": 1.5,
        "reserved_concurrent_executions": -2,
        "num_cache_clusters": 92,
        "engine_version": "7",
        "min_capacity": 0.75,
        "earnings_schedule_expression": "every night",
        "validator_memory": 256.5,
    },
)

ACCEPTED: tuple[dict[str, Any], ...] = (
    {},
    {
        "env": "staging",
        "aws_region": "us-gov-west-1",
        "project_name": "food-2-go",
        "vpc_cidr": "172.16.0.0/20",
        "stream_mode": "ON_DEMAND",
        "billing_mode": "PROVISIONED",
        "ttl_enabled": False,
        "reserved_concurrent_executions": 100,
        "num_cache_clusters": 90,
        "engine_version": "7.0",
        "min_capacity": 256,
        "earnings_schedule_expression": "rate(1 day)",
        "log_retention_days": 3653,
    },
)

Plan = Callable[[Mapping[str, Any]], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Plans the stack's variables, and nothing else of it, with these values."""
    directory = tmp_path_factory.mktemp("variables")
    stack = (ROOT / "tap_stack.tf").read_text(encoding="utf-8")
    (directory / "variables.tf").write_text("\n".join(re.findall(r"^variable .*?^}$", stack, flags=re.MULTILINE | re.DOTALL)))

    def run(values: Mapping[str, Any]) -> "subprocess.CompletedProcess[str]":
        (directory / "terraform.tfvars.json").write_text(json.dumps({"env": "dev", **values}))
        command = [sys.executable, "-m", "paritycheck.engines.bundled", "plan", "-input=false", "-no-color", "-compact-warnings"]
        return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, env={"CHECKPOINT_DISABLE": "1"})

    return run


@pytest.mark.parametrize("values", REFUSED, ids=["all", "others"])
def test_a_value_that_aws_would_refuse_is_refused_by_name(plan: Plan, values: Mapping[str, Any]) -> None:
    done = plan(values)

    told = set(re.findall(r"The (\w+) must", done.stderr))
    assert (1, set(values)) == (done.returncode, told)


@pytest.mark.parametrize("values", ACCEPTED, ids=["defaults", "others"])
def test_a_value_that_aws_takes_is_accepted(plan: Plan, values: Mapping[str, Any]) -> None:
    done = plan(values)

    assert 0 == done.returncode, done.stderr


def test_every_check_is_tried() -> None:
    checked = {block.labels[0] for block in Module(ROOT).blocks.values() if block.kind == "variable" and block.nested("validation")}

    assert checked == {name for values in REFUSED for name in values}
