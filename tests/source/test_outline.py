"""What is written of a value that only an apply makes known is told, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paritycheck.source import HOLE, Sources

Write = Callable[..., Path]
Load = Callable[..., Sources]

MAIN = """\
variable "env" {}
variable "max" {}
locals {
  name   = "x-${var.env}"
  shared = { a = 1, b = aws_x.y.arn }
  of_z   = { for key in ["dev"] : key => aws_x.z }
}
module "m" {
  source = "./m"
  given  = "in-${aws_x.y.id}"
}
resource "aws_x" "y" {
  name  = "y-${var.env}"
  value = %s
  block {
    inner = "n-${aws_x.z.id}"
  }
}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws_x.z.arn", HOLE),
        ('"a-${var.env}-${aws_x.z.id}-${var.max}"', f"a-dev-{HOLE}-5"),
        ('"${local.name}-${aws_x.z.id}"', f"x-dev-{HOLE}"),
        ("[aws_x.z.arn, local.name, true]", [HOLE, "x-dev", True]),
        ("jsonencode({ n = var.max, (var.env) = aws_x.z.arn })", {"n": 5, "dev": HOLE}),
        ('var.env == "dev" ? [aws_x.z.arn] : ["b"]', [HOLE]),
        ('aws_x.z.on ? "a" : local.name', {"?": ["a", "x-dev"]}),
        ("merge(local.shared, { a = 2 })", {"a": 2, "b": HOLE}),
        ("merge(aws_x.z.tags, { a = 2 })", HOLE),
        (
            "merge({ a = 1 }, [for key in [var.env, local.name] : { (key) = aws_x.z.arn, b = key }]...)",
            {"a": 1, "dev": HOLE, "b": "x-dev", "x-dev": HOLE},
        ),
        ('aws_x.z[var.env == "dev" ? "a" : "b"].arn', '${aws_x.z["a"].arn}'),
        ('"${aws_x.z[var.max].id}-x"', "${aws_x.z[5].id}-x"),
        ("aws_x.z[aws_x.z.on].id", HOLE),
        ("local.of_z[var.env].id", HOLE),
        ("aws_x.z[var.env].size", HOLE),
        ("merge({ a = 1 }, [for each in aws_x.z.all : each]...)", HOLE),
        ('[for number, key in ["a", "b"] : "${key}-${aws_x.z.id}"]', [f"a-{HOLE}", f"b-{HOLE}"]),
        ('[for key in ["a", "b"] : key if aws_x.z.on]', HOLE),
        ('concat([aws_x.z.arn], ["a"])', [HOLE, "a"]),
        ('format("%s-%s", var.env, aws_x.z.id)', {"format()": ["%s-%s", "dev", HOLE]}),
        ("length([aws_x.z.arn, 1])", HOLE),
        ("aws_x.z.size + var.max", {"+": [HOLE, 5]}),
        ("aws_x.z.size > var.max", HOLE),
        ("module.m.given", f"in-{HOLE}"),
        ('"${aws_x.y.name}-${aws_x.z.id}"', f"y-dev-{HOLE}"),
        ("[for each in aws_x.z.all : each]", HOLE),
        ("terraform.nonsense", HOLE),
    ],
)
def test_constants_are_told_with_holes_between_them(write: Write, load: Load, text: str, expected: Any) -> None:
    write(main=MAIN % text, **{"m/main": 'variable "given" {}\noutput "given" {\n  value = var.given\n}\n'})

    assert expected == load(variables={"env": "dev", "max": 5}).outline("aws_x.y", "value")


def test_paths_lead_into_blocks(write: Write, load: Load) -> None:
    write(main=MAIN % "1")
    sources = load(variables={"env": "dev", "max": 5})

    assert (f"n-{HOLE}", HOLE, HOLE) == tuple(
        sources.outline(*place) for place in (("aws_x.y", "block[0].inner"), ("aws_x.y", "arn"), ("aws_x.none", "value"))
    )


def test_a_hostile_configuration_finds_an_end(write: Write, load: Load) -> None:
    """It doubles with every local, or turns in a circle."""
    doubling = "".join(f"  l{number} = [local.l{number + 1}, local.l{number + 1}]\n" for number in range(60))
    circle = "  round = [aws_x.z.id, local.round]\n"
    write(main=f"locals {{\n{doubling}  l60 = aws_x.z.id\n{circle}}}\n" + 'resource "aws_x" "y" {\n  a = local.l0\n  b = local.round\n}\n')

    assert [HOLE, HOLE] == [load().outline("aws_x.y", name) for name in ("a", "b")]
