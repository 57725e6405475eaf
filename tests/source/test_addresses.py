"""Addresses and paths come apart as a plan writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.source.addresses import Address, Call, parse_address, parse_path
from paritycheck.source.constructs import EVERY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws_sqs_queue.q", Address((), "aws_sqs_queue.q", EVERY)),
        ('aws_sqs_queue.q["a.b"]', Address((), "aws_sqs_queue.q", "a.b")),
        ("data.aws_x.y[0]", Address((), "data.aws_x.y", 0)),
        ("output.url", Address((), "output.url", EVERY)),
        ("module.m", Address((Call("m", EVERY),), "", EVERY)),
        ('module.a["x"].module.b[1].aws_x.y["k"]', Address((Call("a", "x"), Call("b", 1)), "aws_x.y", "k")),
        ('a.b["q\\"q"]', Address((), "a.b", 'q"q')),
        ("", Address((), "", EVERY)),
    ],
)
def test_addresses(text: str, expected: Address) -> None:
    assert expected == parse_address(text)


def test_paths() -> None:
    assert ("ingress", 0, "cidr_blocks", EVERY, "kubernetes.io/role") == parse_path('ingress[0].cidr_blocks[*]["kubernetes.io/role"]')


@given(st.text())
def test_anything_can_be_asked(text: str) -> None:
    """A plan's address is a stranger's text."""
    parse_address(text)
    parse_path(text)
