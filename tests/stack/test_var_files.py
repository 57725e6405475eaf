"""The three var files: the stack ends in a copy of each, and they differ in capacity alone."""

import re
from pathlib import Path

import pytest

from paritycheck.source.syntax import SourceFile

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ("dev", "staging", "prod")

ALLOWED_TO_DIFFER = {
    "API throttle limits": {"throttle_burst_limit", "throttle_rate_limit"},
    "Kinesis shard counts": {"orders_shard_count", "locations_shard_count"},
    "DynamoDB capacity": {"rcu", "wcu"},
    "Lambda memory and concurrency": {
        "connection_handler_memory",
        "validator_memory",
        "consumer_memory",
        "matcher_memory",
        "restaurant_memory",
        "driver_memory",
        "customer_memory",
        "location_memory",
        "earnings_memory",
        "analytics_memory",
        "image_memory",
        "reserved_concurrent_executions",
    },
    "Redis cluster nodes": {"num_cache_clusters"},
    "Aurora capacity": {"min_capacity", "max_capacity"},
    "SQS retention": {"message_retention_seconds"},
    "schedule frequency": {"earnings_schedule_expression"},
    "alarm thresholds": {"alarm_p99_threshold_ms"},
}


def var_file(environment: str) -> Path:
    return ROOT / "tfvars" / f"{environment}.tfvars"


def values(environment: str) -> dict[str, str]:
    """The file's values by variable, as they are written."""
    return {name: attribute.value.text for name, attribute in SourceFile(var_file(environment)).attributes.items()}


def examples() -> dict[str, str]:
    """The examples at the end of the stack by environment, without their comment signs."""
    text = (ROOT / "tap_stack.tf").read_text(encoding="utf-8")
    parts = re.split(r"^# --- (\w+)\.tfvars -+\n#\n", text, flags=re.MULTILINE)[1:]
    return {name: re.sub(r"^# ?", "", body.rstrip() + "\n", flags=re.MULTILINE) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def test_the_stack_ends_in_the_three_var_files() -> None:
    expected = {environment: var_file(environment).read_text(encoding="utf-8") for environment in ENVIRONMENTS}

    assert expected == examples()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_var_file_names_its_environment(environment: str) -> None:
    assert f'"{environment}"' == values(environment)["env"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_var_file_sets_what_may_differ_and_nothing_else(environment: str) -> None:
    assert {"env"}.union(*ALLOWED_TO_DIFFER.values()) == set(values(environment))


@pytest.mark.parametrize("kind", ALLOWED_TO_DIFFER)
def test_every_allowed_difference_is_used(kind: str) -> None:
    used = {tuple(values(environment)[name] for name in sorted(ALLOWED_TO_DIFFER[kind])) for environment in ENVIRONMENTS}

    assert len(used) > 1
