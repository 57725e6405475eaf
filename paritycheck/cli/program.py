"""The command line: options become objects here."""

from __future__ import annotations

from typing import Annotated

import typer

from paritycheck import __version__
from paritycheck.cli import asking, checking, writing
from paritycheck.cli.invocation import Invocation
from paritycheck.commands import ExitCode
from paritycheck.commands.request import Request

app = typer.Typer(
    name="paritycheck",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  paritycheck run                          check the stack that parity.yaml describes
  paritycheck run -e staging -e prod       check two of its environments
  paritycheck compare dev.json prod.json   check plans that were made elsewhere
  paritycheck policy                       check the policies alone
  paritycheck rules                        read what is checked, and why

\b
Exit codes:
  0    parity holds
  1    findings
  2    the command line or parity.yaml is wrong
  3    a plan failed, so that there is no verdict
  130  interrupted
  70   a bug in paritycheck""",
)
for group in (checking, asking, writing):
    app.add_typer(group.commands)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"paritycheck {__version__}")
        raise typer.Exit


@app.callback()
def _paritycheck(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", envvar="PARITYCHECK_DEBUG", help="Show where in the program a bug struck.")] = False,
    _version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Prove that Terraform environments are the same but for differences that somebody allowed.

    paritycheck plans every environment of a stack, compares the plans, and reports each difference that no rule in
    parity.yaml allows. Its offline engine needs no account, no credentials and no provider download.
    """
    context.obj.debug = debug


def parse(arguments: list[str], invocation: Invocation) -> int | Request:
    """Run the command that a command line names, or return what it asks where that has an answer that may be known already."""
    try:
        outcome: int | Request = typer.main.get_command(app).main(arguments, prog_name="paritycheck", standalone_mode=False, obj=invocation)
    except typer.TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every one that the parser raises is shown so
        return ExitCode.USAGE
    return outcome
