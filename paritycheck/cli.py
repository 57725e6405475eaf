"""The command line: options become objects here, and nowhere else does an exit code leave the process."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from paritycheck import __version__
from paritycheck.commands import ExitCode
from paritycheck.commands.failure import confess, explain, refusals
from paritycheck.commands.output import Outputs
from paritycheck.commands.selection import Selection
from paritycheck.commands.terminal import chatter, style, wants_color
from paritycheck.errors import ParityError
from paritycheck.process import interruptible
from paritycheck.reporters import Format


class Engine(StrEnum):
    """Where plans come from."""

    OFFLINE = "offline"
    TERRAFORM = "terraform"
    FILES = "files"


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
schema_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(schema_app, name="schema", help="Teach the offline engine further providers.")

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration; by default parity.yaml here or above.")
]
EngineName = Annotated[Engine | None, typer.Option("--engine", help="Where plans come from, instead of what parity.yaml says.")]
Environments = Annotated[
    list[str] | None,
    typer.Option("--environment", "-e", metavar="NAME", help="Take this environment; repeat it for others. All by default."),
]
Terraform = Annotated[
    str | None,
    typer.Option("--terraform", metavar="PATH", help="The terraform or tofu to use, by path or name. Found by itself by default."),
]
Checkov = Annotated[
    str | None,
    typer.Option("--checkov", metavar="PATH", help="The checkov to run policies with: its script, or its environment. Made by default."),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME[=FILE]",
        help=f"The report's format: {', '.join(Format)}. With a file it goes there; repeat it to write several.",
        autocompletion=lambda: list(Format),
    ),
]
OutputFile = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file instead of stdout.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print no colors; so does a NO_COLOR in the environment.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show all findings of a cause, each allowed difference, and progress in logs.")
]


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


_RUN_EXAMPLES = """\b
Examples:
  paritycheck run
  paritycheck run --format json --output report.json
  paritycheck run --format json=report.json   the report here, and as JSON in a file"""


@app.command(
    "run",
    epilog=_RUN_EXAMPLES,
)
def _run(
    *,
    config: ConfigFile = None,
    engine: EngineName = None,
    environment: Environments = None,
    formats: Formats = None,
    output: OutputFile = None,
    terraform: Terraform = None,
    checkov: Checkov = None,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Plan all environments, and report what differs or breaks a policy."""
    from paritycheck.commands.run import run

    outputs = Outputs.parse(formats or (), output, style(no_color=no_color, verbose=verbose))
    selection = Selection(config, engine, terraform, checkov, tuple(environment or ()))
    return run(selection, outputs, chatter(quiet=quiet, verbose=verbose))


_POLICY_EXAMPLES = """\b
Examples:
  paritycheck policy
  paritycheck policy -e prod
  paritycheck policy --least-privilege"""


@app.command(
    "policy",
    epilog=_POLICY_EXAMPLES,
)
def _policy(
    *,
    config: ConfigFile = None,
    engine: EngineName = None,
    environment: Environments = None,
    least_privilege: Annotated[
        bool, typer.Option("--least-privilege", help="Only hold what functions are granted against what they need; run no checks.")
    ] = False,
    formats: Formats = None,
    output: OutputFile = None,
    terraform: Terraform = None,
    checkov: Checkov = None,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Check the policies alone, of one environment or more.

    Runs the checks that parity.yaml names on every plan, and proves that functions are granted what they need and no more.
    """
    from paritycheck.commands.policy import policy

    outputs = Outputs.parse(formats or (), output, style(no_color=no_color, verbose=verbose))
    selection = Selection(config, engine, terraform, checkov, tuple(environment or ()))
    return policy(selection, outputs, chatter(quiet=quiet, verbose=verbose), privilege_only=least_privilege)


@app.command("plan", epilog="\b\nExamples:\n  paritycheck plan --output plans\n  paritycheck plan --output plans -e prod")
def _plan(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The directory to write to; it is made where it is missing.")
    ],
    config: ConfigFile = None,
    engine: EngineName = None,
    environment: Environments = None,
    terraform: Terraform = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write each environment's plan to DIR/NAME.json.

    The files hold the values of sensitive variables and attributes in clear, as every plan of Terraform does.
    """
    from paritycheck.commands.plan import plan

    selection = Selection(config, engine, terraform, None, tuple(environment or ()))
    return plan(selection, output, chatter(quiet=quiet, verbose=verbose))


_COMPARE_EXAMPLES = """\b
Examples:
  paritycheck compare dev.json staging.json prod.json
  paritycheck compare dev=plans/a.json prod=plans/b.json"""


@app.command(
    "compare",
    epilog=_COMPARE_EXAMPLES,
)
def _compare(
    *,
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN",
            help="What `terraform show -json` wrote, from the smallest environment to the largest.",
            show_default=False,
        ),
    ],
    config: ConfigFile = None,
    formats: Formats = None,
    output: OutputFile = None,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Compare plans, or states, that were made elsewhere.

    Each PLAN is a file, or NAME=FILE; an environment without a name is called as its file. Without a parity.yaml
    no difference is allowed.
    """
    from paritycheck.commands.compare import compare

    outputs = Outputs.parse(formats or (), output, style(no_color=no_color, verbose=verbose))
    return compare(plans, config, outputs, chatter(quiet=quiet, verbose=verbose))


@app.command("rules", epilog="\b\nExamples:\n  paritycheck rules\n  paritycheck rules value-difference")
def _rules(
    slug: Annotated[str | None, typer.Argument(metavar="[RULE]", help="The rule to read about; all of them in short by default.")] = None,
) -> int:
    """Say what is checked, why it matters, and how to mend it."""
    from paritycheck.commands.rules import rules

    return rules(slug)


@schema_app.command(
    "import", epilog="\b\nExample:\n  terraform providers schema -json > schema.json\n  paritycheck schema import schema.json"
)
def _import_schema(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `terraform providers schema -json` wrote.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The directory to write to.")] = Path("schemas"),
) -> int:
    """Add the providers of a schema dump, so that the offline engine can plan with them."""
    from paritycheck.commands.schema import import_schema

    return import_schema(file, output)


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
