"""A value is traced to what gives it to each environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.config import Environment
from paritycheck.errors import Location
from paritycheck.findings import Related
from paritycheck.source import Sources, Trace, explain, load_all

Write = Callable[..., Path]
Load = Callable[..., Sources]
Explain = Callable[..., Trace]

VARIABLES = 'variable "env" {}\nvariable "project" {\n  default = "tap"\n}\nvariable "size" {\n  default = 1\n}\n'


@pytest.fixture
def explained(write: Write, tmp_path: Path) -> Explain:
    """Explain an attribute of a stack in dev and prod; `tfvars` has lines in which ENV and SIZE stand for what differs."""

    def run(main: str, address: str, path: str = "", tfvars: str = 'env = "ENV"\nsize = SIZE\n', **files: str) -> Trace:
        write(main=VARIABLES + main, **files)
        for name, size in (("dev", "1"), ("prod", "4")):
            (tmp_path / f"{name}.tfvars").write_text(tfvars.replace("ENV", name).replace("SIZE", size), encoding="utf-8")
        environments = [Environment(name, tmp_path, (tmp_path / f"{name}.tfvars",)) for name in ("dev", "prod")]
        return explain(load_all(environments, "env"), address, path)

    return run


def lines(trace: Trace) -> list[str]:
    return [f"{step.location.file}:{step.location.line} {step.message}" for step in trace.steps]


def test_from_attribute_to_tfvars(explained: Explain) -> None:
    """A variable leads to the line of each environment's own file."""
    trace = explained('resource "a_b" "c" {\n  size = var.size\n}\n', "a_b.c", "size")

    assert "var.size" == trace.cause
    assert ["main.tf:9 a_b.c.size", "dev.tfvars:2 var.size in dev", "prod.tfvars:2 var.size in prod"] == lines(trace)


def test_through_a_map_by_environment(explained: Explain) -> None:
    """A lookup by the environment's name leads to that environment's entry, and the map is the cause."""
    main = """\
locals {
  capacity = {
    dev  = { size = 1 }
    prod = { size = 2 }
  }
  here = local.capacity[var.env]
}
resource "a_b" "c" {
  size = local.here.size
}
"""

    trace = explained(main, "a_b.c", "size")

    assert "local.capacity" == trace.cause
    assert [
        "main.tf:16 a_b.c.size",
        "main.tf:13 local.here",
        "main.tf:9 local.capacity",
        "main.tf:10 local.capacity in dev",
        "main.tf:11 local.capacity in prod",
    ] == lines(trace)


def test_through_each_value(explained: Explain) -> None:
    """The element that an instance's key names is followed, through for expressions, merge and toset."""
    main = """\
locals {
  queues = { for name in ["a", "b"] : name => {
    size = name == "a" ? var.size : 7
  } }
}
resource "a_b" "c" {
  for_each = merge(local.queues, {})
  size     = each.value.size
}
"""

    assert "var.size" == explained(main, 'a_b.c["a"]', "size").cause
    assert "a_b.c.size" != explained(main, 'a_b.c["a"]', "size").cause
    assert "local.queues" == explained(main, 'a_b.c["b"]', "size").cause


def test_through_module_inputs_and_outputs(explained: Explain) -> None:
    """A module's input leads to the call's argument, and an output to what the module computes."""
    main = 'module "m" {\n  source = "./m"\n  bytes = var.size * 1024\n}\noutput "o" {\n  value = module.m.bytes\n}\n'
    inner = 'variable "bytes" {}\nresource "a_b" "c" {\n  bytes = var.bytes\n}\noutput "bytes" {\n  value = a_b.c.bytes\n}\n'

    trace = explained(main, "output.o", "", **{"m/main.tf": inner})

    assert "var.size" == trace.cause
    assert [
        "main.tf:13 output.o",
        "m/main.tf:6 module.m.bytes",
        "m/main.tf:3 module.m.a_b.c.bytes",
        "main.tf:10 module.m.var.bytes",
        "dev.tfvars:2 var.size in dev",
        "prod.tfvars:2 var.size in prod",
    ] == lines(trace)


