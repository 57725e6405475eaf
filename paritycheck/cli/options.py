"""The options that commands have in common."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from paritycheck.findings import Severity
from paritycheck.reporters import Format


class Engine(StrEnum):
    """Where plans come from."""

    OFFLINE = "offline"
    TERRAFORM = "terraform"
    FILES = "files"


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
NoCache = Annotated[
    bool, typer.Option("--no-cache", envvar="PARITYCHECK_NO_CACHE", help="Plan anew, even where nothing has changed since the last run.")
]
FailOn = Annotated[Severity, typer.Option("--fail-on", help="The mildest findings that fail the run.")]
Baseline = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="Findings that are known and do not fail the run, instead of what parity.yaml says."),
]
