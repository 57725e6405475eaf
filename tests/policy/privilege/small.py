"""Small plans of one function with a role, and what the proof says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from paritycheck.config import Config, FunctionSources, LeastPrivilege
from paritycheck.findings import Finding
from paritycheck.normalize import build_vocabulary
from paritycheck.plan import Plan
from paritycheck.policy.privilege import Proof, prove
from paritycheck.source import Sources
from tests.plans import config, document, plan, resource

ACCOUNT = "arn:aws:%s:eu-west-1:123456789012:%s"
FUNCTION = "aws_lambda_function.clerk"
ROLE = "arn:aws:iam::123456789012:role/clerk"
TABLE = ACCOUNT % ("dynamodb", "table/orders")
LOGS = ACCOUNT % ("logs", "log-group:/aws/lambda/clerk:*")
WRITE_LOGS = {"Sid": "Logs", "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": LOGS}

READER = """
import boto3
def handler(event, context):
    boto3.client("dynamodb").get_item(TableName="orders", Key={})
"""
READ = {"Sid": "Read", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE}


def policy(*statements: Mapping[str, Any]) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def base(**more: Any) -> list[dict[str, Any]]:
    """Return a function, its role and its log group; keyword arguments are attributes of the function."""
    function = {
        "function_name": "clerk",
        "role": ROLE,
        "runtime": "python3.12",
        "handler": "app.handler",
        "arn": ACCOUNT % ("lambda", "function:clerk"),
    }
    return [
        resource(FUNCTION, {**function, **more}),
        resource("aws_iam_role.clerk", {"name": "clerk", "arn": ROLE, "id": "clerk"}),
        resource("aws_cloudwatch_log_group.clerk", {"name": "/aws/lambda/clerk", "arn": LOGS.removesuffix(":*")}),
        resource("aws_dynamodb_table.orders", {"name": "orders", "arn": TABLE}),
        resource("data.aws_region.current", {"region": "eu-west-1"}),
    ]


def role_policy(text: Any, **change: Any) -> dict[str, Any]:
    """Return the role's policy."""
    return resource("aws_iam_role_policy.clerk", {"role": "clerk", "policy": text}, **change)


def find(
    directory: Path, code: str, *resources: dict[str, Any], observed: Sequence[Mapping[str, str]] = (), **more: Any
) -> tuple[Finding, ...]:
    """Prove a function with some code, the resources of `base` and others."""
    (directory / "app.py").write_text(code, encoding="utf-8")
    seen = directory / "observed.json"
    seen.write_text(json.dumps({"format_version": 1, "calls": list(observed)}), encoding="utf-8")
    settings = LeastPrivilege((FunctionSources((FUNCTION,), (str(directory),)),), seen)
    return prove_all([plan(document(*base(**more), *resources))], replace(config(), least_privilege=settings))


def prove_all(plans: Sequence[Plan], config: Config, sources: Sequence[Sources] = (), proof: Proof | None = None) -> tuple[Finding, ...]:
    """Prove plans as a run does."""
    return prove(plans, config, sources, build_vocabulary(plans, config.normalize), proof=proof)


def told(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Return rule, address and path of findings."""
    return [(finding.rule, finding.address, finding.path) for finding in findings]