@pytest.mark.parametrize(
    "entries",
    ["{ first = { size = var.size } }", "merge({ first = { size = var.size } }, { second = { size = var.size } })"],
    ids=["object", "merged"],
)
@pytest.mark.parametrize("use", ["keys(local.entries)", "length(local.entries)"])
def test_the_values_of_a_map_whose_keys_alone_are_used_explain_nothing(explained: Explain, entries: str, use: str) -> None:
    """Names that are made from a map's keys do not depend on what else the map says."""
    main = f"""\
locals {{
  entries = {entries}
  names   = {{ for key in try({use}, []) : key => "${{var.project}}-${{key}}" }}
}}
resource "a_b" "c" {{
  text = "${{jsonencode(local.names)}} ${{var.other}}"
}}
variable "other" {{}}
"""
    trace = explained(main, "a_b.c", "text", tfvars='env = "ENV"\nsize = SIZE\nother = "ENV"\n')

    assert "var.other" == trace.cause


@pytest.mark.parametrize(
    "entries",
    [
        "{ first = { size = var.size, wait = var.other } }",
        "merge({ first = { size = var.size, wait = var.other } }, {})",
        "{ first = var.project == null ? { wait = 1 } : { size = var.size, wait = var.other } }",
        "[{ size = var.size, wait = var.other }]",
    ],
    ids=["object", "merged", "conditional", "tuple"],
)
def test_one_field_of_every_entry_is_all_that_is_followed(explained: Explain, entries: str) -> None:
    main = f"""\
locals {{
  entries = {entries}
}}
resource "a_b" "c" {{
  text = jsonencode([for entry in local.entries : entry.wait + 1])
}}
variable "other" {{}}
"""
    trace = explained(main, "a_b.c", "text", tfvars='env = "ENV"\nsize = SIZE\nother = "ENV"\n')

    assert "var.other" == trace.cause


@pytest.mark.parametrize("key", ["first_wait", "second_wait", "one_wait"])
def test_an_entry_of_merged_loops_is_found_by_the_form_of_its_key(explained: Explain, key: str) -> None:
    """Only one of the loops makes keys of this form, and only its elements matter."""
    main = """\
locals {
  roles  = { first = var.other, second = var.other }
  limits = merge(
    { for role, other in local.roles : "${role}_wait" => { size = 1, text = other } },
    { for role in ["one"] : "${role}_wait" => { size = 1, text = var.other } if role == "one" },
    { for role, other in local.roles : "${role}_size" => { size = var.size, text = "none" } },
    { for node in setproduct(["a"], ["b"]) : "node_${join("-", node)}" => { size = var.size, text = "none" } },
  )
}
resource "a_b" "c" {
  for_each = local.limits
  text     = each.value.text
  size     = each.value.size
}
variable "other" {}
"""
    tfvars = 'env = "ENV"\nsize = SIZE\nother = "ENV"\n'

    assert "var.other" == explained(main, f'a_b.c["{key}"]', "text", tfvars=tfvars).cause
    assert "var.size" == explained(main, 'a_b.c["node_a-b"]', "size", tfvars=tfvars).cause


def test_what_is_alike_everywhere_explains_nothing(explained: Explain) -> None:
    """Of several names in an expression, the one that differs is the cause."""
    main = 'resource "a_b" "c" {\n  name = "${var.project}-${var.env}-${var.size}"\n}\n'

    trace = explained(main, "a_b.c", "name")

    assert "var.size" == trace.cause
    assert ["main.tf:9 a_b.c.name", "dev.tfvars:2 var.size in dev", "prod.tfvars:2 var.size in prod"] == lines(trace)


def test_an_expression_that_asks_for_the_environment_is_its_own_cause(explained: Explain) -> None:
    """The environment's name is what it is; whoever decides by it is to blame."""
    trace = explained('resource "a_b" "c" {\n  size = var.env == "prod" ? 4 : 1\n}\n', "a_b.c", "size")

    assert "a_b.c.size" == trace.cause
    assert "a_b.c.size" == explained('resource "a_b" "c" {\n  size = lookup({}, var.env, 1)\n}\n', "a_b.c", "size").cause


def test_the_number_of_instances_has_a_cause_too(explained: Explain) -> None:
    """Without a path, what decides about a resource's instances is traced."""
    assert "var.size" == explained('resource "a_b" "c" {\n  count = var.size\n}\n', "a_b.c[1]").cause


