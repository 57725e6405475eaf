"""`paritycheck policy`: the policies alone, on one environment or more."""

from __future__ import annotations

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check_policies
from paritycheck.commands.concluding import Conclusion
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection


def policy(selection: Selection, conclusion: Conclusion, chatter: Chatter, *, privilege_only: bool) -> ExitCode:
    """Plan the environments, examine them and write the reports."""
    config = selection.load()
    topology = conclusion.outputs.needs_topology
    return conclusion.draw(config, lambda: check_policies(config, chatter, privilege_only=privilege_only, topology=topology))
