"""The way in and out of the process: nowhere else does an exit code leave it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from paritycheck.cli.invocation import Invocation
from paritycheck.commands import ExitCode
from paritycheck.commands.failure import confess, explain, refusals
from paritycheck.commands.lines import Line
from paritycheck.commands.terminal import wants_color
from paritycheck.errors import ParityError
from paritycheck.process import interruptible


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; the only place that does."""
    _open_streams()
    sys.exit(_outcome(sys.argv[1:] if arguments is None else arguments))


def _open_streams() -> None:
    """Lead streams that the caller closed into nothing; in this order each takes its own number, which no other file then gets."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 -- for as long as the process runs


def _outcome(arguments: list[str]) -> int:
    """Run a command; return its exit code, having explained on stderr what went wrong."""
    invocation = Invocation()
    try:
        with interruptible(), refusals():
            code = _run(arguments, invocation)
    except ParityError as error:
        _tell(explain(error))
        return error.exit_code
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
        _tell(confess(error, debug=invocation.debug))
        return ExitCode.BUG
    if code == ExitCode.INTERRUPTED:
        _tell([("interrupted", "there is no verdict")])
    return code


def _run(arguments: list[str], invocation: Invocation) -> int:
    """Answer what a command line asks; one that was understood before is not parsed again."""
    line = Line(arguments)
    if known := line.recall():
        return known.answer()
    from paritycheck.cli.program import parse

    asked = parse(arguments, invocation)
    if isinstance(asked, int):
        return asked
    code = asked.answer()
    line.remember(asked)
    return code


def _tell(parts: Iterable[tuple[str, str]]) -> None:
    """Print headings and texts to stderr; a reader that went away is no failure."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if wants_color(sys.stderr) else ("", "")
    with suppress(OSError):
        for heading, text in parts:
            print(f"{bold}{heading}:{plain}", text, sep="" if text.startswith("\n") else " ", file=sys.stderr)