def test_a_computed_attribute_leads_to_its_block_and_no_further(explained: Explain) -> None:
    """What a data source is told need not be what differs in its answer: the data source's own findings are of the same cause."""
    main = """\
data "a_doc" "d" {
  statement {
    actions = [var.project, "x:${var.size}"]
  }
}
locals {
  policies = { c = data.a_doc.d.json }
}
resource "a_b" "c" {
  policy = local.policies["c"]
}
"""

    assert "data.a_doc.d" == explained(main, "a_b.c", "policy.Statement[0].Action").cause
    assert "data.a_doc.d" == explained(main, "data.a_doc.d", "json.Statement[0].Action").cause


def test_two_causes_make_the_name_above_them_the_cause(explained: Explain) -> None:
    main = 'variable "other" {}\nlocals {\n  both = "${var.size}${var.other}"\n}\nresource "a_b" "c" {\n  name = local.both\n}\n'

    assert "local.both" == explained(main, "a_b.c", "name", 'env = "ENV"\nsize = SIZE\nother = SIZE\n').cause


def test_cycles_end(explained: Explain) -> None:
    """Terraform refuses a cycle; until it does, nobody runs in circles."""
    main = 'locals {\n  a = [local.b, local.b.x]\n  b = [local.a, local.a.y]\n}\nresource "a_b" "c" {\n  name = local.a\n}\n'

    assert "local.a" in {step.message for step in explained(main, "a_b.c", "name").steps}


def test_unknown_addresses_have_no_trace(explained: Explain) -> None:
    assert Trace() == explained("", "a_b.gone", "name")


def test_one_directory_an_environment(write: Write, tmp_path: Path) -> None:
    """Where every environment has its own configuration, each one's line is a step."""
    for name, size in (("dev", "1"), ("prod", "2")):
        write(**{f"{name}/main.tf": f'module "m" {{\n  source = "../m"\n  size = {size}\n}}\n'})
    write(**{"m/main.tf": 'variable "size" {}\nresource "a_b" "c" {\n  size = var.size\n}\n'})
    sources = load_all([Environment(name, tmp_path / name) for name in ("dev", "prod")])

    trace = explain(sources, "module.m.a_b.c", "size")

    assert "module.m.var.size" == trace.cause
    assert [
        "m/main.tf:3 module.m.a_b.c.size",
        "dev/main.tf:3 module.m.var.size in dev",
        "prod/main.tf:3 module.m.var.size in prod",
    ] == lines(trace)


def test_precedence_of_assignments(write: Write, load: Load, tmp_path: Path) -> None:
    """What Terraform lets win is what the trace ends in."""
    write(
        main='variable "env" {}\nvariable "size" {\n  default = 1\n}\nresource "a_b" "c" {\n  size = var.size\n}\n',
        **{"terraform.tfvars": "size = 2\n", "z.auto.tfvars": "size = 3\n", "a.auto.tfvars.json": '{"size": 4}', "x.tfvars": "size = 5\n"},
    )
    here = {"variables.size": Location("parity.yaml", 5, 7), "env.TF_VAR_size": Location("parity.yaml", 6, 7)}

    def last(*files: str, **settings: object) -> Related:
        return load("dev", *files, locations=here, **settings).trace("a_b.c", "size").steps[-1]

    assert Related(Location("z.auto.tfvars", 1, 1), "var.size") == last()
    assert Related(Location("x.tfvars", 1, 1), "var.size") == last("x.tfvars")
    assert Related(Location("parity.yaml", 5, 7), "var.size") == last("x.tfvars", variables={"size": 9})
    for file in ("z.auto.tfvars", "a.auto.tfvars.json", "terraform.tfvars"):
        (tmp_path / file).unlink()
    assert Related(Location("parity.yaml", 6, 7), "var.size") == last(env={"TF_VAR_size": "7"})
    assert Related(Location("main.tf", 3, 3), "var.size") == last()


def test_values_never_reach_a_trace(explained: Explain) -> None:
    """What a line says may be a secret: a trace names places only."""
    trace = explained('resource "a_b" "c" {\n  password = var.secret\n}\n', "a_b.c", "password", 'secret = "hunter2-ENV"\n')

    assert "var.secret" == trace.cause
    assert "hunter2" not in repr(trace)
