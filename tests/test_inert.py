"""Untrusted text cannot act on a terminal, a log or a reader's eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.inert import inert, shorten


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("aws_sqs_queue.orders", "aws_sqs_queue.orders"),
        ("größe 訂單 🚚", "größe 訂單 🚚"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]8;;http://x\x07link", r"\x1b]8;;http://x\x07link"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("user\u202etxt.exe", r"user\u202etxt.exe"),
        ("a\u200bb\ufeff", r"a\u200bb\ufeff"),
        ("a\u00a0b", r"a\xa0b"),
        ("\u3164\ufe0f", r"\u3164\ufe0f"),
        ("\ud800", r"\ud800"),
        ("a\u2028b", r"a\u2028b"),
        ("\U000e0041", r"\U000e0041"),
        ("::error::boo", r":\x3aerror::boo"),
        ("::add-mask::x", r":\x3aadd-mask::x"),
        ("##vso[task.complete]", r"#\x23vso[task.complete]"),
        ("##[error]boo", r"#\x23[error]boo"),
        ("arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/x"),
        ("AWS::EC2::Instance ::1", "AWS::EC2::Instance ::1"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
    ],
)
def test_shows_what_could_act(text: str, shown: str) -> None:
    assert shown == inert(text)


def test_keeps_line_feeds_only_where_asked() -> None:
    assert inert("a\nb\x1b", keep_lines=True) == "a\nb\\x1b"


@given(st.text(st.characters(codec=None)))
def test_is_printable_and_stable(text: str) -> None:
    """What is inert stays as it is, so that it does no harm to pass text through twice."""
    shown = inert(text)

    assert shown.isprintable()
    assert shown == inert(shown)


def test_a_long_text_keeps_its_ends() -> None:
    assert shorten("a" * 50 + "b" * 50, 9) == "aaaaaa[91 characters left out]bbb"
    assert shorten("short", 9) == "short"
