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
    LIVE = "live"
    """A table that is drawn again and again, where stderr is a terminal."""
    LINES = "lines"
    """A line for each step, fit for a log."""


@contextmanager
def progress_display(chatter: Chatter, environments: Sequence[str]) -> Iterator[Progress]:
    """Show progress within the block, and leave the terminal as it was."""
    if chatter is Chatter.LIVE:
        from paritycheck.reporters.console import ProgressDisplay

        with ProgressDisplay(environments) as display:
            yield display
    else:
        from paritycheck.engines.interface import silent

        yield _print_line if chatter is Chatter.LINES else silent


def _print_line(environment: str, stage: Stage, detail: str) -> None:
    step = f"{inert(environment)}: {stage.value}"
    print(f"{step}: {inert(shorten(detail, _DETAIL))}" if detail else step, file=sys.stderr, flush=True)
