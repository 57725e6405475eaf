"""What is told on stderr while plans are made."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from paritycheck.inert import inert, shorten

if TYPE_CHECKING:
    from paritycheck.engines.interface import Progress, Stage

_DETAIL = 500


class Chatter(Enum):
    """How much is told."""

    NOTHING = "nothing"
    BRIEF = "brief"
    """What keeps somebody waiting who does not expect it, fit for a log."""
    LIVE = "live"
    """A table that is drawn again and again, where stderr is a terminal."""
    LINES = "lines"
    """A line for each stage, fit for a log."""


@contextmanager
def progress_display(chatter: Chatter, environments: Sequence[str]) -> Iterator[Progress]:
    """Show progress within the block, and leave the terminal as it was."""
    if chatter is Chatter.LIVE:
        from paritycheck.reporters.console.progress import ProgressDisplay

        with ProgressDisplay(environments) as display:
            yield display
    else:
        from paritycheck.engines.interface import silent

        yield _lines() if chatter is Chatter.LINES else silent


def _lines() -> Progress:
    """Return what prints a line for each new stage of an environment."""
    stages: dict[str, Stage] = {}

    def print_line(environment: str, stage: Stage, detail: str) -> None:
        if stages.get(environment) is not stage:
            stages[environment] = stage
            step = f"{inert(environment)}: {stage.value}"
            print(f"{step}: {inert(shorten(detail, _DETAIL))}" if detail else step, file=sys.stderr, flush=True)

    return print_line
