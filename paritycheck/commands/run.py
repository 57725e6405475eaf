"""`paritycheck run`: the main job."""

from __future__ import annotations

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check
from paritycheck.commands.concluding import Conclusion
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection


def run(selection: Selection, conclusion: Conclusion, chatter: Chatter) -> ExitCode:
    """Plan the environments, compare them and write the reports."""
    config = selection.load()
    return conclusion.draw(config, lambda: check(config, chatter, topology=conclusion.outputs.needs_topology))
