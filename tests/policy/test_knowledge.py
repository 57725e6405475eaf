"""What is known of AWS's actions."""

from __future__ import annotations

import json
import zlib
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.policy.iam import Scope, load_knowledge
from paritycheck.policy.iam.knowledge import DATA, LEVELS, Knowledge

KNOWLEDGE = load_knowledge()


def test_all_services_are_known_in_a_small_file() -> None:
    assert len(KNOWLEDGE.prefixes) > 400
    assert len(KNOWLEDGE.names) > 20_000
    assert DATA.stat().st_size < 400_000


def test_an_action_is_found_in_any_case_with_what_aws_says_of_it() -> None:
    action = KNOWLEDGE.action("DYNAMODB:putitem")

    assert action
    assert ("dynamodb:PutItem", "Write", Scope.RESOURCE) == (action.name, action.access_level, action.scope)
    assert ["table"] == [each.name for each in action.required]
    assert "dynamodb:LeadingKeys" in action.condition_keys
    assert KNOWLEDGE.action("lambda:CreateFunction").dependent_actions[0] == "iam:PassRole"  # type: ignore[union-attr] # it is there


@pytest.mark.parametrize("name", ["", "*", "dynamodb", "dynamodb:", "nothing:PutItem", "dynamodb:Put*", "dynamodb:PutItem:x"])
def test_what_is_no_action_is_not_found(name: str) -> None:
    assert None is KNOWLEDGE.action(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sqs:SendMessage", Scope.RESOURCE),
        ("rekognition:DetectLabels", Scope.NONE),
        ("cloudwatch:PutMetricData", Scope.CONDITION),
        ("s3:GetObject", Scope.RESOURCE),
    ],
)
def test_how_finely_an_action_can_be_granted(name: str, expected: Scope) -> None:
    assert expected is KNOWLEDGE.action(name).scope  # type: ignore[union-attr] # it is there


@pytest.mark.parametrize(
    ("name", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::receipts/*", True),
        ("s3:GetObject", "arn:aws:s3:::receipts", False),
        ("s3:ListBucket", "arn:aws:s3:::receipts", True),
        ("s3:GetObject", "*", True),
        ("sqs:SendMessage", "arn:aws:sns:eu-west-1:111122223333:orders", False),
        ("xray:PutTraceSegments", "*", True),
        ("xray:PutTraceSegments", "arn:aws:xray:eu-west-1:111122223333:group/x", False),
    ],
)
def test_which_resources_an_action_can_be_about(name: str, resource: str, expected: bool) -> None:
    assert expected is KNOWLEDGE.action(name).takes(resource)  # type: ignore[union-attr] # it is there


parts = st.sampled_from(("*", "?", "Get", "get", "Put", "Message", "Item", "s", "SQS", "sqs:", "dynamodb:", "DynamoDB:", "s3:", ":"))


@settings(max_examples=30, deadline=None)
@given(st.lists(parts, min_size=1, max_size=5).map("".join))
def test_a_pattern_expands_to_all_actions_that_it_matches(pattern: str) -> None:
    expected = {name for name in KNOWLEDGE.names if fnmatchcase(name.lower(), pattern.lower())}

    assert expected == {action.name for action in KNOWLEDGE.expand(pattern)}


def test_every_action_s_fields_are_whole() -> None:
    for action in KNOWLEDGE.expand("*"):
        assert action.access_level in LEVELS
        assert all(each.arn.startswith(("arn:", "${", "*")) for each in action.resource_types), action


def test_a_file_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        Knowledge(zlib.compress(json.dumps({"format": 99}).encode()))
