"""The commands that write what a stack keeps: allow, baseline, schema import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paritycheck.cli.options import Checkov, ConfigFile, EngineName, Quiet, Terraform, Verbose
from paritycheck.commands.selection import Selection
from paritycheck.commands.terminal import chatter

commands = typer.Typer()
schema = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
commands.add_typer(schema, name="schema", help="Teach the offline engine further providers.")


@commands.command(
    "allow",
    epilog="""\b
Examples:
  paritycheck allow aws_sqs_queue.orders.visibility_timeout_seconds
  paritycheck allow 3f09 --reason "Messages of prod take longer" """.rstrip(),
)
def _allow(
    *,
    finding: Annotated[
        str,
        typer.Argument(metavar="FINDING", help="ADDRESS.PATH as a report has it, or the beginning of its fingerprint.", show_default=False),
    ],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why the environments may differ here; to be written later by default.")
    ] = None,
    config: ConfigFile = None,
    engine: EngineName = None,
    terraform: Terraform = None,
    checkov: Checkov = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Add the rule that would allow a finding to parity.yaml.

    The file keeps its comments and its order. The rule permits nothing until somebody writes its reason.
    """
    from paritycheck.commands.allow import allow

    return allow(Selection(config, engine, terraform, checkov), finding, reason, chatter(quiet=quiet, verbose=verbose))


@commands.command("baseline", epilog="\b\nExamples:\n  paritycheck baseline\n  paritycheck baseline --expires 2027-03-31")
def _baseline(
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The file to write, instead of what parity.yaml says, or parity.baseline.json."
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE", help="The last day on which findings are held; in 90 days by default.")
    ] = None,
    config: ConfigFile = None,
    engine: EngineName = None,
    terraform: Terraform = None,
    checkov: Checkov = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Hold today's findings, so that only what is new fails.

    A finding is held for the environments and the values that it has today; one that changes is new. What the file
    holds already keeps its last day. Protected differences and incomplete plans cannot be held.
    """
    from paritycheck.commands.baseline import baseline

    return baseline(Selection(config, engine, terraform, checkov), output, expires, chatter(quiet=quiet, verbose=verbose))


@schema.command("import", epilog="\b\nExample:\n  terraform providers schema -json > schema.json\n  paritycheck schema import schema.json")
def _import_schema(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `terraform providers schema -json` wrote.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The directory to write to.")] = Path("schemas"),
) -> int:
    """Add the providers of a schema dump, so that the offline engine can plan with them."""
    from paritycheck.commands.schema import import_schema

    return import_schema(file, output)
