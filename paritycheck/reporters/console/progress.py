"""What the engine is doing, drawn on stderr while it plans."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from paritycheck.inert import inert, shorten

if TYPE_CHECKING:
    from paritycheck.engines.interface import Stage

_STYLES = {"done": "green", "failed": "bold red", "waiting": "dim"}

_DETAIL = 200
"""Characters of a detail that are shown."""


class ProgressDisplay:
    """A live table, one line an environment, that goes away when the work ends; to be called from any thread."""

    def __init__(self, environments: Sequence[str]) -> None:
        """Start every environment as waiting."""
        self._states = dict.fromkeys(environments, ("waiting", ""))
        self._lock = threading.Lock()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        self._live = Live(get_renderable=self._table, console=Console(stderr=True, markup=False, highlight=False), transient=True)
        self._live.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, traceback)

    def __call__(self, environment: str, stage: Stage, detail: str) -> None:
        """Take a step of the work."""
        with self._lock:
            self._states[environment] = (stage.value, detail)

    def _table(self) -> Table:
        with self._lock:
            states = dict(self._states)
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        for environment, (stage, detail) in states.items():
            table.add_row(Text(inert(environment)), Text(stage, _STYLES.get(stage, "")), Text(inert(shorten(detail, _DETAIL))))
        return table
