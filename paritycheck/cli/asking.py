"""The commands that explain: rules."""

from __future__ import annotations

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
