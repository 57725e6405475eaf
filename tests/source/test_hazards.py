"""Topology that depends on the environment's name is found, and what only looks so is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.config import Environment
from paritycheck.errors import Location
from paritycheck.findings import Related, Severity
from paritycheck.rules import RULES
from paritycheck.source import Sources, hazards, load_all

Write = Callable[..., Path]
Load = Callable[..., Sources]

COMMON = """\
variable "env" {}
variable "names" {
  default = ["a"]
}
variable "create" {
  default = true
}
locals {
  is_prod  = var.env == "prod"
  name     = "tap-${var.env}"
  fixed    = ["a", "b"]
  some     = var.env == "prod" ? ["a", "b"] : ["a"]
  capacity = { dev = { size = 1, list = ["a"] }, prod = { size = 2, list = ["a"] } }
  here     = local.capacity[var.env]
  queues   = {
    a = { size = local.here.size, on = true, tags = ["x"] }
    b = { size = local.is_prod ? 1 : 2, on = true, tags = [] }
  }
}
"""

SAFE = [
    "toset(local.fixed)",
    "toset(var.names)",
    "local.queues",
    'toset(["${local.name}-a", format("%s-b", var.env)])',
    '{ "${var.env}-a" = local.here.size }',
    "{ for k, v in local.queues : k => v.size }",
    "{ for k, v in local.queues : k => v if v.on }",
    '{ for k, v in local.queues : "${local.name}-${k}" => v }',
    "{ for n in local.fixed : n => local.here.size }",
    "merge(local.queues, { c = local.here })",
    "toset(concat(local.fixed, var.names))",
    "toset(keys(local.queues))",
    "setunion(toset(local.fixed), toset(var.names))",
    "zipmap(local.fixed, [local.here.size, var.env])",
    "tomap(local.queues)",
    "var.create ? local.queues : {}",
    "toset(flatten([for k, v in local.queues : [for t in v.tags : t]]))",
    "toset([for i in range(length(local.queues)) : tostring(i)])",
    "toset(slice(local.fixed, 0, length(local.fixed)))",
    "a_other.x",
    "toset(values(local.queues)[*].on)",
    "toset(flatten([local.fixed, var.names])[0])",
    'zipmap(["a"], [local.fixed])["a"]',
    'lookup(local.queues, "a", {}).tags',
    "toset(element([local.fixed], 0))",
    "toset(merge(local.queues, {}).a.tags)",
    "toset(slice([local.fixed], 0, 1)[0])",
]

UNSAFE = [
    'var.env == "prod" ? toset(["a"]) : toset([])',
    "local.is_prod ? local.queues : {}",
    "toset(local.some)",
    "local.queues[var.env]",
    "toset(local.here.list)",
    "toset(local.capacity[var.env].list)",
    "toset(lookup(local.capacity, var.env).list)",
    "{ for k, v in local.queues : k => v if v.size > 1 }",
    "{ for k, v in local.queues : v.size => v }",
    "{ for n in local.some : n => 1 }",
    "{ for n in local.fixed : n => 1 if local.is_prod }",
    '{ (local.is_prod ? "a" : "b") = 1 }',
    "toset([for k, v in local.queues : v.size])",
    "merge(local.queues, local.is_prod ? { c = 1 } : {})",
    "toset(concat(local.fixed, local.some))",
    "toset(flatten([for k, v in local.queues : local.some]))",
    "toset(slice(local.fixed, 0, local.here.size))",
    "zipmap(local.some, local.some)",
    "toset(values(local.queues)[*].size)",
    'zipmap(["a"], [local.here])["a"].list',
    "toset(element(local.fixed, local.here.size))",
    "merge(local.queues, {})[var.env]",
    "toset([zipmap(local.fixed, [local.here, local.here])])",
    'toset(split(",", file("${var.env}.txt")))',
    'terraform.workspace == "prod" ? local.queues : {}',
]


@pytest.mark.parametrize("expression", SAFE)
def test_keys_that_are_the_same_everywhere_are_safe(write: Write, load: Load, expression: str) -> None:
    """Values may differ; which instances there are may not."""
    write(main=COMMON + f'resource "a_b" "c" {{\n  for_each = {expression}\n}}\n')

    assert () == hazards([load()], "env")


@pytest.mark.parametrize("expression", UNSAFE)
def test_keys_that_depend_on_the_environment_are_hazards(write: Write, load: Load, expression: str) -> None:
    write(main=COMMON + f'resource "a_b" "c" {{\n  for_each = {expression}\n}}\n')

    assert ["environment-dependent-for-each"] == [finding.rule for finding in hazards([load()], "env")]


@pytest.mark.parametrize(
    ("expression", "hazard"),
    [
        ("1", False),
        ("length(var.names)", False),
        ("var.create ? 1 : 0", False),
        ("length(local.queues)", False),
        ("length(local.some)", True),
        ("local.is_prod ? 2 : 1", True),
        ("local.here.size", True),
        ("local.capacity[var.env].size", True),
        ("max(1, local.here.size)", True),
        ('contains(["prod"], var.env) ? 1 : 0', True),
    ],
)
def test_count(write: Write, load: Load, expression: str, hazard: bool) -> None:
    """Any number that the environment's name decides is a hazard."""
    write(main=COMMON + f'resource "a_b" "c" {{\n  count = {expression}\n}}\n')

    assert hazard is bool(hazards([load()], "env"))


