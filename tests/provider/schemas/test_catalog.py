"""Provider schemas on disk."""

import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.errors import ConfigError
from paritycheck.provider.aws.provider import AwsProvider
from paritycheck.provider.interface import Attribute, Block, NestedBlock, Schema
from paritycheck.provider.schemas.catalog import FORMAT, Catalog, load_catalog, pack_catalog

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ORIGIN = Path("x.catalog")
LEAF = '[{"name":["string",1],"secret":["string",28]},{}]'


def make(*lines: str, **types: list[int]) -> Catalog:
    return Catalog(pack_catalog({"source": "a/b", "version": "1", "resources": types}, lines), ORIGIN)


def test_a_type_is_read_with_its_nested_blocks() -> None:
    """Flags, nesting and limits come back as they were written."""
    catalog = make(LEAF, '[{"id":["string",6]},{"part":["list",1,3,1]}]', thing=[4, 2])

    leaf = Block(
        {"name": Attribute("string", required=True), "secret": Attribute("string", computed=True, sensitive=True, write_only=True)}
    )
    expected = Schema(Block({"id": Attribute("string", optional=True, computed=True)}, {"part": NestedBlock("list", leaf, 1, 3)}), 4)
    assert expected == catalog.resource("thing")


def test_a_nested_attribute_has_the_type_that_its_objects_imply() -> None:
    """Attributes of the newer protocol hold objects with flags of their own."""
    catalog = make(LEAF, '[{"parts":[null,2,["set",1]]},{}]', thing=[0, 2])

    schema = catalog.resource("thing")

    assert schema is not None
    assert ["set", ["object", {"name": "string", "secret": "string"}]] == schema.block.attributes["parts"].type


def test_what_is_absent_is_none() -> None:
    """A type that the provider has not has no schema."""
    catalog = make(LEAF, thing=[0, 1])

    assert (None, None, Schema()) == (catalog.resource("other"), catalog.data_source("thing"), catalog.provider())


@pytest.mark.parametrize("line", [0, 2, -1, 99])
def test_a_block_that_does_not_precede_is_refused(line: int) -> None:
    """A catalog cannot make a block that holds itself."""
    catalog = make(LEAF, f'[{{}},{{"self":["list",0,0,{line}]}}]', thing=[0, 2])

    with pytest.raises(ConfigError, match="cannot be read"):
        catalog.resource("thing")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b'{"format": 1}'),
        zlib.compress(b'{"format": %d}' % (FORMAT + 1)),
        zlib.compress(b"[" * 100_000),
        pack_catalog({"source": "a/b", "version": ""}, [])[:-4],
    ],
)
def test_a_broken_catalog_is_one_clear_error(data: bytes) -> None:
    """The message names the file, the hint says how to make it anew."""
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        Catalog(data, ORIGIN)

    assert (ORIGIN, True) == (caught.value.location, "schema import" in str(caught.value.hint))


@quick
@given(st.binary(max_size=200))
def test_hostile_lines_are_a_config_error(line: bytes) -> None:
    """Whatever a block's line holds, it is a schema or an error."""
    header = b'{"format":1,"source":"a/b","version":"","resources":{"thing":[0,1]}}\n'
    catalog = Catalog(zlib.compress(header + line), ORIGIN)
    with suppress(ConfigError):
        catalog.resource("thing")


def test_a_missing_catalog_is_a_config_error(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(ConfigError, match="No such file"):
        load_catalog(tmp_path / "none.catalog")


def test_the_shipped_catalog_holds_every_type() -> None:
    """Also those that repeat themselves ten thousandfold."""
    catalog = AwsProvider().catalog

    assert ("hashicorp/aws", 1526, 608) == (catalog.source, len(list(catalog.resource_types)), len(list(catalog.data_source_types)))
    assert all(catalog.resource(name) for name in catalog.resource_types)
    assert all(catalog.data_source(name) for name in catalog.data_source_types)
