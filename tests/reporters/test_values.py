"""Values look like nothing else, and only as much of them is shown as is of use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.findings import Special, Word
from paritycheck.reporters.values import literal, side_by_side, stands_alone
from tests.reporters.sample import policy


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (1.5, "1.5"),
        ("prod", '"prod"'),
        ("1", '"1"'),
        ('{"a": 1}', "'{\"a\": 1}'"),
        ('"it\'s"', '"\\"it\'s\\""'),
        ("a\\n", '"a\\\\n"'),
        ("a\nb", '"a\\nb"'),
        (Word("fail"), "fail"),
        (Word("a\x1b[31m\nb"), "a\\x1b[31m\\nb"),
        (Special.UNKNOWN, "(known after apply)"),
        ("(known after apply)", '"(known after apply)"'),
        ({"a": Special.SENSITIVE, "b c": [1, "x"]}, '{a = (sensitive), "b c" = [1, "x"]}'),
        ({}, "{}"),
        ([], "[]"),
    ],
)
def test_literal(value: object, expected: str) -> None:
    assert expected == literal(value)


def test_words_are_shown_from_their_beginning() -> None:
    words = "it grants s3:GetObject on every bucket, and " * 5

    assert {"dev": words + "more", "prod": "(absent)"} == side_by_side({"dev": Word(words + "more"), "prod": Special.ABSENT})


def test_a_number_too_long_to_write_is_described() -> None:
    assert "(a number of more than 4,000 digits)" == literal(10**5000)


def test_a_bottomless_value_is_cut() -> None:
    value: object = 1
    for _ in range(5_000):
        value = {"a": [value]}

    assert "{a = [" * 8 + "{...}" + "]}" * 8 == literal(value)


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_different_strings_look_different(one: str, other: str) -> None:
    assert (one == other) == (literal(one) == literal(other))


def test_shows_short_values_whole() -> None:
    assert {"dev": "1", "prod": '"a"'} == side_by_side({"dev": 1, "prod": "a"})


def test_shows_where_long_texts_differ() -> None:
    assert {
        "dev": '[1,481 characters left out]\'rpose30", "Action": "s3:*"}, {"Sid": "Purpose31"\'[2,333 characters left out]',
        "prod": '[1,481 characters left out]\'rpose30", "Action": "s3:Get*"}, {"Sid": "Purpose31"\'[2,333 characters left out]',
    } == side_by_side({"dev": policy("s3:*"), "prod": policy("s3:Get*")})


def test_shows_the_ends_of_a_long_text_that_has_nothing_to_differ_from() -> None:
    shown = side_by_side({"dev": "a" * 500 + "b" * 500, "prod": Special.ABSENT})

    assert {"dev": '"' + "a" * 106 + '"[841 characters left out]"' + "b" * 53 + '"', "prod": "(absent)"} == shown


def test_shows_the_lines_in_which_texts_differ() -> None:
    shown = side_by_side({"dev": "a\nb\nc\nd", "prod": "a\nB\x1b\nC\nd", "new": Special.ABSENT})

    assert {
        "dev": "[1 equal line]\n| b\n| c\n[1 equal line]",
        "prod": "[1 equal line]\n| B\\x1b\n| C\n[1 equal line]",
        "new": "(absent)",
    } == shown


def test_long_values_of_different_kinds_are_shown_as_literals() -> None:
    shown = side_by_side({"dev": ["\x1b" * 100], "prod": "\x1b" * 100})

    assert all(text.isprintable() for text in shown.values())


@pytest.mark.parametrize(
    ("values", "alone"),
    [
        ((1, 1, 2), "prod"),
        ((2, 1, 1), "dev"),
        ((1, 2, 3), None),
        ((1, 1, 1), None),
        ((1, True, 1), "staging"),
        (("(absent)", "(absent)", Special.ABSENT), "prod"),
    ],
)
def test_stands_alone(values: tuple[object, ...], alone: str | None) -> None:
    assert alone == stands_alone(dict(zip(("dev", "staging", "prod"), values, strict=True)))


def test_none_of_two_stands_alone() -> None:
    assert stands_alone({"dev": 1, "prod": 2}) is None
