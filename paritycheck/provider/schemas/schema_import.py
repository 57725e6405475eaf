"""From the output of ``terraform providers schema -json`` to catalogs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paritycheck.errors import ConfigError
from paritycheck.provider.schemas.catalog import FLAGS, pack_catalog

PUBLIC_HOSTS = ("registry.terraform.io", "registry.opentofu.org")
"""Registries whose providers have a source address without a host."""

_SOURCE = re.compile(r"([0-9A-Za-z][0-9A-Za-z.-]*(:[0-9]+)?/)?[0-9A-Za-z][0-9A-Za-z_-]*/[0-9A-Za-z][0-9A-Za-z_-]*")
_NESTINGS = ("single", "group", "list", "set", "map")
_PRIMITIVES = ("string", "number", "bool", "dynamic")
_KINDS = {"resource_schemas": "resources", "data_source_schemas": "data_sources", "ephemeral_resource_schemas": "ephemerals"}


@dataclass(frozen=True, slots=True)
class ImportedSchema:
    """One provider's schema, written as a catalog."""

    source: str
    """Source address such as ``hashicorp/aws``, with the host where that is no public registry."""
    path: Path
    resources: int
    data_sources: int


def import_schemas(document: bytes, directory: Path, *, origin: Path | None = None) -> list[ImportedSchema]:
    """Write one catalog into `directory` for each provider of a schema dump; raise `ConfigError` where it is none.

    `origin` is the dump's own path, for errors.
    """
    try:
        providers = read_dump(document)
        packed = [(source, schemas, pack_provider(source, schemas)) for source, schemas in providers.items()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(
            f"this is no provider schema: {error}",
            location=origin,
            hint="make one with `terraform init && terraform providers schema -json > schema.json`",
        ) from error
    return [_write(directory, source, schemas, data) for source, schemas, data in packed]


def read_dump(document: bytes) -> dict[str, Mapping[str, Any]]:
    """Return the schemas of a dump by source address; raise `ValueError` and its like where it is malformed."""
    dump = _object(json.loads(document), "the document")
    if not str(dump.get("format_version", "")).startswith(("0.", "1.")):
        raise ValueError(f"format_version is {dump.get('format_version')!r}, expected 0.x or 1.x")
    providers = _object(dump.get("provider_schemas") or {}, "provider_schemas")
    found = {shorten_source(address): schemas for address, schemas in providers.items() if not address.startswith("terraform.io/builtin/")}
    if not found:
        raise ValueError("it holds no provider")
    return found


def shorten_source(address: str) -> str:
    """Return a provider's address without a public registry's host; raise `ValueError` where it is no address."""
    host, _, rest = address.partition("/")
    source = rest if host in PUBLIC_HOSTS else address
    if not _SOURCE.fullmatch(source):
        raise ValueError(f"{address!r} is no provider address")
    return source


def pack_provider(source: str, schemas: Mapping[str, Any], version: str = "") -> bytes:
    """Return the catalog of one provider's schemas, as the dump holds them."""
    table = _BlockTable()
    header: dict[str, Any] = {"source": source, "version": version}
    if schemas.get("provider"):
        header["provider"] = table.add_schema(schemas["provider"])
    for key, kind in _KINDS.items():
        types = _object(schemas.get(key) or {}, key)
        header[kind] = {name: table.add_schema(schema) for name, schema in types.items()}
    return pack_catalog(header, table.lines)


@dataclass(frozen=True, slots=True)
class _BlockTable:
    """The distinct blocks of a catalog, each as the line that it will be."""

    lines: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add_schema(self, schema: Any) -> list[int]:
        """Add a schema's block and return what the header says about the schema."""
        schema = _object(schema, "a schema")
        return [_count(schema.get("version", 0)), self._add_block(_object(schema.get("block") or {}, "a block"))]

    def _add_block(self, block: Mapping[str, Any]) -> int:
        attributes = {name: self._attribute(entry) for name, entry in _items(block, "attributes")}
        blocks = {name: self._nested_block(entry) for name, entry in _items(block, "block_types")}
        return self._number(attributes, blocks)

    def _attribute(self, entry: Mapping[str, Any]) -> list[Any]:
        flags = sum(bit for name, bit in FLAGS.items() if entry.get(name))
        if "nested_type" not in entry:
            return [_checked_type(entry["type"]), flags]
        nested = _object(entry["nested_type"], "nested_type")
        attributes = {name: self._attribute(inner) for name, inner in _items(nested, "attributes")}
        return [None, flags, [_nesting(nested), self._number(attributes, {})]]

    def _nested_block(self, entry: Mapping[str, Any]) -> list[Any]:
        number = self._add_block(_object(entry.get("block") or {}, "a block"))
        return [_nesting(entry), _count(entry.get("min_items", 0)), _count(entry.get("max_items", 0)), number]

    def _number(self, attributes: Mapping[str, Any], blocks: Mapping[str, Any]) -> int:
        line = json.dumps([attributes, blocks], separators=(",", ":"), sort_keys=True)
        if line not in self._numbers:
            self.lines.append(line)
            self._numbers[line] = len(self.lines)
        return self._numbers[line]


def _items(block: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, _object(entry, name)) for name, entry in _object(block.get(key) or {}, key).items()]


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{name} is no object")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} is no count")
    return value


def _nesting(entry: Mapping[str, Any]) -> str:
    mode = entry.get("nesting_mode")
    if mode not in _NESTINGS:
        raise ValueError(f"{mode!r} is no nesting mode")
    return str(mode)


def _checked_type(cty: Any) -> Any:
    """Return a cty type's JSON encoding where it is one."""
    match cty:
        case str() if cty in _PRIMITIVES:
            return cty
        case ["list" | "set" | "map" as kind, inner]:
            return [kind, _checked_type(inner)]
        case ["tuple", list() as items]:
            return ["tuple", [_checked_type(item) for item in items]]
        case ["object", dict() as attributes, *_]:
            return ["object", {name: _checked_type(inner) for name, inner in attributes.items()}]
    raise ValueError(f"{cty!r:.80} is no type")


def _write(directory: Path, source: str, schemas: Mapping[str, Any], data: bytes) -> ImportedSchema:
    path = directory / (re.sub("[/:]", "-", source) + ".catalog")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"the provider schema cannot be written: {error.strerror}", location=path) from error
    return ImportedSchema(source, path, len(schemas.get("resource_schemas") or {}), len(schemas.get("data_source_schemas") or {}))
