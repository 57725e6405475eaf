"""The commands that explain: rules, matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command("rules", epilog="\b\nExamples:\n  paritycheck rules\n  paritycheck rules value-difference")
def _rules(
    slug: Annotated[str | None, typer.Argument(metavar="[RULE]", help="The rule to read about; all of them in short by default.")] = None,
) -> int:
    """Say what is checked, why it matters, and how to mend it."""
    from paritycheck.commands.rules import rules

    return rules(slug)


@commands.command(
    "matrix", epilog="\b\nExamples:\n  paritycheck matrix\n  paritycheck matrix stacks/orders/parity.yaml\n  paritycheck matrix --stacks"
)
def _matrix(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files, or directories to search for parity.yaml; by default the current one."),
    ] = None,
    *,
    stacks: Annotated[bool, typer.Option("--stacks", help="Print a job a stack, instead of one an environment.")] = False,
) -> int:
    """Print the jobs of a CI pipeline as JSON, one for each environment of each stack."""
    from paritycheck.commands.matrix import matrix

    return matrix(paths or (), whole_stacks=stacks)
