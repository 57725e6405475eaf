"""Patterns as sets of texts: what they match, and how they lie to each other."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.policy.iam.patterns import EVERYTHING, IntractableError, arn_pattern, find_text, strict_arn_pattern, text_pattern

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


@given(st.lists(patterns, min_size=1, max_size=3), st.lists(patterns, max_size=3), texts)
def test_a_text_is_found_where_there_is_one_and_is_one(inside: list[str], outside: list[str], text: str) -> None:
    within, without = [arn_pattern(each) for each in inside], [arn_pattern(each) for each in outside]

    def is_one(candidate: str) -> bool:
        return all(each.matches(candidate) for each in within) and not any(each.matches(candidate) for each in without)

    found = find_text(within, without)
    if found is None:
        assert not is_one(text)
    else:
        assert is_one(found)


@given(patterns, patterns)
def test_to_include_and_to_overlap_agree(one: str, other: str) -> None:
    first, second = arn_pattern(one), arn_pattern(other)

    assert first.overlaps(second) is second.overlaps(first)
    assert not first.includes(second) or first.overlaps(second)
    assert EVERYTHING.includes(first)
    assert first.includes(first)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("*", "arn:aws:sqs:*:*:${aws:username}", True),
        ("arn:aws:sqs:*:*:${aws:username}", "arn:aws:sqs:eu:1:${aws:username}", True),
        ("arn:aws:sqs:eu:1:ann", "arn:aws:sqs:eu:1:${aws:username}", False),
        ("arn:aws:sqs:eu:1:${aws:username}", "arn:aws:sqs:eu:1:ann", False),
        ("arn:aws:sqs:eu:1:${aws:userid}", "arn:aws:sqs:eu:1:${aws:username}", False),
        ("arn:aws:sqs:eu:1:?", "arn:aws:sqs:eu:1:${aws:username}", False),
        ("arn:aws:sqs:e*u:1:a", "arn:aws:sqs:e${aws:username}u:1:a", False),
    ],
)
def test_a_variable_is_some_text_that_is_the_same_everywhere(wide: str, narrow: str, expected: bool) -> None:
    assert expected is arn_pattern(wide, variables=True).includes(arn_pattern(narrow, variables=True))


def test_variables_may_meet_any_text() -> None:
    assert arn_pattern("a${aws:username}", variables=True).overlaps(arn_pattern("abc"))


def test_patterns_made_to_take_for_ever_are_given_up() -> None:
    with pytest.raises(IntractableError):
        find_text([text_pattern("?" * 60)], [text_pattern("*a" + "?" * 30)])
