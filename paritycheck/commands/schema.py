"""`paritycheck schema`: teach the offline engine further providers."""

from __future__ import annotations

from pathlib import Path

from paritycheck.commands import ExitCode
from paritycheck.commands.output import print_out
from paritycheck.errors import UsageError
from paritycheck.inert import inert


def import_schema(file: Path, directory: Path) -> ExitCode:
    """Write a schema for each provider of a dump, and say what to put into `parity.yaml`."""
    from paritycheck.provider.schemas.schema_import import import_schemas

    try:
        document = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}", hint="Name the output of `terraform providers schema -json`."
        ) from error
    imported = import_schemas(document, directory, origin=file)
    for schema in imported:
        print_out(
            f"{inert(schema.source)} -> {schema.path} (resource types: {schema.resources:,}, data sources: {schema.data_sources:,})\n"
        )
    listed = ", ".join(str(schema.path) for schema in imported)
    print_out(f"Add this to parity.yaml:\n\nschemas: [{listed}]\n")
    return ExitCode.HELD
