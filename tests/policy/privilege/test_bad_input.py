"""What cannot be read or followed is undecided, with its place, and never fine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import FunctionSources, LeastPrivilege
from paritycheck.errors import ConfigError
from paritycheck.policy.privilege import observed
from paritycheck.policy.privilege.observed import read_observed
from tests.plans import config, document, plan
from tests.policy.privilege.small import READ, READER, WRITE_LOGS, base, find, policy, prove_all, role_policy, told

GOOD = role_policy(policy(WRITE_LOGS, READ))


def test_a_function_that_may_do_what_it_needs_gives_no_finding(tmp_path: Path) -> None:
    assert () == find(tmp_path, READER, GOOD)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "it is not JSON"),
        ("[]", "a policy is a JSON object, not []"),
        ("3", "a policy is a JSON object, not 3"),
        ("{}", "a policy has a Statement"),
        (7, "it is no policy"),
        ('{"Statement": [{"Effect": "Permit", "Action": "s3:*", "Resource": "*"}]}', "Effect is Allow or Deny"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_policy_that_aws_would_refuse_is_undecided(tmp_path: Path, text: Any, problem: str) -> None:
    findings = find(tmp_path, READER, role_policy(text))

    assert [("undecided-grant", "aws_iam_role_policy.clerk", "policy")] == told(findings)
    assert problem in findings[0].message


def test_a_policy_that_is_unknown_until_apply_is_undecided(tmp_path: Path) -> None:
    findings = find(tmp_path, READER, role_policy(None, after_unknown={"policy": True}))

    assert [("undecided-grant", "aws_iam_role_policy.clerk", "policy")] == told(findings)


def test_a_long_policy_is_read_to_its_end(tmp_path: Path) -> None:
    rest = [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{number:0100}"} for number in range(600)]
    text = policy(WRITE_LOGS, *rest, READ, {"Sid": "Last", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"})

    assert len(text) > 100_000
    assert [("unused-grant", "aws_iam_role_policy.clerk", "policy.Statement[Last]")] == told(find(tmp_path, READER, role_policy(text)))


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        ("import boto3\ndef handler(event, context):\n    boto3.client(event['service']).run()\n", 3, "service"),
        ("def handler(event, context:\n", 1, "no Python"),
        ("def other(event, context):\n    pass\n", 1, "no handler"),
        (
            "import boto3\ndef handler(event, context):\n    boto3.client('dynamodb').get_item(TableName=event['t'], Key={})\n",
            3,
            "which resources",
        ),
    ],
)
def test_code_that_cannot_be_followed_is_undecided_at_its_line(tmp_path: Path, code: str, line: int, reason: str) -> None:
    findings = find(tmp_path, code, role_policy(policy(WRITE_LOGS)))

    assert ["undecided-grant"] == [finding.rule for finding in findings]
    assert (line, True) == (findings[0].location and findings[0].location.line, reason in findings[0].message)


def test_what_an_undecided_call_may_need_is_not_called_unused(tmp_path: Path) -> None:
    code = "import boto3\ndef handler(event, context):\n    boto3.client('dynamodb').get_item(TableName=event['t'], Key={})\n"

    assert ["undecided-grant"] == [finding.rule for finding in find(tmp_path, code, GOOD)]


def test_an_observed_call_decides_what_the_source_leaves_open(tmp_path: Path) -> None:
    code = "import boto3\ndef handler(event, context):\n    boto3.client('dynamodb').get_item(TableName=event['t'], Key={})\n"
    call = {"function": "clerk", "action": "dynamodb:GetItem", "resource": "aws_dynamodb_table.orders"}

    assert () == find(tmp_path, code, GOOD, observed=[call])


def test_an_observed_call_to_something_that_is_not_planned_is_undecided(tmp_path: Path) -> None:
    call = {"function": "clerk", "action": "dynamodb:GetItem", "resource": "aws_dynamodb_table.gone"}
    findings = find(tmp_path, READER, GOOD, observed=[call])

    assert ["undecided-grant"] == [finding.rule for finding in findings]
    assert "aws_dynamodb_table.gone, which is not in the plan" in findings[0].message


def test_a_source_that_is_no_file_is_undecided(tmp_path: Path) -> None:
    (tmp_path / "other.py").mkdir()
    findings = find(tmp_path, "import other\ndef handler(event, context):\n    pass\n", role_policy(policy(WRITE_LOGS)))

    assert ["undecided-grant"] == [finding.rule for finding in findings]
    assert "not a file" in findings[0].message


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"runtime": "nodejs22.x"}, "its runtime is nodejs22.x"),
        ({"package_type": "Image", "runtime": None}, "container image"),
        ({"handler": None}, "its handler is known only after apply"),
        ({"handler": "gone.handler"}, "no module for the handler"),
    ],
)
def test_code_that_is_not_looked_into_is_undecided(tmp_path: Path, more: dict[str, Any], reason: str) -> None:
    findings = find(tmp_path, READER, role_policy(policy(WRITE_LOGS)), **more)

    assert ["undecided-grant"] == [finding.rule for finding in findings]
    assert reason in findings[0].message


def test_a_role_that_is_not_in_the_plan_is_undecided(tmp_path: Path) -> None:
    findings = find(tmp_path, READER, GOOD, role="arn:aws:iam::123456789012:role/other")

    assert [("undecided-grant", "aws_lambda_function.clerk", "role")] == told(findings)


def test_sensitive_values_are_never_told(tmp_path: Path) -> None:
    secret = role_policy(policy(WRITE_LOGS, {**READ, "Resource": "arn:aws:s3:::hunter2"}), after_sensitive={"policy": True})
    findings = find(tmp_path, READER, secret)

    assert ["undecided-grant"] == [finding.rule for finding in findings]
    assert "hunter2" not in str(findings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "does not hold observed calls"),
        ("{", "does not hold observed calls"),
        ('{"format_version": 2, "calls": []}', "has format_version 2, not 1"),
        ('{"format_version": 1, "calls": [{"function": 1}]}', "does not hold observed calls"),
        ("[" * 100_000, "does not hold observed calls"),
    ],
)
def test_a_file_of_observed_calls_must_be_one(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "observed.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        read_observed(path)

    assert message in caught.value.message


def test_a_file_of_observed_calls_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_observed(tmp_path / "gone.json")

    assert "cannot read the observed calls" in caught.value.message


def test_a_file_of_observed_calls_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "observed.json"
    path.write_text('{"format_version": 1, "calls": []}', encoding="utf-8")
    monkeypatch.setattr(observed, "MAX_BYTES", 10)

    with pytest.raises(ConfigError) as caught:
        read_observed(path)

    assert "is larger than" in caught.value.message


def test_an_entry_that_matches_no_function_is_refused(tmp_path: Path) -> None:
    settings = LeastPrivilege((FunctionSources(("aws_lambda_function.gone",), (str(tmp_path),)),))

    with pytest.raises(ConfigError) as caught:
        prove_all([plan(document(*base()))], replace(config(), least_privilege=settings))

    assert ("least_privilege: no function is named aws_lambda_function.gone", True) == (
        caught.value.message,
        "aws_lambda_function.clerk" in (caught.value.hint or ""),
    )


STATEMENT = """
import boto3
def handler(event, context):
    boto3.client("dynamodb").execute_statement(Statement=event["s"])
"""


def test_a_call_of_which_nobody_knows_what_it_needs_is_undecided(tmp_path: Path) -> None:
    findings = find(tmp_path, STATEMENT, role_policy(policy(WRITE_LOGS, {**READ, "Action": "dynamodb:PartiQLSelect"})))

    assert ["undecided-grant"] == [finding.rule for finding in findings]
    assert 4 == (findings[0].location and findings[0].location.line)


def test_observed_calls_of_all_that_it_may_need_decide_it(tmp_path: Path) -> None:
    actions = [f"dynamodb:PartiQL{name}" for name in ("Delete", "Insert", "Select", "Update")]
    calls = [{"function": "clerk", "action": action, "resource": "aws_dynamodb_table.orders"} for action in actions]

    assert () == find(tmp_path, STATEMENT, role_policy(policy(WRITE_LOGS, {**READ, "Action": actions})), observed=calls)
