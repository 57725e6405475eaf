"""Addresses and paths of a plan lead to lines of the configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.source import Sources

Write = Callable[..., Path]
Load = Callable[..., Sources]

MAIN = """\
variable "env" {}
locals {
  team = "x"
}
resource "a_b" "c" {
  for_each = toset(["k"])
  name     = each.key
  tags = merge({ Team = local.team }, {
    Name = "n"
  })
  policy = jsonencode({
    Statement = [
      { Sid = "one" },
      { Sid = "two",
        Action = ["x"] },
    ]
  })
  rule {
    port = 1
  }
  rule {
    port = 2
  }
  dynamic "ingress" {
    for_each = [1, 2]
    content {
      blocks = ["a"]
    }
  }
}
data "a_d" "e" {
  name = "n"
}
output "o" {
  value = {
    a = 1
    b = 2
  }
}
module "m" {
  source   = "./m"
  for_each = toset(["x"])
}
module "far" {
  source = "acme/far/x"
}
"""


@pytest.mark.parametrize(
    ("address", "path", "expected"),
    [
        ("a_b.c", "", "main.tf:5"),
        ('a_b.c["k"]', "name", "main.tf:7"),
        ('a_b.c["k"]', "tags.Name", "main.tf:9"),
        ('a_b.c["k"]', "tags.Team", "main.tf:8"),
        ('a_b.c["k"]', "tags_all.Name", "main.tf:9"),
        ('a_b.c["k"]', "policy.Statement[1].Action[0]", "main.tf:15"),
        ('a_b.c["k"]', "policy", "main.tf:11"),
        ('a_b.c["k"]', "rule[1].port", "main.tf:22"),
        ('a_b.c["k"]', "rule[7].port", "main.tf:22"),
        ('a_b.c["k"]', "ingress[1].blocks[0]", "main.tf:27"),
        ('a_b.c["k"]', "arn", "main.tf:5"),
        ("data.a_d.e", "name", "main.tf:32"),
        ("output.o", "", "main.tf:35"),
        ("output.o", "b", "main.tf:37"),
        ("variable.env", "", "main.tf:1"),
        ("local.team", "", "main.tf:3"),
        ('module.m["x"]', "", "main.tf:40"),
        ('module.m["x"].a_b.inner', "name", "m/main.tf:2"),
        ("module.far.a_b.c", "name", "main.tf:44"),
        ("a_b.gone", "name", None),
        ("", "", None),
        ("nonsense[", "]", None),
    ],
)
def test_locate(write: Write, load: Load, address: str, path: str, expected: str | None) -> None:
    """The nearest thing that is written is found, and nothing for what is not there."""
    write(main=MAIN, **{"m/main.tf": 'resource "a_b" "inner" {\n  name = "n"\n}\n'})

    location = load().locate(address, path)

    assert expected == (location and f"{location.file}:{location.line}")


def test_override_files_replace_nested_blocks_by_kind(write: Write, load: Load) -> None:
    """What Terraform plans is what is located."""
    write(
        main='resource "a_b" "c" {\n  rule {\n    port = 1\n  }\n  other {\n    x = 1\n  }\n}\n',
        override='resource "a_b" "c" {\n  name = "n"\n  rule {\n    port = 2\n  }\n}\n',
    )
    sources = load()

    found = [sources.locate("a_b.c", path) for path in ("rule[0].port", "other[0].x", "name")]

    assert ["override.tf:4", "main.tf:6", "override.tf:2"] == [location and f"{location.file}:{location.line}" for location in found]
