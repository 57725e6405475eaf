"""Constants of one environment are told from the source, as far as finding a place takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paritycheck.source import Sources
from paritycheck.source.evaluate import NOT_CONSTANT, Evaluator
from paritycheck.source.scope import Value

Write = Callable[..., Path]
Load = Callable[..., Sources]

MAIN = """\
variable "env" {}
variable "unset" {}
locals {
  map  = { dev = { n = 1 }, (var.env == "prod" ? "x" : "y") = 2 }
  list = [{ n = "a" }, { n = "b" }]
}
module "m" {
  source = "./m"
  given  = "in"
}
module "self" {
  source = "./."
}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var.env", "dev"),
        ('"a-${var.env}"', "a-dev"),
        ('"${local.map[var.env].n}"', 1),
        ("local.map.y", 2),
        ("merge(local.map, { dev = 3 }).dev", 3),
        ("merge({ dev = 3 }, local.map).dev.n", 1),
        ("merge({ only = 3 }, local.map).only", 3),
        ("merge({ a = 3 }, local.map).gone", NOT_CONSTANT),
        ("merge({ a = 3 }, var.unset).a", NOT_CONSTANT),
        ("local.list[1].n", "b"),
        ("local.list[7].n", NOT_CONSTANT),
        ('{ for k, v in local.map : k => v }["dev"].n', 1),
        ('contains(["dev"], var.env) && !false', True),
        ('upper(var.env) == "DEV" || 1 > 2', True),
        ("startswith(var.env, 1)", NOT_CONSTANT),
        ('var.env > 1 ? "a" : "b"', NOT_CONSTANT),
        ('var.env == "dev" ? [1, "x"] : []', [1, "x"]),
        ("[var.unset]", NOT_CONSTANT),
        ('"${var.unset}-x"', NOT_CONSTANT),
        ("null", None),
        ("f(1)", NOT_CONSTANT),
        ('"a".b', NOT_CONSTANT),
        ("module.m.out", "in"),
        ("module.m.gone", NOT_CONSTANT),
        ("module.gone.out", NOT_CONSTANT),
        ("module.self.out", NOT_CONSTANT),
        ("local.gone", NOT_CONSTANT),
        ("var.gone", NOT_CONSTANT),
        ("a_b.gone.x", NOT_CONSTANT),
        ("data.a_b.gone.x", NOT_CONSTANT),
        ("path.module", NOT_CONSTANT),
        ("var", NOT_CONSTANT),
        (f'"{"x" * 5000}"', NOT_CONSTANT),
    ],
)
def test_constants(write: Write, load: Load, text: str, expected: Any) -> None:
    write(
        main=MAIN + f"locals {{\n  asked = {text}\n}}\n",
        **{"m/main.tf": 'variable "given" {}\noutput "out" {\n  value = var.given\n}\n', "dev.tfvars": 'env = "dev"\n'},
    )
    root = load("dev", "dev.tfvars").root

    assert expected == Evaluator().constant(Value(root.scope, root.module.locals["asked"].value))


def test_work_is_bounded(write: Write, load: Load) -> None:
    """Locals that double each other end without an answer."""
    write(main="locals {\n  a0 = 1\n" + "".join(f"  a{n + 1} = [local.a{n}, local.a{n}]\n" for n in range(40)) + "}\n")
    root = load().root

    assert NOT_CONSTANT is Evaluator().constant(Value(root.scope, root.module.locals["a40"].value))
