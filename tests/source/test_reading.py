"""Expressions are taken apart one level at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.source.constructs import (
    EVERY,
    Call,
    Conditional,
    For,
    Literal,
    ObjectValue,
    Opaque,
    Operation,
    Reference,
    Template,
    Traversal,
    TupleValue,
    children,
)
from paritycheck.source.reading import read
from paritycheck.source.syntax import Expression, SourceFile

Write = Callable[..., Path]
Make = Callable[[str], Expression]


@pytest.fixture
def expression(write: Write) -> Make:
    def make(text: str) -> Expression:
        write(main=f"locals {{\n  x = {text}\n}}\n")
        return SourceFile(Path("main.tf")).blocks[0].attributes["x"].value

    return make


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Literal(1)),
        ("1.5", Literal(1.5)),
        ("true", Literal(True)),
        ("null", Literal(None)),
        ('""', Literal("")),
        ('"a\\"b"', Literal('a"b')),
        ("((1))", Literal(1)),
        ('"${var.x}"', Reference("var", ("x",))),
        ('var.a["b"][0].*.c', Reference("var", ("a", "b", 0, EVERY, "c"))),
        ("a.b[*].c", Reference("a", ("b", EVERY, "c"))),
        ("a.b.0.c", Reference("a", ("b", 0, "c"))),
    ],
)
def test_values_without_inner_expressions(expression: Make, text: str, expected: object) -> None:
    assert expected == read(expression(text))


@pytest.mark.parametrize(
    ("text", "kind", "inner"),
    [
        ('"a-${b}-${c}"', Template, ["b", "c"]),
        ("<<EOT\n%{ if a }${b}%{ endif }\nEOT\n", Template, ["a", "b"]),
        ('{ a = b, (c) = d, "e" : f }', ObjectValue, ["b", "(c)", "d", "f"]),
        ("[a, b]", TupleValue, ["a", "b"]),
        ("merge(a, b...)", Call, ["a", "b"]),
        ("provider::aws::arn_parse(a)", Call, ["a"]),
        ("a ? b : c", Conditional, ["a", "b", "c"]),
        ("a + b * c", Operation, ["a", "b * c"]),
        ("!a.b", Operation, ["a.b"]),
        ("{for k, v in a : b => c... if d}", For, ["a", "b", "c", "d"]),
        ("[for v in a : b]", For, ["a", "b"]),
        ("f(a).b[c]", Traversal, ["f(a)", "c"]),
        ("a.b[c].d", Reference, ["c"]),
    ],
)
def test_constructs_and_what_they_hold(expression: Make, text: str, kind: type, inner: list[str]) -> None:
    syntax = read(expression(text))

    assert kind is type(syntax)
    assert inner == [child.text for child in children(syntax)]


def test_function_names_and_loop_names_are_kept(expression: Make) -> None:
    call, loop = read(expression("provider::aws::arn_parse(a)")), read(expression("{for k, v in a : b => c}"))

    assert isinstance(call, Call)
    assert "provider::aws::arn_parse" == call.name
    assert isinstance(loop, For)
    assert ("k", "v") == loop.names


def test_what_nobody_writes_by_hand_is_opaque(expression: Make) -> None:
    """Endless steps are not followed."""
    assert Opaque() == read(expression("a" + ".b" * 1000))
    assert [] == list(children(Opaque()))
