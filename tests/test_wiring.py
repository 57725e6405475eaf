"""What expressions refer to, and which instances that means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Environment
from paritycheck.source import Sources
from paritycheck.wiring import Wiring, managed_and_read
from tests.plans import configured, document, plan, resource


def wiring(
    *blocks: dict[str, Any], calls: dict[str, Any] | None = None, addresses: tuple[str, ...] = ()
) -> tuple[Wiring, list[tuple[str, str]]]:
    """Return the wiring of a root module, and the edges between the planned addresses."""
    configuration = {"root_module": {"resources": list(blocks), "module_calls": calls or {}}}
    planned = [{**resource(address), "module_address": address.rpartition(".aws_")[0]} for address in addresses]
    read = plan(document(*planned) | {"configuration": configuration})
    resources = managed_and_read(read)
    found = Wiring(read.configuration)
    return found, [(resources[origin].address, resources[target].address) for origin, target in found.edges(resources)]


def call(resources: list[dict[str, Any]], outputs: dict[str, Any] | None = None, **inputs: tuple[str, ...]) -> dict[str, Any]:
    given = {name: {"references": list(names)} for name, names in inputs.items()}
    written = {name: {"expression": {"references": list(names)}} for name, names in (outputs or {}).items()}
    return {"source": "./m", "expressions": given, "module": {"resources": resources, "outputs": written}}


def test_names_stand_at_their_attributes_in_nested_blocks_too() -> None:
    block = configured("aws_x.a", key=("aws_k.k.arn", "aws_k.k"), name="x")
    block["expressions"]["rule"] = [{"target": {"references": ["aws_t.t"]}, "size": {"constant_value": 1}}, {}]
    found, _ = wiring(block)

    assert {"aws_x.a": {"key": ["aws_k.k.arn", "aws_k.k"], "rule": [{"target": ["aws_t.t"]}, {}]}} == found.trees


def test_variables_and_outputs_of_modules_are_followed() -> None:
    inner = call([configured("aws_x.a", key=("var.key",))], {"id": ("aws_x.a.id", "aws_x.a")}, key=("aws_k.k.arn", "aws_k.k"))
    found, edges = wiring(
        configured("aws_y.b", target=("module.m.id", "module.m")),
        configured("aws_k.k"),
        calls={"m": inner},
        addresses=("aws_y.b", "aws_k.k", "module.m.aws_x.a"),
    )

    assert {"key": ["aws_k.k.arn", "aws_k.k"]} == found.trees["module.m.aws_x.a"]
    assert {"target": ["aws_x.a.id", "aws_x.a"]} == found.trees["aws_y.b"]
    assert [("aws_y.b", "module.m.aws_x.a"), ("module.m.aws_x.a", "aws_k.k")] == edges


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        (("aws_k.k", "each.key"), ['aws_k.k["a"]']),
        (('aws_k.k["b"].arn', 'aws_k.k["b"]', "aws_k.k"), ['aws_k.k["b"]']),
        (('aws_k.k["b"].arn', 'aws_k.k["b"]', "aws_k.k", "aws_k.k"), ['aws_k.k["b"]', 'aws_k.k["a"]']),
        (("aws_k.k",), ['aws_k.k["a"]', 'aws_k.k["b"]']),
        (("var.key", "local.key", "each.value"), []),
        (("aws_k.gone",), []),
        (("data.aws_k.k",), ["data.aws_k.k"]),
    ],
)
def test_a_reference_means_the_instance_of_its_key(names: tuple[str, ...], targets: list[str]) -> None:
    addresses = ('aws_x.a["a"]', 'aws_k.k["a"]', 'aws_k.k["b"]', "data.aws_k.k")
    _, edges = wiring(configured("aws_x.a", key=names), configured("aws_k.k"), configured("data.aws_k.k"), addresses=addresses)

    assert sorted(targets) == sorted(target for _, target in edges)


def test_each_value_means_the_instance_of_the_same_key_where_for_each_is_a_resource() -> None:
    block = configured("aws_x.a", topic=("each.value.arn", "each.value"), name=("each.key",))
    block["for_each_expression"] = {"references": ["aws_t.t"]}
    addresses = ('aws_x.a["one"]', 'aws_x.a["two"]', 'aws_t.t["one"]', 'aws_t.t["two"]')
    found, edges = wiring(block, configured("aws_t.t"), addresses=addresses)

    assert [('aws_x.a["one"]', 'aws_t.t["one"]'), ('aws_x.a["two"]', 'aws_t.t["two"]')] == edges
    assert ["each.key"] == found.trees["aws_x.a"]["name"]


def test_a_reference_stays_in_its_instance_of_a_module() -> None:
    inner = call([configured("aws_x.a", key=("aws_k.k",)), configured("aws_k.k")])
    addresses = tuple(f'module.m["{key}"].{name}' for key in "ab" for name in ("aws_x.a", "aws_k.k"))
    _, edges = wiring(calls={"m": inner}, addresses=addresses)

    assert [(f'module.m["{key}"].aws_x.a', f'module.m["{key}"].aws_k.k') for key in "ab"] == edges


def test_outputs_that_go_round_in_a_circle_come_to_an_end() -> None:
    """Terraform refuses such a configuration; a document may hold it all the same."""
    inner = call([configured("aws_x.a", key=("var.key",))], {"key": ("var.key",)}, key=("module.m.key",))
    found, _ = wiring(calls={"m": inner})

    assert {"module.m.aws_x.a": {}} == found.trees


def test_what_will_not_be_there_is_left_out() -> None:
    parts = [
        resource("aws_x.gone", None, actions=["delete"]),
        resource("aws_x.forgotten", None, actions=["forget"]),
        {**resource("aws_x.a", None, actions=["delete"]), "deposed": "abc"},
        resource("aws_x.replaced", {}, actions=["delete", "create"]),
        resource("aws_x.kept", {}, actions=["no-op"]),
    ]

    assert ["aws_x.replaced", "aws_x.kept"] == [each.address for each in managed_and_read(plan(document(*parts)))]


def test_local_values_are_followed_in_the_sources(tmp_path: Path) -> None:
    """A plan does not say what a local value is; of a map of them, only the part that is taken counts."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('variable "key" {}\nlocals { inner = var.key }\nresource "aws_x" "c" { key = local.inner }\n')
    (tmp_path / "main.tf").write_text(
        'locals {\n  keys = { a = aws_k.a.arn, b = aws_k.b.arn }\n  first = local.keys.a\n  text = "x"\n}\n'
        'module "m" {\n  source = "./m"\n  key = local.first\n}\nresource "aws_k" "a" { name = "a" }\nresource "aws_k" "b" {}\n'
    )
    inner = call([configured("aws_x.c", key=("local.inner",))], key=("local.first",))
    blocks = [
        configured("aws_x.a", key=("local.first",)),
        configured("aws_x.b", key=("local.keys.b", "local.keys")),
        configured("aws_x.t", key=("local.text",)),
    ]
    read = plan(document(configuration=()) | {"configuration": {"root_module": {"resources": blocks, "module_calls": {"m": inner}}}})
    trees = Wiring(read.configuration, Sources.load(Environment("dev", tmp_path))).trees

    assert {
        "aws_x.a": {"key": ["aws_k.a"]},
        "aws_x.b": {"key": ["aws_k.b"]},
        "aws_x.t": {"key": ["local.text"]},
        "module.m.aws_x.c": {"key": ["aws_k.a"]},
    } == trees
