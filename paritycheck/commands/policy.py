"""`paritycheck policy`: the policies alone, on one environment or more."""

from __future__ import annotations

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check_policies
from paritycheck.commands.output import Outputs
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection


def policy(selection: Selection, outputs: Outputs, chatter: Chatter, *, privilege_only: bool) -> ExitCode:
    """Plan the environments, examine them and write the reports."""
    report = check_policies(selection.load(), chatter, privilege_only=privilege_only)
    outputs.write(report)
    return ExitCode.HELD if report.passed else ExitCode.FINDINGS