def test_a_finding_says_where_and_through_what(write: Write, load: Load) -> None:
    write(main=COMMON + 'data "a_b" "c" {\n  count = local.is_prod ? 1 : 0\n}\n')

    (finding,) = hazards([load()], "env")

    assert ("environment-dependent-count", Severity.WARNING, "data.a_b.c", "count") == (
        finding.rule,
        finding.severity,
        finding.address,
        finding.path,
    )
    assert "count of data.a_b.c depends on var.env through local.is_prod" == finding.message
    assert RULES["environment-dependent-count"].fix == finding.hint
    assert Location("main.tf", 21, 3) == finding.location
    assert (Related(Location("main.tf", 9, 3), "local.is_prod"),) == finding.related
    assert "local.is_prod" == finding.cause


def test_dynamic_blocks_at_any_depth(write: Write, load: Load) -> None:
    """A dynamic block inside another's content may depend on the outer one's element."""
    body = """\
resource "a_b" "c" {
  dynamic "safe" {
    for_each = [local.here.size]
    content {}
  }
  outer {
    dynamic "rule" {
      for_each = local.queues
      iterator = it
      content {
        dynamic "tag" {
          for_each = it.value.tags
          content {}
        }
        dynamic "size" {
          for_each = range(it.value.size)
          content {}
        }
      }
    }
  }
  dynamic "bad" {
    for_each = local.is_prod ? [] : [1]
    content {}
  }
}
"""
    write(main=COMMON + body)

    found = {finding.path: finding.message for finding in hazards([load()], "env")}

    assert {
        "bad": "for_each of the dynamic block bad of a_b.c depends on var.env through local.is_prod",
        "outer.rule.size": (
            "for_each of the dynamic block outer.rule.size of a_b.c depends on var.env through it.value, local.queues, local.here"
        ),
    } == found


def test_modules(write: Write, load: Load) -> None:
    """A module's inputs carry the name inside, whatever they are called there; each call is looked at."""
    calls = """\
module "a" {
  source = "./m"
  stage  = var.env
}
module "b" {
  source = "./m"
  stage  = "x"
}
module "c" {
  source = "./${var.env}"
  count  = local.is_prod ? 1 : 0
}
"""
    inner = 'variable "stage" {}\nresource "a_b" "c" {\n  count = var.stage == "prod" ? 1 : 0\n}\n'
    write(main=COMMON + calls, **{"m/main.tf": inner})

    found = {(finding.rule, finding.address) for finding in hazards([load()], "env")}

    assert {
        ("environment-dependent-count", "module.a.a_b.c"),
        ("environment-dependent-count", "module.c"),
        ("environment-dependent-module", "module.c"),
    } == found


def test_outputs_of_modules_are_followed(write: Write, load: Load) -> None:
    write(
        main=COMMON + 'module "m" {\n  source = "./m"\n  stage = var.env\n}\nresource "a_b" "c" {\n  for_each = toset(module.m.names)\n}\n',
        **{"m/main.tf": 'variable "stage" {}\noutput "names" {\n  value = var.stage == "prod" ? ["a"] : []\n}\n'},
    )

    assert ["a_b.c"] == [finding.address for finding in hazards([load()], "env")]


def test_what_environments_share_is_reported_once(write: Write, tmp_path: Path) -> None:
    write(main=COMMON + 'resource "a_b" "c" {\n  count = local.is_prod ? 1 : 0\n}\n')
    sources = load_all([Environment(name, tmp_path) for name in ("dev", "prod")], "env")

    assert 1 == len(hazards(sources, "env"))


def test_another_variable_is_no_hazard(write: Write, load: Load) -> None:
    """Without the variable's name, only the workspace counts."""
    write(main=COMMON + 'resource "a_b" "c" {\n  count = local.is_prod ? 1 : 0\n}\n')

    assert () == hazards([load()], None)


def test_cycles_end(write: Write, load: Load) -> None:
    write(
        main='locals {\n  a = [local.b.x, local.b.y]\n  b = [local.a.x, local.a.y]\n}\nresource "a_b" "c" {\n  count = length(local.a)\n}\n'
    )

    assert () == hazards([load()], "env")
