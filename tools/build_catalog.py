"""Build the catalog of a provider that the package ships.

    python tools/build_catalog.py SCHEMA OUTPUT [--source hashicorp/aws] [--version 5.100.0]

SCHEMA is either the output of ``terraform providers schema -json`` or JSON lines, one type a line:
``{"kind": "resource|data|ephemeral", "type": NAME, "version": N, "block": {...}}`` with blocks as in that output.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paritycheck.provider.schemas.schema_import import pack_provider, read_dump

_KEYS = {"resource": "resource_schemas", "data": "data_source_schemas", "ephemeral": "ephemeral_resource_schemas"}


def read_lines(document: bytes) -> Mapping[str, Any]:
    """Return the schemas of JSON lines in the form of a dump."""
    schemas: dict[str, Any] = {key: {} for key in _KEYS.values()}
    for record in map(json.loads, document.splitlines()):
        schemas[_KEYS[record["kind"]]][record["type"]] = record
    return schemas


def main() -> None:
    """Read the command line and write the catalog."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schema", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--source", default="hashicorp/aws")
    parser.add_argument("--version", default="5.100.0")
    options = parser.parse_args()
    document = options.schema.read_bytes()
    schemas = read_lines(document) if options.schema.suffix == ".jsonl" else read_dump(document)[options.source]
    options.output.write_bytes(pack_provider(options.source, schemas, options.version))


if __name__ == "__main__":
    main()
