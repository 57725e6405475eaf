"""What the stack is to its functions' calls, and what the tests' names stand for."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.policy.iam import Effect, PolicyError, Request, Verdict, decide
from tests.observation.stack import Changes, Resource, Stack, UnknownResourceError, load_changes, plan_changes, read_stack

TABLE, SECRET, STREAM = "aws_dynamodb_table", "aws_secretsmanager_secret", "aws_kinesis_stream"


@pytest.fixture(scope="module")
def changes() -> Changes:
    return plan_changes()


@pytest.fixture(scope="module")
def stack(changes: Changes) -> Stack:
    return read_stack(changes)


def find(stack: Stack, kind: str, name: str, role: str = "analytics", environ: Mapping[str, str] | None = None) -> str:
    """The address of what a function calls."""
    return stack.find(kind, name, stack.functions[role], environ or {}).address


class TestNames:
    def test_a_planned_name_and_a_planned_arn_stand_for_themselves(self, stack: Stack) -> None:
        expected = 'aws_dynamodb_table.this["driver_orders"]'

        assert expected == find(stack, TABLE, "tap-staging-driver-orders")
        assert expected == find(stack, TABLE, "arn:aws:dynamodb:us-east-1:123456789012:table/tap-staging-driver-orders")

    def test_a_variables_value_stands_for_what_is_planned_for_it(self, stack: Stack) -> None:
        environ = {"DRIVER_PROFILES_TABLE": "any", "OTHER": "other"}

        assert 'aws_dynamodb_table.this["driver_profiles"]' == find(stack, TABLE, "any", "earnings_lister", environ)
        with pytest.raises(UnknownResourceError, match="any"):
            find(stack, TABLE, "any", "matcher", environ)

    def test_a_variable_goes_before_a_key(self, stack: Stack) -> None:
        assert 'aws_dynamodb_table.this["driver_orders"]' == find(stack, TABLE, "orders", "matcher", {"DRIVER_ORDERS_TABLE": "orders"})

    def test_a_variable_stands_only_for_what_is_of_the_type(self, stack: Stack) -> None:
        environ = {"ORDERS_STREAM_NAME": "orders"}

        assert 'aws_dynamodb_table.this["orders"]' == find(stack, TABLE, "orders", "order_validator", environ)
        assert 'aws_kinesis_stream.this["orders"]' == find(stack, STREAM, "orders", "order_validator", environ)

    @pytest.mark.parametrize(
        ("kind", "name", "expected"),
        [
            (TABLE, "driver_orders", 'aws_dynamodb_table.this["driver_orders"]'),
            (TABLE, "driver-orders", 'aws_dynamodb_table.this["driver_orders"]'),
            (STREAM, "arn:aws:kinesis:eu-west-1:1:stream/locations", 'aws_kinesis_stream.this["locations"]'),
            ("aws_lambda_function", "matcher", 'aws_lambda_function.this["matcher"]'),
            ("aws_s3_bucket", "receipts", 'aws_s3_bucket.this["receipts"]'),
            ("aws_sns_topic", "arn:aws:sns:us-east-1:123456789012:order-events", 'aws_sns_topic.this["order_events"]'),
            (SECRET, "arn:aws:secretsmanager:us-east-1:123456789012:secret:redis-AbCdEf", "aws_secretsmanager_secret.redis"),
            (
                SECRET,
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-any-AbCdEf",
                "aws_rds_cluster.this.master_user_secret",
            ),
        ],
    )
    def test_a_key_stands_for_its_resource(self, stack: Stack, kind: str, name: str, expected: str) -> None:
        assert expected == find(stack, kind, name)

    def test_two_variables_of_one_value_stand_for_nothing(self, stack: Stack) -> None:
        with pytest.raises(UnknownResourceError):
            find(stack, TABLE, "t", "matcher", {"ORDERS_TABLE": "t", "DRIVER_ORDERS_TABLE": "t"})

    def test_an_unknown_name_is_refused_with_those_there_are(self, stack: Stack) -> None:
        with pytest.raises(UnknownResourceError, match=r"profiles is no aws_dynamodb_table.*driver-profiles"):
            find(stack, TABLE, "profiles")


class TestUrls:
    def test_a_url_below_a_variables_is_below_the_planned_one(self, stack: Stack) -> None:
        function = stack.functions["restaurant_consumer"]
        url = stack.translate_url("http://127.0.0.1:80/pos/r-1", function, {"POS_URL": "http://127.0.0.1:80/pos"})

        assert f"{function.environment['POS_URL']}/r-1" == url
        assert "aws_api_gateway_rest_api.this" == stack.find("aws_api_gateway_rest_api", url, function, {}).address

    @pytest.mark.parametrize("environ", [{}, {"POS_URL": ""}, {"POS_URL": "http://127.0.0.1:8"}, {"OTHER": "http://127.0.0.1:80"}])
    def test_any_other_url_stays_and_is_nobodys(self, stack: Stack, environ: Mapping[str, str]) -> None:
        function = stack.functions["restaurant_consumer"]
        url = stack.translate_url("http://127.0.0.1:80/pos/r-1", function, environ)

        assert "http://127.0.0.1:80/pos/r-1" == url
        with pytest.raises(UnknownResourceError):
            stack.find("aws_api_gateway_rest_api", url, function, environ)


class TestReading:
    def test_the_databases_secret_is_tagged_by_rds(self, stack: Stack) -> None:
        (secret,) = (resource for resource in stack.resources if resource.address == "aws_rds_cluster.this.master_user_secret")

        assert {"aws:rds:primaryDBClusterArn": "arn:aws:rds:us-east-1:123456789012:cluster:tap-staging-delivery"} == secret.tags

    def test_resources_have_their_own_policies(self, stack: Stack) -> None:
        policies = {resource.address: {statement.sid for statement in resource.denials.statements} for resource in stack.resources}

        assert {"OnlyWithTls", "OnlyBucketsEncryption", "OnlyBucketsKey"} == policies['aws_s3_bucket.this["receipts"]']
        assert set() == policies['aws_dynamodb_table.this["orders"]']

    def test_every_function_has_its_role(self, stack: Stack) -> None:
        assert 17 <= len(stack.functions)
        assert [] == [function.role for function in stack.functions.values() if not function.policy.statements]

    def test_only_denials_of_a_resource_s_policy_are_held_against_roles(self, changes: Changes) -> None:
        (address,) = (each for each in changes if each.startswith("aws_s3_bucket_policy.") and "receipts" in each)
        everything = {"Principal": "*", "Action": "s3:*", "Resource": "*"}
        policy = {"Statement": [{"Sid": str(effect), "Effect": effect, **everything} for effect in Effect]}
        stack = read_stack({**changes, address: {**changes[address], "policy": json.dumps(policy)}})
        (bucket,) = (each for each in stack.resources if each.address == 'aws_s3_bucket.this["receipts"]')

        assert ["Deny"] == [statement.sid for statement in bucket.denials.statements]

    def test_a_role_that_has_attached_policies_is_not_decided(self, changes: Changes) -> None:
        attachment = {"role": "tap-staging-matcher", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}
        stack = read_stack({**changes, "aws_iam_role_policy_attachment.more": attachment})

        verdicts = {role: decide([function.policy], Request("iam:GetRole")).verdict for role, function in stack.functions.items()}

        assert {**dict.fromkeys(stack.functions, Verdict.NOT_ALLOWED), "matcher": Verdict.UNDECIDED} == verdicts

    def test_a_role_whose_policy_names_principals_is_refused(self, changes: Changes) -> None:
        policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
        more = {"role": "tap-staging-matcher", "policy": json.dumps(policy)}

        with pytest.raises(PolicyError, match="Statement: a role's policy names no principal"):
            read_stack({**changes, "aws_iam_role_policy.more": more})

    def test_an_address_is_located(self, stack: Stack) -> None:
        orders = "arn:aws:dynamodb:us-east-1:123456789012:table/tap-staging-orders"

        assert f"{orders}/index/x" == stack.locate('aws_dynamodb_table.this["orders"]/index/x')
        assert orders == stack.locate('aws_dynamodb_table.this["orders"]')
        with pytest.raises(UnknownResourceError):
            stack.locate('aws_dynamodb_table.this["absent"]')


def test_a_run_plans_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: Changes) -> None:
    planned: list[Changes] = []

    def plan() -> Changes:
        planned.append(changes)
        return changes

    monkeypatch.setattr("tests.observation.stack.plan_changes", plan)

    first, second = load_changes(tmp_path), load_changes(tmp_path)

    assert 1 == len(planned)
    assert json.loads(json.dumps(changes)) == first == second


def test_only_keys_of_one_type_are_ambiguous(stack: Stack) -> None:
    twin: Any = next(resource for resource in stack.resources if resource.alias == "connections")
    doubled = replace(
        stack, resources=(*stack.resources, replace(twin, address='aws_dynamodb_table.other["connections"]', name="n", arn="a"))
    )

    with pytest.raises(UnknownResourceError):
        find(doubled, TABLE, "connections")
    assert Resource("a.b", "a", "n", "arn").alias == "b"
