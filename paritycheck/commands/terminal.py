"""What the place where the report is read can show, and from where it names files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from paritycheck.commands.progress import Chatter
from paritycheck.errors import UsageError
from paritycheck.reporters import Style


def style(*, no_color: bool, verbose: bool, stream: TextIO | None = None, environ: Mapping[str, str] = os.environ) -> Style:
    """Return what fits the stream, stdout by default."""
    stream = stream or sys.stdout
    directory = Path.cwd()
    return Style(
        width=shutil.get_terminal_size((Style().width, 24)).columns,
        color=not no_color and wants_color(stream, environ),
        unicode=(stream.encoding or "utf-8").lower().startswith("utf"),
        verbose=verbose,
        directory=str(directory),
        root=str(_find_root(directory)),
    )


def _find_root(directory: Path) -> Path:
    """Return the root of the repository that a directory is in; the directory itself where it is in none."""
    return next((parent for parent in (directory, *directory.parents) if (parent / ".git").exists()), directory)


def wants_color(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a stream shows colors, and the user has not asked for none (https://no-color.org)."""
    return not environ.get("NO_COLOR") and (is_interactive(stream, environ) or bool(environ.get("FORCE_COLOR")))


def is_interactive(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a stream is a terminal that understands more than text."""
    return stream.isatty() and environ.get("TERM") != "dumb"


def chatter(*, quiet: bool, verbose: bool) -> Chatter:
    """Return how much to tell while plans are made; raise `UsageError` where that is contradictory."""
    if quiet and verbose:
        raise UsageError("--quiet and --verbose exclude each other", hint="Give one of them.")
    if quiet:
        return Chatter.NOTHING
    if is_interactive(sys.stderr):
        return Chatter.LIVE
    return Chatter.LINES if verbose else Chatter.BRIEF
