"""`paritycheck policy`: the policies alone, on one environment or more."""

from __future__ import annotations

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check_policies
from paritycheck.commands.concluding import Conclusion, find_news
from paritycheck.commands.progress import Chatter
from paritycheck.commands.recalling import Memory, Note
from paritycheck.commands.selection import Selection
from paritycheck.findings import Report


def policy(selection: Selection, conclusion: Conclusion, chatter: Chatter, memory: Memory, *, privilege_only: bool) -> ExitCode:
    """Plan the environments, examine them and write the reports."""
    topology = conclusion.outputs.needs_topology

    def examine(note: Note) -> Report:
        config = selection.load()
        return find_news(config, lambda: check_policies(config, chatter, privilege_only=privilege_only, topology=topology, note=note))

    return conclusion.draw(memory.recall("policy", selection, (privilege_only, topology), examine))
