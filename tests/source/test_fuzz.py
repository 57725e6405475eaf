"""Whatever a file holds, reading it ends, and ends in an answer or a `ConfigError`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.config import Environment
from paritycheck.errors import ConfigError
from paritycheck.source import Sources, declarations, hazards

TOKENS = [
    'resource "a_b" "c" {', 'variable "env" {', "locals {", 'module "m" {', 'dynamic "x" {', "content {", 'output "o" {', "for_each = ",
    "count = ", "value = ", "x = ", 'source = "./m"', "default = ", "}", "{", "[", "]", "(", ")", '"', '"${', '}"', "${", "%{", "%{ if ",
    "%{ for ", "%{endif}", "<<EOT\n", "EOT\n", "\n", "\n", "var.env", "var.", "local.x", "local.x.y", "each.value", "each.key", "for ",
    "k, v in ", "=> ", "...", " if ", "? ", ": ", "== ", "&& ", "!", "-", "*", ".*", "[*]", ".0", ".x", '["a"]', "[var.env]", "merge(",
    "toset(", "length(", "jsonencode(", "flatten(", ",", "1", "1e9", '"a"', "true", "null", "# c\n", "/*", "\\", "\x00", "é", "\u202e",
    "a::b(", "=", "data.a_b.c.d", "module.m.o", "iterator = ",
]  # fmt: skip

TEXTS = st.lists(st.sampled_from(TOKENS) | st.text(max_size=5), max_size=50).map("".join)


ADDRESSES = ("a_b.c", 'a_b.c["k"]', "output.o", "local.x", "module.m.a_b.c")
PATHS = ("", "x", "x[0].y", "x.x")


def ask_everything(name: str, data: bytes, addresses: Sequence[str] = ADDRESSES, paths: Sequence[str] = PATHS) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        (root / name).write_bytes(data)
        (root / "terraform.tfvars").write_bytes(data)
        try:
            declarations([root])
            sources = Sources.load(Environment("dev", root), "env")
            for address in addresses:
                for path in paths:
                    sources.locate(address, path)
                    sources.trace(address, path)
            hazards([sources], "env")
        except ConfigError:
            return


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_native_syntax(text: str) -> None:
    ask_everything("main.tf", text.encode("utf-8", "surrogatepass"))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_json_syntax(text: str) -> None:
    ask_everything("main.tf.json", ('{"locals": {"x": ' + text).encode("utf-8", "surrogatepass"))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_bytes(data: bytes) -> None:
    ask_everything("main.tf", data)


@pytest.mark.parametrize(
    "text",
    ["[" * 9999, "(" * 9999 + "1" + ")" * 9999, "{a=" * 9999 + "1" + "}" * 9999, "!" * 9999 + "1", "1+" * 9999 + "1", "1?2:" * 9999 + "1",
     "f(" * 9999 + ")" * 9999, "a" + "[0]" * 9999, "a[" * 9999 + "0" + "]" * 9999, '"${' * 9999, "<<EOT\n" * 9999],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_ten_thousand_levels(text: str) -> None:
    body = f'locals {{\n  x = {text}\n}}\nresource "a_b" "c" {{\n  for_each = local.x\n  x = {text}\n}}\n'
    ask_everything("main.tf", body.encode(), ["a_b.c"], ["", "x.x"])
