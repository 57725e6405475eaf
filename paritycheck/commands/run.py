"""`paritycheck run`: the main job."""

from __future__ import annotations

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check
from paritycheck.commands.concluding import Conclusion, find_news
from paritycheck.commands.progress import Chatter
from paritycheck.commands.recalling import Memory, Note
from paritycheck.commands.selection import Selection
from paritycheck.findings import Report


def run(selection: Selection, conclusion: Conclusion, chatter: Chatter, memory: Memory) -> ExitCode:
    """Plan the environments, compare them and write the reports."""
    topology = conclusion.outputs.needs_topology

    def examine(note: Note) -> Report:
        config = selection.load()
        return find_news(config, lambda: check(config, chatter, topology=topology, note=note))

    return conclusion.draw(memory.recall("run", selection, (topology,), examine))
