"""The commands that explain: rules, explain, matrix, graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paritycheck.cli.options import ConfigFile, EngineName, Environments, NoColor, Quiet, Terraform, Verbose
from paritycheck.commands.selection import Selection
from paritycheck.commands.terminal import chatter, style
from paritycheck.reporters.picture import By, Drawing

commands = typer.Typer()


@commands.command("rules", epilog="\b\nExamples:\n  paritycheck rules\n  paritycheck rules value-difference")
def _rules(
    slug: Annotated[str | None, typer.Argument(metavar="[RULE]", help="The rule to read about; all of them in short by default.")] = None,
) -> int:
    """Say what is checked, why it matters, and how to mend it."""
    from paritycheck.commands.rules import rules

    return rules(slug)


_EXPLAIN_EXAMPLES = """\b
Examples:
  paritycheck explain aws_sqs_queue.orders.visibility_timeout_seconds
  paritycheck explain 'aws_lambda_function.this["matcher"]'
  paritycheck explain var.visibility_timeout_seconds"""


@commands.command("explain", epilog=_EXPLAIN_EXAMPLES)
def _explain(
    *,
    subject: Annotated[str, typer.Argument(metavar="ADDRESS[.ATTRIBUTE]", help="As Terraform or a report writes it.", show_default=False)],
    config: ConfigFile = None,
    engine: EngineName = None,
    environment: Environments = None,
    terraform: Terraform = None,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show a value in every environment, where it comes from, and which rule allows or forbids that it differs.

    Without an attribute it shows those that differ, and what the resource refers to and is referred to by.
    """
    from paritycheck.commands.explain import explain

    selection = Selection(config, engine, terraform, None, tuple(environment or ()))
    return explain(subject, selection, style(no_color=no_color, verbose=verbose), chatter(quiet=quiet, verbose=verbose))


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


_GRAPH_EXAMPLES = """\b
Examples:
  paritycheck graph --output stack.svg
  paritycheck graph --format dot | dot -Tpdf -o stack.pdf
  paritycheck graph --format mermaid --by service"""


@commands.command("graph", epilog=_GRAPH_EXAMPLES)
def _graph(
    *,
    drawing: Annotated[Drawing, typer.Option("--format", "-f", help="The picture's format.")] = Drawing.SVG,
    by: Annotated[By | None, typer.Option("--by", help="What one box stands for, with dot and mermaid: by default a block.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")] = None,
    config: ConfigFile = None,
    engine: EngineName = None,
    environment: Environments = None,
    terraform: Terraform = None,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show progress in logs.")] = False,
) -> int:
    """Draw the resources of all environments, by service in the order of the data flow.

    Those that differ stand out. This is a picture and no verdict: the exit code is 0 whatever differs. It runs no policies.
    """
    from paritycheck.commands.graph import graph

    selection = Selection(config, engine, terraform, None, tuple(environment or ()))
    return graph(selection, drawing, by, output, chatter(quiet=quiet, verbose=verbose))
