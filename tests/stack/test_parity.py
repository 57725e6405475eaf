"""The stack holds parity: `paritycheck run` passes, and every allowed difference is one that the specification names."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "kinesis-shard-counts": {"shard_count"},
    "dynamodb-capacity": {"max_read_request_units", "max_write_request_units"},
    "websocket-connections": {"max_read_request_units", "max_write_request_units"},
    "lambda-memory": {"memory_size"},
    "lambda-concurrency": {"reserved_concurrent_executions"},
    "sqs-retention": {"message_retention_seconds"},
}
"""The attributes that differ, by allow rule."""


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    command = [sys.executable, "-m", "paritycheck", "run", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return {"exit_code": done.returncode, **json.loads(done.stdout)}


def test_the_environments_hold_parity(report: dict[str, Any]) -> None:
    assert (0, "pass", []) == (report["exit_code"], report["verdict"], report["findings"])


def test_what_differs_is_what_the_specification_allows(report: dict[str, Any]) -> None:
    differing: dict[str, set[str]] = {}
    for difference in report["allowed"]:
        differing.setdefault(difference["allow"], set()).add(difference["path"].rpartition(".")[2])

    assert ALLOWED == differing


def test_planning_leaves_nothing_behind(report: dict[str, Any]) -> None:
    assert [] == [name for name in (".terraform", ".terraform.lock.hcl", "terraform.tfstate", "build") if (ROOT / name).exists()]
