"""How patterns lie to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.policy.iam.automata import IntractableError, find_text, includes, overlaps
from paritycheck.policy.iam.patterns import EVERYTHING, arn_pattern, text_pattern

patterns = st.text(alphabet="ab:*?", max_size=7)
texts = st.text(alphabet="ab:c", max_size=6)


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

    assert overlaps(first, second) is overlaps(second, first)
    assert not includes(first, second) or overlaps(first, second)
    assert includes(EVERYTHING, first)
    assert includes(first, first)


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
    assert expected is includes(arn_pattern(wide, variables=True), arn_pattern(narrow, variables=True))


def test_variables_may_meet_any_text() -> None:
    assert overlaps(arn_pattern("a${aws:username}", variables=True), arn_pattern("abc"))


def test_patterns_made_to_take_for_ever_are_given_up() -> None:
    with pytest.raises(IntractableError):
        find_text([text_pattern("?" * 60)], [text_pattern("*a" + "?" * 30)])
