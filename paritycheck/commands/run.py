"""`paritycheck run`: the main job."""

from __future__ import annotations

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check
from paritycheck.commands.output import Outputs
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection


def run(selection: Selection, outputs: Outputs, chatter: Chatter) -> ExitCode:
    """Plan the environments, compare them and write the reports."""
    report = check(selection.load(), chatter)
    outputs.write(report)
    return ExitCode.HELD if report.passed else ExitCode.FINDINGS
