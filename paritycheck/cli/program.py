"""The command line: options become objects here, and nowhere else does an exit code leave the process."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

import typer

from paritycheck import __version__
from paritycheck.cli import asking, checking, writing
from paritycheck.commands import ExitCode
from paritycheck.commands.failure import confess, explain, refusals
from paritycheck.commands.terminal import wants_color
from paritycheck.errors import ParityError
from paritycheck.process import interruptible


@dataclass
class Invocation:
    """What holds for a whole call of the program."""

    debug: bool = False


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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; the only place that does."""
    sys.exit(_outcome(sys.argv[1:] if arguments is None else arguments))


def _outcome(arguments: list[str]) -> int:
    """Run a command; return its exit code, having explained on stderr what went wrong."""
    invocation = Invocation()
    try:
        with interruptible(), refusals():
            code: int = typer.main.get_command(app).main(arguments, prog_name="paritycheck", standalone_mode=False, obj=invocation)
    except ParityError as error:
        _tell(explain(error))
        return error.exit_code
    except typer.TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every one that the parser raises is shown so
        return ExitCode.USAGE
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
        _tell(confess(error, debug=invocation.debug))
        return ExitCode.BUG
    if code == ExitCode.INTERRUPTED:
        _tell([("interrupted", "there is no verdict")])
    return code


def _tell(parts: Iterable[tuple[str, str]]) -> None:
    """Print headings and texts to stderr; a reader that went away is no failure."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if wants_color(sys.stderr) else ("", "")
    with suppress(OSError):
        for heading, text in parts:
            print(f"{bold}{heading}:{plain}", text, sep="" if text.startswith("\n") else " ", file=sys.stderr)
