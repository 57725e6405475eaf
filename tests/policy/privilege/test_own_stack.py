"""This repository's stack: every function may do what it needs and no more, and what is broken is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Config, FunctionSources, LeastPrivilege, load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Finding
from paritycheck.plan import Plan, read_plan
from paritycheck.policy.privilege import Proof
from paritycheck.source import load_all
from tests.policy.privilege.small import prove_all

ROOT = Path(__file__).parents[3]
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "lambdas").glob("*/handler.py"))
REDIS = ["analytics", "location_processor", "matcher", "order_processor"]
PRIVILEGE = LeastPrivilege(
    (FunctionSources(("aws_lambda_function.this",), (str(ROOT / "lambdas"),)),), ROOT / "tests" / "assets" / "observed_calls.json"
)

Break = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def config() -> Config:
    return replace(load_config(ROOT / "parity.yaml"), least_privilege=PRIVILEGE)


@pytest.fixture(scope="module")
def plans(config: Config) -> Sequence[Plan]:
    return select_engine(config).plan_all(config.environments)


@pytest.fixture(scope="module")
def check(config: Config) -> Callable[[Sequence[Plan]], tuple[Finding, ...]]:
    sources = load_all(config.environments, config.normalize.variable)
    proof = Proof(PRIVILEGE)
    return lambda plans: prove_all(plans, config, sources, proof=proof)


@pytest.fixture
def broken(plans: Sequence[Plan], check: Callable[[Sequence[Plan]], tuple[Finding, ...]]) -> Break:
    """Return what is found after a text of every plan is another one, of the policies in it; `ENV` is the environment."""

    def break_and_check(old: str, new: str, *only: str) -> list[tuple[str, str, str]]:
        found = check([_edit(plan, old, new) if plan.environment in (only or _ALL) else plan for plan in plans])
        return [(each.rule, each.address, each.path) for each in found]

    return break_and_check


_ALL = ("dev", "staging", "prod")


def _edit(plan: Plan, old: str, new: str) -> Plan:
    """Replace a text in policies, which are JSON in JSON, and in the statements of documents that wait for apply."""
    before, after = (text.replace("ENV", plan.environment) for text in (old, new))
    text = plan.document.replace(json.dumps(before)[1:-1].encode(), json.dumps(after)[1:-1].encode())
    if new.count('"') == 2:
        text = text.replace(before.encode(), after.encode())

    assert text != plan.document
    return read_plan(text, environment=plan.environment, engine="offline", origin="broken")


def of_function(rule: str, role: str, sid: str) -> tuple[str, str, str]:
    return rule, f'aws_iam_role_policy.function["{role}"]', f"policy.Statement[{sid}]"


def test_no_function_is_granted_too_much_or_too_little_in_any_environment(
    plans: Sequence[Plan], check: Callable[[Sequence[Plan]], tuple[Finding, ...]]
) -> None:
    assert () == check(plans)


def test_every_function_is_held_against_its_role(broken: Break) -> None:
    found = broken('"logs:PutLogEvents"', '"logs:DeleteLogGroup"')

    assert [of_function("unused-grant", role, "WriteLogs") for role in FUNCTIONS] == sorted(
        each for each in found if each[0] == "unused-grant"
    )
    assert FUNCTIONS == sorted(re.findall(r'"(\w+)"', " ".join(address for rule, address, _ in found if rule == "missing-grant")))


@pytest.mark.parametrize(
    ("old", "new", "rule", "sid", "roles"),
    [
        ('"dynamodb:BatchGetItem"', '["dynamodb:BatchGetItem","dynamodb:Scan"]', "unused-grant", "ReadWorkload", ["matcher"]),
        ('"rekognition:DetectLabels"', '"rekognition:*"', "unused-grant", "DetectLabels", ["image_validator"]),
        ("table/tap-ENV-driver-locations/index/geohash5", "table/*", "wide-resource", "FindDrivers", ["order_processor"]),
        ("log-group:/aws/lambda/tap-ENV-analytics:*", "log-group:*", "wide-resource", "WriteLogs", ["analytics"]),
        ("secret:tap-ENV-redis-auth-??????", "secret:tap-ENV-*", "wide-resource", "ReadRedisToken", REDIS),
        ('"kinesis:ListShards"', '"kinesis:DeleteStream"', "unused-grant", "ReadStream", ["location_processor", "order_processor"]),
    ],
)
def test_a_grant_beyond_the_needs_is_found_at_its_statement(
    broken: Break, old: str, new: str, rule: str, sid: str, roles: list[str]
) -> None:
    assert [of_function(rule, role, sid) for role in roles] == sorted(each for each in broken(old, new) if each[0] != "missing-grant")


@pytest.mark.parametrize(
    ("old", "new", "role", "action"),
    [
        ('"dynamodb:BatchGetItem"', '"dynamodb:Scan"', "matcher", "dynamodb:BatchGetItem"),
        ('"sns.us-east-1.amazonaws.com"', '"ssm.us-east-1.amazonaws.com"', "order_publisher", "kms:Decrypt"),
        ("table/tap-ENV-orders/stream/*", "table/tap-ENV-orders/stream/2020*", "analytics", "dynamodb:GetRecords"),
        ("receipts/*", "receipts/2*", "customer_consumer", "s3:PutObject"),
        ('"alias/tap-ENV"', '["alias/other", "alias/another"]', "earnings_lister", "kms:Decrypt"),
    ],
)
def test_a_need_without_a_grant_is_found_at_its_function(broken: Break, old: str, new: str, role: str, action: str) -> None:
    missing = [(address, path) for rule, address, path in broken(old, new) if rule == "missing-grant"]

    assert any(address == f'aws_lambda_function.this["{role}"]' and path.startswith(f"role[{action} ") for address, path in missing)


def test_a_resource_that_waits_for_apply_is_undecided_where_the_source_says_something_else(broken: Break) -> None:
    found = broken('"execute-api:Invoke"', '"execute-api:InvalidateCache"')

    assert of_function("undecided-grant", "restaurant_consumer", "SendToRestaurants") in found


def test_a_grant_of_production_alone_is_an_excess(broken: Break) -> None:
    found = broken('"dynamodb:BatchGetItem"', '["dynamodb:BatchGetItem","dynamodb:BatchWriteItem"]', "prod")

    assert [of_function("excess-grant", "matcher", "ReadWorkload"), of_function("unused-grant", "matcher", "ReadWorkload")] == sorted(found)


def test_a_grant_that_development_alone_has_is_no_excess(broken: Break) -> None:
    found = broken('"dynamodb:BatchGetItem"', '["dynamodb:BatchGetItem","dynamodb:BatchWriteItem"]', "dev")

    assert [of_function("unused-grant", "matcher", "ReadWorkload")] == found


def test_who_may_take_a_role_on_is_compared_too(broken: Break) -> None:
    found: list[Any] = broken('"events.amazonaws.com"', '["events.amazonaws.com","ec2.amazonaws.com"]', "prod")

    assert ("excess-grant", "aws_iam_role.earnings_schedule") in [(rule, address) for rule, address, _ in found]
