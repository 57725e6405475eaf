"""The commands that write what a stack keeps: init, allow, baseline, schema import."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from paritycheck.cli.options import Checkov, ConfigFile, EngineName, Quiet, Terraform, Verbose
from paritycheck.commands.selection import Selection
from paritycheck.commands.terminal import chatter

commands = typer.Typer()
schema = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
commands.add_typer(schema, name="schema", help="Teach the offline engine further providers.")


class PlanningEngine(StrEnum):
    """What can plan a stack that has no `parity.yaml` yet."""

    OFFLINE = "offline"
    TERRAFORM = "terraform"


_INIT_EXAMPLES = """\b
Examples:
  paritycheck init
  paritycheck init stacks/orders --no-plan
  paritycheck init live/dev/network --output network.parity.yaml"""


@commands.command("init", epilog=_INIT_EXAMPLES)
def _init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIRECTORY]", help="Where the stack is; also one environment's directory.", show_default=False)
    ] = Path(),
    *,
    engine: Annotated[PlanningEngine, typer.Option("--engine", help="Where plans come from, now and later.")] = PlanningEngine.OFFLINE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write, instead of parity.yaml beside the stack.")
    ] = None,
    no_plan: Annotated[bool, typer.Option("--no-plan", help="Plan nothing, and propose no rules.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show progress in logs.")] = False,
) -> int:
    """Write a parity.yaml for an existing stack, with today's differences as proposals.

    Environments are found as variables files, directories, workspaces, or names that the configuration chooses by.
    A proposed rule permits nothing until somebody writes its reason.
    """
    from paritycheck.commands.init import init

    return init(directory, engine, output, chatter(quiet=quiet, verbose=verbose), plan=not no_plan, force=force)


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
