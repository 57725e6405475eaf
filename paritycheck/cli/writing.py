"""The commands that write what a stack keeps: schema import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
schema = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
commands.add_typer(schema, name="schema", help="Teach the offline engine further providers.")


@schema.command("import", epilog="\b\nExample:\n  terraform providers schema -json > schema.json\n  paritycheck schema import schema.json")
def _import_schema(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `terraform providers schema -json` wrote.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The directory to write to.")] = Path("schemas"),
) -> int:
    """Add the providers of a schema dump, so that the offline engine can plan with them."""
    from paritycheck.commands.schema import import_schema

    return import_schema(file, output)
