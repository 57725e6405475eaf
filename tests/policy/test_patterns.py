"""Patterns as sets of texts: what they match."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.policy.iam.patterns import arn_pattern, strict_arn_pattern, text_pattern

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
BUCKET = "arn:aws:s3:::receipts"

patterns = st.text(alphabet="ab:*?", max_size=7)
texts = st.text(alphabet="ab:c", max_size=6)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*", "", True),
        ("a.c", "abc", False),
        ("[a]", "a", False),
        ("a*", "a\nb", True),
    ],
)
def test_wildcards_stand_for_characters_and_nothing_else_does(pattern: str, text: str, expected: bool) -> None:
    assert expected is text_pattern(pattern).matches(text)


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("*", TABLE, True),
        (TABLE, TABLE, True),
        (f"{TABLE}/index/*", f"{TABLE}/index/user_id", True),
        (TABLE, f"{TABLE}/index/user_id", False),
        ("arn:aws:dynamodb:*:123456789012:table/orders", TABLE, True),
        ("arn:aws:dynamodb:us-*1:123456789012:table/orders", TABLE, True),
        ("arn:aws:dynamodb:us-*9012:table/orders", TABLE, False),
        ("arn:aws:dynamodb:*:table/orders", TABLE, True),
        ("arn:aws:dynamodb:us-east-1?123456789012:table/orders", TABLE, False),
        (f"{BUCKET}/*", f"{BUCKET}/receipts/o-1.json", True),
        (f"{BUCKET}/*", BUCKET, False),
        ("arn:aws:logs:r:1:log-group:/x:*", "arn:aws:logs:r:1:log-group:/x:log-stream:y", True),
        ("arn:aws:logs:r:1:log-group?/x", "arn:aws:logs:r:1:log-group:/x", True),
        ("arn:aws:s3:*", BUCKET, True),
        (TABLE, "*", False),
    ],
)
def test_a_wildcard_of_a_resource_leaves_its_segment_only_at_the_segment_s_end(pattern: str, arn: str, expected: bool) -> None:
    assert expected is arn_pattern(pattern).matches(arn)


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("arn:aws:lambda:*:1:function:f", "arn:aws:lambda:r:1:function:f", True),
        ("arn:aws:*:function:f", "arn:aws:lambda:r:1:function:f", False),
        ("arn:aws:lambda:r:1:function:*", "arn:aws:lambda:r:1:function:f:alias", True),
    ],
)
def test_a_condition_on_an_arn_compares_its_components_apart(pattern: str, arn: str, expected: bool) -> None:
    assert expected is strict_arn_pattern(pattern).matches(arn)


def test_variables_and_escaped_wildcards_are_read_where_the_policy_knows_them() -> None:
    assert ("${aws:username}",) == arn_pattern("a${aws:username}b${*}", variables=True).variables
    assert arn_pattern("a${*}", variables=True).matches("a*")
    assert not arn_pattern("a${*}", variables=True).matches("ab")
    assert arn_pattern("a${*}").matches("a${b}")


@given(patterns, texts)
def test_a_pattern_matches_as_fnmatch_does(pattern: str, text: str) -> None:
    assert fnmatchcase(text, pattern) is text_pattern(pattern).matches(text)


@given(st.text(alphabet="ab*?.$[\\", max_size=8))
def test_a_text_is_its_own_pattern(text: str) -> None:
    assert text_pattern(text).matches(text)
