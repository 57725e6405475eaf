"""The published JSON Schema is what the tool itself checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import paritycheck.config
from paritycheck.config.schema import schema, validate
from paritycheck.config.yamltext import Document
from paritycheck.errors import ConfigError, Location

REPOSITORY = Path(__file__).parents[2]
KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "default", "description", "enum", "format", "items", "minItems", "minProperties",
    "pattern", "properties", "propertyNames", "required", "title", "type",
}  # fmt: skip


def parts(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema inside a schema."""
    if isinstance(part, dict):
        yield part
        for key, inner in part.items():
            for each in inner.values() if key in {"properties", "$defs"} else [inner]:
                yield from parts(each)


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    for part in parts(schema()):
        yield from part.get("properties", {}).items()


def test_it_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_it_has_no_keyword_that_the_tool_does_not_know() -> None:
    assert set() == {key for part in parts(schema()) for key in part} - KNOWN


def test_it_is_published() -> None:
    """Editors take it from docs/, the tool from its package."""
    packaged = Path(paritycheck.config.__file__).parent / "parity.schema.json"

    assert packaged.read_text(encoding="utf-8") == (REPOSITORY / "docs" / "parity.schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted({name for name, _ in properties()}))
def test_every_key_is_described_and_documented(name: str) -> None:
    """An editor explains it, and docs/configuration.md has it."""
    documentation = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert all(part["description"].endswith(".") for key, part in properties() if key == name)
    assert re.search(rf"`{name}`", documentation)


def test_documented_examples_are_valid() -> None:
    """What docs/configuration.md shows as a whole file is accepted."""
    from paritycheck.config.yamltext import parse

    documentation = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = [text for text in re.findall(r"```yaml\n(.*?)```", documentation, re.DOTALL) if "version: 1" in text]

    assert examples
    for text in examples:
        validate(parse(text, "parity.yaml"))


KEYS = sorted({name for name, _ in properties()} | {"dev", "prod", "no such key"})
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats(0, 1) | st.sampled_from(["", " ", "a", "files", "ascending", "2031-02-03"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
ENVIRONMENTS = st.fixed_dictionaries({"dev": VALUES, "prod": st.just({})})
OPTIONAL = [key for key in KEYS if key not in {"id", "resources", "reason"}]
RULES = st.lists(
    st.fixed_dictionaries(
        {"id": st.just("a"), "resources": st.just(["a.b"]), "reason": st.just("r")}, optional=dict.fromkeys(OPTIONAL, VALUES)
    )
)


EDITORS = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@settings(max_examples=150)
@given(VALUES | st.fixed_dictionaries({"version": st.just(1), "environments": ENVIRONMENTS, "allow": RULES, "protect": RULES}))
def test_the_tool_and_editors_accept_the_same(data: Any) -> None:
    try:
        validate(Document(data, {(): Location("parity.yaml", 1)}))
        accepted = True
    except ConfigError:
        accepted = False

    assert EDITORS.is_valid(data) is accepted
