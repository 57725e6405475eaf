"""Plan documents of any size, as Terraform writes them, in which every name holds the environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ENVIRONMENTS = ("dev", "staging", "prod")


def _queue(environment: str, index: int, *, drifted: bool) -> dict[str, Any]:
    name = f"tap-{environment}-orders-{index}"
    arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    statement = {
        "Sid": "Send",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    tags = {"Environment": environment, "Name": name, "Owner": "platform"}
    return {
        "content_based_deduplication": False,
        "delay_seconds": 0,
        "fifo_queue": False,
        "kms_master_key_id": f"alias/tap-{environment}",
        "max_message_size": 262144,
        "message_retention_seconds": 345601 if drifted else 345600,
        "name": name,
        "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        "receive_wait_time_seconds": 20,
        "tags": tags,
        "tags_all": tags,
        "visibility_timeout_seconds": 180,
    }


def _change(environment: str, index: int, *, drifted: bool) -> dict[str, Any]:
    unknown = {"arn": True, "deduplication_scope": True, "fifo_throughput_limit": True, "id": True, "url": True, "tags": {}, "tags_all": {}}
    change = {
        "actions": ["create"],
        "before": None,
        "after": _queue(environment, index, drifted=drifted),
        "after_unknown": unknown,
        "before_sensitive": False,
        "after_sensitive": {"tags": {}, "tags_all": {}},
    }
    return {
        "address": f"aws_sqs_queue.orders[{index}]",
        "mode": "managed",
        "type": "aws_sqs_queue",
        "name": "orders",
        "index": index,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": change,
    }


def document(environment: str, resources: int, drift_every: int = 100) -> dict[str, Any]:
    """Return a plan document; in prod, every hundredth resource really differs."""
    changes = [_change(environment, index, drifted=environment == "prod" and index % drift_every == 0) for index in range(resources)]
    planned = [
        {key: change[key] for key in ("address", "mode", "type", "name", "index", "provider_name")}
        | {"schema_version": 0, "values": change["change"]["after"], "sensitive_values": {"tags": {}, "tags_all": {}}}
        for change in changes
    ]
    name = {"references": ["var.env", "count.index"]}
    configured = {
        "address": "aws_sqs_queue.orders",
        "mode": "managed",
        "type": "aws_sqs_queue",
        "name": "orders",
        "provider_config_key": "aws",
    }
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"env": {"value": environment}},
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}},
            "root_module": {"resources": [configured | {"expressions": {"name": name}, "schema_version": 0}], "variables": {"env": {}}},
        },
        "timestamp": "2025-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }


def write_plans(directory: Path, resources: int) -> list[Path]:
    """Write one plan file an environment, and return their paths in order."""
    paths = [directory / f"{environment}.json" for environment in ENVIRONMENTS]
    for environment, path in zip(ENVIRONMENTS, paths, strict=True):
        path.write_text(json.dumps(document(environment, resources), separators=(",", ":")), encoding="utf-8")
    return paths
