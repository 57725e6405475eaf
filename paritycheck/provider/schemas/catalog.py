"""Provider schemas on disk: small, and read only as deep as is used.

A catalog is a zlib stream of JSON lines. Line 0 is the header: the provider's source and version, and for every type its
schema's version and the number of its block's line. Every other line is one distinct block:
``[{ATTRIBUTE: [TYPE, FLAGS]}, {BLOCK: [NESTING, MIN_ITEMS, MAX_ITEMS, LINE]}]``. A nested attribute has the ``[NESTING,
LINE]`` of its objects as a third item. A block stands after the blocks that it refers to, and equal ones stand once: so
types that repeat themselves a thousandfold are small, on disk and in memory.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from paritycheck.errors import ConfigError
from paritycheck.provider.interface import Attribute, Block, NestedBlock, Schema

FORMAT = 1
"""Version of the format that is written and read here."""

FLAGS = {"required": 1, "optional": 2, "computed": 4, "sensitive": 8, "write_only": 16, "deprecated": 32}
"""Bits of an attribute's flags."""

_MAX_BYTES = 256 * 2**20
"""A catalog larger than this is refused: the whole of AWS has two megabytes."""


class Catalog:
    """The schemas of one provider, parsed on demand."""

    def __init__(self, data: bytes, origin: Path) -> None:
        """Open a catalog's bytes; `origin` is named in errors."""
        self._origin = origin
        try:
            self._lines = _decompress(data).split(b"\n")
            header = json.loads(self._lines[0])
            if header["format"] != FORMAT:
                raise ValueError(f"its format is {header['format']!r}, not {FORMAT}")  # noqa: TRY301 - one place wraps all that is wrong
            self.source: str = header["source"]
            self.version: str = header["version"]
            self._header = header
        except (ValueError, KeyError, TypeError, IndexError, RecursionError, zlib.error) as error:
            raise self._broken(error) from error
        self._blocks: dict[int, Block] = {}

    @property
    def resource_types(self) -> Iterable[str]:
        """Names of all managed resource types."""
        return self._types("resources")

    @property
    def data_source_types(self) -> Iterable[str]:
        """Names of all data sources."""
        return self._types("data_sources")

    def provider(self) -> Schema:
        """Return the schema of the provider's own configuration."""
        entry = self._header.get("provider")
        return Schema(Block()) if entry is None else self._schema(entry)

    def resource(self, type_name: str) -> Schema | None:
        """Return the schema of a managed resource type, or ``None`` where the provider has none."""
        return self._find("resources", type_name)

    def data_source(self, type_name: str) -> Schema | None:
        """Return the schema of a data source, or ``None`` where the provider has none."""
        return self._find("data_sources", type_name)

    def _types(self, kind: str) -> Mapping[str, Any]:
        types = self._header.get(kind, {})
        if not isinstance(types, dict):
            raise self._broken(TypeError(f"{kind} is no object"))
        return types

    def _find(self, kind: str, type_name: str) -> Schema | None:
        entry = self._types(kind).get(type_name)
        return None if entry is None else self._schema(entry)

    def _schema(self, entry: Any) -> Schema:
        try:
            version, line = entry
            return Schema(self._block(line, len(self._lines)), version)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            raise self._broken(error) from error

    def _block(self, line: int, before: int) -> Block:
        """Return the block of a line, which must stand before the line that refers to it."""
        if not 0 < line < before:
            raise ValueError(f"line {line} refers to a block that does not precede it")
        if line not in self._blocks:
            attributes, blocks = json.loads(self._lines[line])
            self._blocks[line] = Block(
                attributes={name: self._attribute(entry, line) for name, entry in attributes.items()},
                blocks={name: self._nested(nesting, number, line, low, high) for name, (nesting, low, high, number) in blocks.items()},
            )
        return self._blocks[line]

    def _nested(self, nesting: str, number: int, line: int, low: int = 0, high: int = 0) -> NestedBlock:
        return NestedBlock(nesting, self._block(number, line), low, high)

    def _attribute(self, entry: Any, line: int) -> Attribute:
        cty, bits, *nested = entry
        flags: dict[str, Any] = {name: bool(bits & bit) for name, bit in FLAGS.items()}
        if not nested:
            return Attribute(cty, **flags)
        nesting, number = nested[0]
        objects = self._nested(nesting, number, line)
        return Attribute(objects.type, **flags, nested=objects)

    def _broken(self, error: Exception) -> ConfigError:
        return ConfigError(
            f"the provider schema cannot be read: {error}",
            location=self._origin,
            hint="write it again with `paritycheck schema import`",
        )


@lru_cache(maxsize=32)
def load_catalog(path: Path) -> Catalog:
    """Open a catalog file; raise `ConfigError` where it is missing or broken."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"the provider schema cannot be read: {error.strerror}", location=path) from error
    return Catalog(data, path)


def pack_catalog(header: Mapping[str, Any], lines: Iterable[str]) -> bytes:
    """Return a catalog's bytes from its header and its blocks' lines, which count from 1."""
    first = json.dumps({"format": FORMAT, **header}, separators=(",", ":"), sort_keys=True)
    return zlib.compress("\n".join([first, *lines]).encode(), 9)


def _decompress(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    text = stream.decompress(data, _MAX_BYTES)
    if not stream.eof:
        raise ValueError("it is truncated, or too large")
    return text
