"""`paritycheck graph`: the topology as a picture."""

from __future__ import annotations

from pathlib import Path

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import survey
from paritycheck.commands.output import check_writable, print_out, write_file
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection
from paritycheck.errors import UsageError
from paritycheck.reporters.picture import By, Drawing


def graph(selection: Selection, drawing: Drawing, by: By | None, output: Path | None, chatter: Chatter) -> ExitCode:
    """Plan the environments and draw their resources; it is no verdict, so that differences are no failure."""
    if by and drawing is Drawing.SVG:
        raise UsageError(
            "--by is not for svg, which shows services, blocks and resources at once", hint="Use it with --format dot or mermaid."
        )
    target = None if output in (None, Path("-")) else output
    if target:
        check_writable(target)
    text = drawing.render(survey(selection.load(), chatter), by or By.BLOCK)
    if target:
        write_file(target, text.encode())
    else:
        print_out(text)
    return ExitCode.HELD
