"""Importing provider schemas."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.errors import ConfigError
from paritycheck.provider.interface import Attribute, Block, NestedBlock, Schema
from paritycheck.provider.schemas.catalog import load_catalog
from paritycheck.provider.schemas.schema_import import ImportedSchema, import_schemas, read_dump

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

BLOCK = {
    "attributes": {"id": {"type": "string", "computed": True, "description": "An id."}},
    "block_types": {
        "part": {"nesting_mode": "set", "max_items": 2, "block": {"attributes": {"size": {"type": "number", "required": True}}}}
    },
}
NESTED = {
    "attributes": {
        "parts": {"optional": True, "nested_type": {"nesting_mode": "map", "attributes": {"size": {"type": "number", "optional": True}}}},
        "shape": {"optional": True, "type": ["object", {"a": ["list", "string"], "b": "dynamic"}]},
    }
}


def dump(**providers: Any) -> bytes:
    return json.dumps({"format_version": "1.0", "provider_schemas": providers}).encode()


def provider(block: Any, **more: Any) -> dict[str, Any]:
    return {"provider": {"version": 0}, "resource_schemas": {"x_thing": {"version": 3, "block": block}}, **more}


def test_every_provider_of_a_dump_becomes_a_catalog(tmp_path: Path) -> None:
    """Public registries are left out of a source, other hosts are kept, built-in providers need no schema."""
    document = dump(
        **{
            "registry.terraform.io/hashicorp/google": provider(BLOCK),
            "registry.opentofu.org/acme/x": provider(NESTED, data_source_schemas={"x_data": {"version": 0, "block": BLOCK}}),
            "app.example.com:8443/acme/x": provider(BLOCK),
            "terraform.io/builtin/terraform": provider(BLOCK),
        }
    )

    expected = [
        ImportedSchema("hashicorp/google", tmp_path / "hashicorp-google.catalog", 1, 0),
        ImportedSchema("acme/x", tmp_path / "acme-x.catalog", 1, 1),
        ImportedSchema("app.example.com:8443/acme/x", tmp_path / "app.example.com-8443-acme-x.catalog", 1, 0),
    ]
    assert expected == import_schemas(document, tmp_path)


def test_an_imported_schema_reads_back(tmp_path: Path) -> None:
    """Blocks, nested attributes and object types are what the dump says."""
    (imported,) = import_schemas(dump(**{"registry.terraform.io/acme/x": provider(BLOCK | {"attributes": NESTED["attributes"]})}), tmp_path)

    schema = load_catalog(imported.path).resource("x_thing")

    inner = NestedBlock("map", Block({"size": Attribute("number", optional=True)}))
    expected = Schema(
        Block(
            {
                "parts": Attribute(["map", ["object", {"size": "number"}]], optional=True, nested=inner),
                "shape": Attribute(["object", {"a": ["list", "string"], "b": "dynamic"}], optional=True),
            },
            {"part": NestedBlock("set", Block({"size": Attribute("number", required=True)}), max_items=2)},
        ),
        3,
    )
    assert expected == schema


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_encoding_is_read(encoding: str) -> None:
    """A shell may write a dump in its own encoding."""
    text = dump(**{"registry.terraform.io/acme/x": provider(BLOCK)}).decode()

    assert ["acme/x"] == list(read_dump(text.encode(encoding)))


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b'{"format_version": "9.0", "provider_schemas": {}}',
        dump(),
        dump(x=provider(BLOCK)),
        dump(**{"registry.terraform.io/../../etc": provider(BLOCK)}),
        dump(**{"registry.terraform.io/acme/x": []}),
        dump(**{"registry.terraform.io/acme/x": provider({"attributes": {"a": {"type": "text"}}})}),
        dump(**{"registry.terraform.io/acme/x": provider({"attributes": {"a": {}}})}),
        dump(**{"registry.terraform.io/acme/x": provider({"attributes": {"a": 1}})}),
        dump(**{"registry.terraform.io/acme/x": provider({"block_types": {"a": {"nesting_mode": "heap"}}})}),
        dump(**{"registry.terraform.io/acme/x": provider({"block_types": {"a": {"nesting_mode": "list", "max_items": "x"}}})}),
    ],
)
def test_what_is_no_dump_is_one_clear_error(document: bytes, tmp_path: Path) -> None:
    """Nothing is written, and the hint says how to make a dump."""
    with pytest.raises(ConfigError, match="no provider schema") as caught:
        import_schemas(document, tmp_path, origin=Path("schema.json"))

    assert (Path("schema.json"), []) == (caught.value.location, list(tmp_path.iterdir()))


def test_ten_thousand_levels_are_refused(tmp_path: Path) -> None:
    """Depth is an error and no crash."""
    levels = 10_000
    deep = '{"block_types":{"b":{"nesting_mode":"list","block":' * levels + "{}" + "}}}" * levels
    document = dump(**{"registry.terraform.io/acme/x": provider("DEEP")}).replace(b'"DEEP"', deep.encode())

    with pytest.raises(ConfigError, match="no provider schema"):
        import_schemas(document, tmp_path)


KEYS = st.sampled_from(["attributes", "block_types", "type", "nested_type", "nesting_mode", "block", "a", "version"])
LEAVES = st.none() | st.integers() | st.text()


@quick
@given(schema=st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)))
def test_hostile_schemas_are_imported_or_refused(schema: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No other exception leaves the import."""
    directory = tmp_path_factory.mktemp("schemas")
    with suppress(ConfigError):
        import_schemas(dump(**{"registry.terraform.io/acme/x": {"resource_schemas": {"x": schema}, "provider": schema}}), directory)


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """The catalog's path is named."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be written"):
        import_schemas(dump(**{"registry.terraform.io/acme/x": provider(BLOCK)}), tmp_path / "file" / "below")
