"""docs/specification.md: every line of the specification, addresses that exist, and no resource that nobody asked for."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from paritycheck.config import load_config
from paritycheck.source.module import Module

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "specification.md").read_text(encoding="utf-8")
SPECIFICATION = (ROOT / "tests" / "assets" / "specification.txt").read_text(encoding="utf-8")
RECORDED = sorted((ROOT / "tests" / "assets" / "stack").glob("*.json.gz"))

BEYOND = "Beyond the specification"
REPEATING = {"Deliverables", "Parity & Allowed Diffs"}
"""Headings that ask for no resource of their own: they speak of all of them, or of those that others ask for."""

DECLARED = ("var.", "local.", "output.", "data.", "check.", "terraform.", "allow:", "protect:")
"""What the names of blocks and rules start with; everything else is a file or a resource."""


class Row(NamedTuple):
    """A row of the tables under one heading."""

    heading: str
    text: str
    addresses: tuple[str, ...]
    remark: str


def read_rows() -> Iterator[Row]:
    heading = ""
    for line in DOCUMENT.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("| ") and not re.match(r"\| (requirement|what) \|", line):
            text, fulfilled, remark = (cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|"))
            yield Row(heading, text.removeprefix("… "), tuple(re.findall(r"`([^`]+)`", fulfilled)), remark)


ROWS = list(read_rows())


def words(text: str) -> list[str]:
    """The text's words without the colon that ends a heading, and the dash that starts a line."""
    return [word.removesuffix(":") for word in text.split() if word != "-"]


def expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))


@cache
def planned() -> dict[str, frozenset[str]]:
    """The resources' addresses by environment."""
    plans = {path.name.removesuffix(".json.gz"): json.loads(gzip.decompress(path.read_bytes())) for path in RECORDED}
    return {
        environment: frozenset(change["address"] for change in plan["resource_changes"] if change["mode"] == "managed")
        for environment, plan in plans.items()
    }


@cache
def declared() -> frozenset[str]:
    """The names of blocks, local values, settings and rules, as the document writes them."""
    module, config = Module(ROOT), load_config(ROOT / "parity.yaml")
    (settings,) = module.settings
    return frozenset(
        [
            *module.blocks,
            *(f"local.{name}" for name in module.locals),
            *(f"terraform.{name}" for name in settings.attributes),
            *(f"terraform.{block.kind}" for block in settings.blocks),
            *(f"allow:{rule.id}" for rule in config.allow),
            *(f"protect:{rule.id}" for rule in config.protect),
        ]
    )


def exists(address: str) -> bool:
    """Tell whether a pattern finds something: a block, a rule, a file, or a resource in every environment."""
    if address.startswith(DECLARED):
        return any(map(expression(address).fullmatch, declared()))
    if (ROOT / address).is_file():
        return True
    return all(any(map(expression(address).fullmatch, addresses)) for addresses in planned().values())


def test_no_word_of_the_specification_is_left_out() -> None:
    texts: list[str] = []
    for row in (row for row in ROWS if row.heading != BEYOND):
        texts += [row.text] if row.heading in texts else [row.heading, row.text]

    assert words(SPECIFICATION) == words(" ".join(texts))


@pytest.mark.parametrize("line", [line.removeprefix("- ") for line in SPECIFICATION.splitlines()])
def test_a_line_begins_a_row_or_is_a_heading(line: str) -> None:
    starts = [words(text) for text in [*(row.text for row in ROWS), *(row.heading for row in ROWS)]]

    assert any(start == words(line)[: len(start)] for start in starts)


def test_every_row_says_what_fulfills_it() -> None:
    assert [] == [row.text for row in ROWS if not row.addresses]


@pytest.mark.parametrize("address", sorted({address for row in ROWS for address in row.addresses}))
def test_an_address_exists_in_every_environment(address: str) -> None:
    assert {"dev", "staging", "prod"} == planned().keys()
    assert exists(address)


def test_no_resource_goes_without_a_row() -> None:
    patterns = [expression(address) for row in ROWS if row.heading not in REPEATING for address in row.addresses if address != "aws_*"]

    assert [] == sorted(
        address for address in frozenset.union(*planned().values()) if not any(pattern.fullmatch(address) for pattern in patterns)
    )


@pytest.mark.parametrize("prefix", ["var.", "output.", "check.", "allow:", "protect:"])
def test_no_variable_output_check_or_rule_goes_without_a_row(prefix: str) -> None:
    addresses = {address for row in ROWS for address in row.addresses}

    assert {name for name in declared() if name.startswith(prefix)} <= addresses


def test_everything_beyond_the_specification_has_its_reason() -> None:
    beyond = [row for row in ROWS if row.heading == BEYOND]

    assert beyond
    assert [] == [row.text for row in beyond if not row.remark]
