"""The commands that come to a verdict, and what they take: run, policy, plan, compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paritycheck.cli.options import (
    Baseline,
    Checkov,
    ConfigFile,
    EngineName,
    Environments,
    FailOn,
    Formats,
    NoCache,
    NoColor,
    OutputFile,
    Quiet,
    Terraform,
    Verbose,
)
from paritycheck.commands.request import Request
from paritycheck.commands.selection import Selection
from paritycheck.commands.terminal import chatter
from paritycheck.findings import Severity

commands = typer.Typer()

_RUN_EXAMPLES = """\b
Examples:
  paritycheck run
  paritycheck run --format json --output report.json
  paritycheck run --format json=report.json   the report here, and as JSON in a file"""


@commands.command(
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
    baseline: Baseline = None,
    fail_on: FailOn = Severity.ERROR,
    no_cache: NoCache = False,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> Request:
    """Plan all environments, and report what differs or breaks a policy."""
    selection = Selection(config, engine and engine.value, terraform, checkov, tuple(environment or ()), baseline)
    return Request("run", selection, tuple(formats or ()), output, fail_on, no_cache, no_color, quiet, verbose)


_POLICY_EXAMPLES = """\b
Examples:
  paritycheck policy
  paritycheck policy -e prod
  paritycheck policy --least-privilege"""


@commands.command(
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
    baseline: Baseline = None,
    fail_on: FailOn = Severity.ERROR,
    no_cache: NoCache = False,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> Request:
    """Check the policies alone, of one environment or more.

    Runs the checks that parity.yaml names on every plan, and proves that functions are granted what they need and no more.
    """
    selection = Selection(config, engine and engine.value, terraform, checkov, tuple(environment or ()), baseline)
    shown = tuple(formats or ())
    return Request("policy", selection, shown, output, fail_on, no_cache, no_color, quiet, verbose, privilege_only=least_privilege)


@commands.command("plan", epilog="\b\nExamples:\n  paritycheck plan --output plans\n  paritycheck plan --output plans -e prod")
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
  paritycheck compare plans
  paritycheck compare dev.json staging.json prod.json
  paritycheck compare dev=plans/a.json prod=plans/b.json -e dev -e prod"""


@commands.command(
    "compare",
    epilog=_COMPARE_EXAMPLES,
)
def _compare(
    *,
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN",
            help="What `terraform show -json` wrote: files, or the directory that `paritycheck plan` wrote to.",
            show_default=False,
        ),
    ],
    config: ConfigFile = None,
    environment: Environments = None,
    formats: Formats = None,
    output: OutputFile = None,
    checkov: Checkov = None,
    baseline: Baseline = None,
    fail_on: FailOn = Severity.ERROR,
    no_cache: NoCache = False,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> Request:
    """Compare plans, or states, that were made elsewhere.

    Each PLAN is a file, or NAME=FILE; an environment without a name is called as its file. Those of parity.yaml must
    all be there, and are compared in its order. Without a parity.yaml no difference is allowed.
    """
    selection = Selection(config, checkov=checkov, environments=tuple(environment or ()), baseline=baseline)
    shown = tuple(formats or ())
    return Request("compare", selection, shown, output, fail_on, no_cache, no_color, quiet, verbose, plans=tuple(plans))
