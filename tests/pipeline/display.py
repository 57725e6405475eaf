"""Shows a run: as a table that is drawn anew where there is a terminal, and as lines where there is none."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.columns import Columns
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tests.pipeline.accounting import Report
from tests.pipeline.figures import STAGES, Calls, Figures

REFRESHES_A_SECOND = 8
SECONDS_A_LINE = 2.0
_BAR = 10
_FLOW = (
    "order_validator",
    "order_processor",
    "matcher",
    "order_publisher",
    "restaurant_consumer",
    "driver_consumer",
    "customer_consumer",
    "websocket_connect",
    "websocket_message",
    "websocket_disconnect",
    "location_processor",
    "image_validator",
    "analytics",
    "earnings_lister",
    "earnings_calculator",
    "earnings_settler",
    "schema_migrator",
)
"""The functions as an order meets them; any other one comes last."""


class Display(Protocol):
    """Shows figures."""

    def __enter__(self) -> Self:
        """Begin."""

    def show(self, figures: Figures) -> None:
        """Show the figures of this moment."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the terminal as it was."""


def choose_display(console: Console) -> Display:
    """Return what fits the console."""
    return LiveDisplay(console) if console.is_terminal and not console.is_dumb_terminal else LineDisplay(console)


class LiveDisplay:
    """A table that is drawn again and again."""

    def __init__(self, console: Console) -> None:
        """Draw on this console."""
        self._live = Live(console=console, auto_refresh=False)
        self._drawn = -1.0

    def __enter__(self) -> Self:
        """See `Display`."""
        self._live.start()
        return self

    def show(self, figures: Figures) -> None:
        """See `Display`."""
        if figures.elapsed - self._drawn >= 1 / REFRESHES_A_SECOND or _is_over(figures):
            self._live.update(draw(figures), refresh=True)
            self._drawn = figures.elapsed

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """See `Display`."""
        self._live.stop()


class LineDisplay:
    """A line every few seconds, and one for each new phase."""

    def __init__(self, console: Console) -> None:
        """Print on this console."""
        self._console = console
        self._printed = -SECONDS_A_LINE
        self._phase = ""

    def __enter__(self) -> Self:
        """See `Display`."""
        return self

    def show(self, figures: Figures) -> None:
        """See `Display`."""
        phase = figures.progress.phase if figures.progress else "starting"
        if phase != self._phase or figures.elapsed - self._printed >= SECONDS_A_LINE:
            self._console.print(describe(figures), soft_wrap=True, highlight=False)
            self._printed, self._phase = figures.elapsed, phase

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """See `Display`."""


def describe(figures: Figures) -> str:
    """Return the figures on one line."""
    progress = figures.progress
    if progress is None:
        return f"{figures.elapsed:5.1f} s  starting"
    stages = ", ".join(f"{progress.stages[stage]} {_say(stage)}" for stage in STAGES)
    return (
        f"{figures.elapsed:5.1f} s  {progress.phase}: {stages} of {progress.wanted}; {progress.busy_drivers} of {progress.drivers} drivers "
        f"busy; {figures.records} records; {figures.dead_letters} dead letters"
    )


def draw(figures: Figures) -> Group:
    """Return the figures as tables, in 80 columns and 24 lines."""
    progress = figures.progress
    phase = progress.phase if progress else "starting"
    heading = Text.assemble((phase.capitalize(), "bold"), f"  {figures.elapsed:.1f} s")
    return Group(heading, Columns([_draw_orders(figures), _draw_functions(figures)], padding=(0, 3)))


def _draw_orders(figures: Figures) -> Table:
    progress = figures.progress
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("orders", no_wrap=True)
    table.add_column("", justify="right", min_width=4)
    table.add_column("", no_wrap=True, width=_BAR)
    for stage in STAGES:
        count = progress.stages[stage] if progress else 0
        bar = ProgressBar(
            total=progress.wanted if progress else 1, completed=count, width=_BAR, complete_style=_STYLES.get(stage, "yellow")
        )
        table.add_row(_say(stage), str(count), bar)
    table.add_row("of", str(progress.wanted if progress else 0), "", end_section=True)
    table.add_row()
    table.add_row("drivers busy", str(progress.busy_drivers if progress else 0), f"of {progress.drivers if progress else 0}")
    table.add_row("records", str(figures.records), "delivered")
    table.add_row("dead letters", str(figures.dead_letters), "")
    return table


_STYLES = {"delivered": "green", "placed": "red"}


def _draw_functions(figures: Figures) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("function", no_wrap=True, min_width=20)
    for name in ("records", "calls", "ms a call"):
        table.add_column(name, justify="right", no_wrap=True, min_width=6)
    for role in sorted(figures.functions, key=_place):
        calls = figures.functions[role]
        table.add_row(role, str(calls.records), str(calls.calls), _milliseconds(calls), style=None if calls.calls else "dim")
    return table


def summarize(figures: Figures, report: Report) -> Text:
    """Return what is left to say when the run is over."""
    role, calls = figures.slowest()
    wanted = figures.progress.wanted if figures.progress else 0
    verdict = ("Everything is accounted for.", "bold green") if report.clean else ("The accounts do not agree.", "bold red")
    facts = {
        "orders": f"{report.orders} of {wanted} delivered, once; {report.refused} requests refused, rightly",
        "payments": f"{report.paid_days} drivers' days, {report.paid_cents / 100:,.2f} in all",
        "slowest": f"{role}, {_milliseconds(calls)} ms a call",
        "dead letters": f"{report.poison}" + (", all put in on purpose" if report.clean else ""),
        "took": f"{figures.elapsed:.1f} s for {figures.records} records",
    }
    text = Text.assemble(verdict, "\n", *(f"\n  {name:14}{fact}" for name, fact in facts.items()))
    if not report.clean:
        text.append("\n")
        for discrepancy in report.discrepancies[:20]:
            text.append(f"\n  {discrepancy}", style="red")
        if (more := len(report.discrepancies) - 20) > 0:
            text.append(f"\n  and {more} more", style="red")
    return text


def _say(stage: str) -> str:
    return stage.replace("_", " ")


def _place(role: str) -> tuple[int, str]:
    return (_FLOW.index(role) if role in _FLOW else len(_FLOW)), role


def _milliseconds(calls: Calls) -> str:
    return f"{calls.seconds / calls.calls * 1000:.0f}" if calls.calls else ""


def _is_over(figures: Figures) -> bool:
    return figures.progress is not None and figures.progress.phase == "settled"
