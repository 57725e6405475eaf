"""A verdict that was kept is taken again where nothing has changed; a new one is kept for the next time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection
from paritycheck.errors import ParityError
from paritycheck.inert import inert

if TYPE_CHECKING:
    from pathlib import Path

    from paritycheck.cache import Kept, Store
    from paritycheck.config import Config
    from paritycheck.findings import Report
    from paritycheck.plan import Plan
    from paritycheck.source import Sources

Note = Callable[["Config", "Sequence[Sources]", "Sequence[Plan]", "Path | None"], None]
"""Told what a report came from: configuration, sources, plans, and the interpreter that ran the policies."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Whether, and with how many words, verdicts are kept and taken again."""

    wanted: bool
    chatter: Chatter
    verbose: bool = False
    """Whether to say why a verdict was not kept."""

    def recall(self, command: str, selection: Selection, options: Sequence[object], examine: Callable[[Note], Report]) -> Report:
        """Return the report of an earlier run from which nothing has changed since; else examine, and keep the report.

        `options` are those of the command beside the selection that decide what is reported.
        """
        store = _open(command, selection, options) if self.wanted else None
        if store is None:
            return examine(_forget)
        if kept := store.find():
            self._tell_of(kept)
            return kept.report
        trail = _Trail()
        report = examine(trail.note)
        trail.keep(store, report, self._tell_why if self.verbose else _forget)
        return report

    def _tell_of(self, kept: Kept) -> None:
        if self.chatter is not Chatter.NOTHING:
            since = kept.made.strftime("%H:%M")
            print(f"nothing has changed since {since}: this is the verdict of that run; --no-cache plans anew", file=sys.stderr, flush=True)

    def _tell_why(self, reason: str) -> None:
        if self.chatter is not Chatter.NOTHING:
            print(f"this verdict is not kept for the next run: {inert(reason)}", file=sys.stderr, flush=True)


@dataclass
class _Trail:
    """What a run came from."""

    steps: list[tuple[Config, Sequence[Sources], Sequence[Plan], Path | None]] = field(default_factory=list)

    def note(self, config: Config, sources: Sequence[Sources], plans: Sequence[Plan], checkov: Path | None) -> None:
        self.steps.append((config, sources, plans, checkov))

    def keep(self, store: Store, report: Report, tell: Callable[[str], None]) -> None:
        """Keep the report, or tell why not: a run does not fail for that."""
        from paritycheck.cache import NotKept
        from paritycheck.cache.gather import gather

        try:
            store.keep([source for step in self.steps for source in gather(*step)], report)
        except (NotKept, OSError, ParityError) as error:
            tell(str(error))


def _open(command: str, selection: Selection, options: Sequence[object]) -> Store | None:
    """Return the store for a command, if there is a place to keep verdicts."""
    from paritycheck.cache import Question, Store, open_shelf

    shelf = open_shelf()
    return Store(shelf, Question.ask(command, (selection, *options))) if shelf else None


def _forget(*_facts: object) -> None:
    """Take what a report came from, and keep nothing."""
