"""The stack holds parity: `paritycheck run` passes, and every allowed difference is one that the specification names."""

import dataclasses
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from paritycheck import parity
from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Severity
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.schemas.sets import set_test

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "WebSocket concurrent connections": {"websocket-connections": {"max_read_request_units", "max_write_request_units"}},
    "API throttle limits": {"api-throttle-limits": {"throttling_burst_limit", "throttling_rate_limit"}},
    "Kinesis shard counts": {"kinesis-shard-counts": {"shard_count"}},
    "DynamoDB capacity": {"dynamodb-capacity": {"max_read_request_units", "max_write_request_units"}},
    "Lambda memory/concurrency": {
        "lambda-memory": {"memory_size"},
        "lambda-concurrency": {"reserved_concurrent_executions"},
        "lambda-queue-concurrency": {"maximum_concurrency"},
    },
    "Redis cluster nodes": {"redis-cluster-nodes": {"num_node_groups"}},
    "Aurora capacity": {"aurora-capacity": {"min_capacity", "max_capacity"}},
    "SQS retention": {"sqs-retention": {"message_retention_seconds"}},
    "TTL duration": {"ttl-duration": {"CONNECTION_TTL_SECONDS"}},
    "schedule frequency": {"schedule-frequency": {"schedule_expression"}},
    "alarm thresholds": {"alarm-thresholds": {"threshold"}, "alarm-latency-threshold": {"threshold"}},
}
"""What differs, by the specification's words and by allow rule."""

FORBIDDEN = {
    "different WebSocket routes": {"websocket-routes"},
    "matching algorithm": {"matching-algorithm", "function-code"},
    "earnings calculation logic": {"earnings-calculation", "function-code"},
}
"""What may never differ, by the specification's words and by protect rule."""


LEFT_BY_TERRAFORM = (".terraform", ".terraform.lock.hcl", "terraform.tfstate", "build")


def left() -> set[str]:
    """What Terraform leaves in a working directory, of what is there now."""
    return {name for name in LEFT_BY_TERRAFORM if (ROOT / name).exists()}


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    there = left()
    command = [sys.executable, "-m", "paritycheck", "run", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return {"exit_code": done.returncode, "left": left() - there, **json.loads(done.stdout)}


def test_the_environments_hold_parity(report: dict[str, Any]) -> None:
    assert (0, "pass", []) == (report["exit_code"], report["verdict"], report["findings"])


@pytest.mark.parametrize("variables", [{"billing_mode": "PROVISIONED"}, {"stream_mode": "ON_DEMAND"}, {"ttl_enabled": False}], ids=str)
def test_the_environments_hold_parity_in_every_mode(variables: dict[str, Any]) -> None:
    config = load_config(ROOT / "parity.yaml")
    plans = select_engine(config).plan_all([dataclasses.replace(environment, variables=variables) for environment in config.environments])

    report = parity.check(plans, config, is_set=set_test(builtin_providers(ROOT)), today=date(2026, 1, 1))

    assert [] == [finding for finding in report.findings if finding.severity is Severity.ERROR]


def test_what_differs_is_what_the_specification_allows(report: dict[str, Any]) -> None:
    differing: dict[str, set[str]] = {}
    for difference in report["allowed"]:
        differing.setdefault(difference["allow"], set()).add(difference["path"].rpartition(".")[2])

    assert {rule: paths for rules in ALLOWED.values() for rule, paths in rules.items()} == differing


def test_the_rules_are_those_that_the_specification_names() -> None:
    config = load_config(ROOT / "parity.yaml")

    assert 11 == len(ALLOWED)
    assert {rule for rules in ALLOWED.values() for rule in rules} == {rule.id for rule in config.allow}
    assert set().union(*FORBIDDEN.values()) == {rule.id for rule in config.protect}


def test_planning_leaves_nothing_behind(report: dict[str, Any]) -> None:
    assert set() == report["left"]
