"""The report for a terminal: what was compared, one panel a cause, what is allowed, what did not run, the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from paritycheck import __version__
from paritycheck.findings import Allowed, EnvironmentSummary, Report, Skipped
from paritycheck.inert import inert, shorten
from paritycheck.reporters.advice import next_steps
from paritycheck.reporters.causes import by_cause
from paritycheck.reporters.console.cause import Panel
from paritycheck.reporters.console.page import draw_page
from paritycheck.reporters.interface import Style
from paritycheck.reporters.prose import by_rule, suppressed_in, verdict
from paritycheck.reporters.values import side_by_side

_REASON = 300
"""Characters of a reason that are shown."""


class ConsoleReporter:
    """Renders a report for people, as wide and as colorful as the place where they read it."""

    def __init__(self, style: Style | None = None) -> None:
        """Remember what the place can show."""
        self.style = style or Style()

    def render(self, report: Report) -> str:
        """See `Reporter.render`."""
        return draw_page(self._parts(report), self.style)

    def _parts(self, report: Report) -> Iterator[RenderableType]:
        """Yield what stands one below the other; text that must not be wrapped as a `str`."""
        yield from _environments(report.environments)
        for cause in by_cause(report.findings):
            yield from Panel(cause, self.style).parts()
        yield from _allowed(report.allowed, self.style)
        yield from _suppressed(report.suppressed, self.style)
        yield from _skipped(report.skipped)
        yield from _verdict(report)
        yield from _next(report)


def _environments(environments: Sequence[EnvironmentSummary]) -> Iterator[RenderableType]:
    table = _plain_table()
    table.add_column("Environment", overflow="fold")
    for heading in ("Resources", "Data", "Outputs"):
        table.add_column(heading, justify="right")
    for heading in ("Planned", "Engine", "Terraform"):
        table.add_column(heading, overflow="fold")
    for environment in environments:
        counts = (environment.resources, environment.data_sources, environment.outputs)
        table.add_row(
            inert(environment.name),
            *(f"{count:,}" for count in counts),
            ", ".join(f"{count:,} {inert(action)}" for action, count in environment.actions.items()),
            environment.engine,
            inert(environment.terraform_version),
        )
    yield f"paritycheck {__version__}"
    yield ""
    yield table


def _allowed(allowed: Sequence[Allowed], style: Style) -> Iterator[RenderableType]:
    """Count the differences that each rule allows."""
    table = _plain_table()
    table.add_column("Allowed by", overflow="fold")
    table.add_column("Differences", justify="right")
    table.add_column("Reason", overflow="fold")
    for rule, members in by_rule(allowed):
        table.add_row(inert(rule), f"{len(members):,}", inert(shorten(members[0].reason, _REASON)))
    yield from _listed(table, allowed, style)


def _suppressed(suppressed: Sequence[Allowed], style: Style) -> Iterator[RenderableType]:
    """Count the resources of which verdicts of each policy are suppressed, and say in which environments, and for which reasons."""
    table = _plain_table()
    table.add_column("Suppressed", overflow="fold")
    table.add_column("Resources", justify="right")
    table.add_column("In", overflow="fold")
    table.add_column("Reason", overflow="fold")
    for policy, members in by_rule(suppressed):
        reasons = dict.fromkeys(inert(shorten(one.reason, _REASON)) for one in members)
        table.add_row(inert(policy), f"{len(members):,}", ", ".join(suppressed_in(members)), "\n".join(reasons))
    yield from _listed(table, suppressed, style)


def _listed(table: Table, permitted: Sequence[Allowed], style: Style) -> Iterator[RenderableType]:
    """Yield what is permitted in short, if anything is; each of it only where all is asked for."""
    if not permitted:
        return
    yield ""
    yield table
    if style.verbose:
        yield ""
        yield from map(_difference, sorted(permitted, key=_place))


def _place(one: Allowed) -> tuple[str, str, str]:
    return one.allow, one.address, one.path


def _difference(one: Allowed) -> RenderableType:
    values = ", ".join(f"{inert(name)} {text}" for name, text in side_by_side(one.values).items())
    return Text(inert(f"{one.allow}: {one.address} {one.path}").rstrip() + f": {values}", overflow="fold")


def _skipped(skipped: Sequence[Skipped]) -> Iterator[RenderableType]:
    if not skipped:
        return
    table = _plain_table()
    table.add_column("Did not run", overflow="fold")
    table.add_column("Why", overflow="fold")
    for check in skipped:
        table.add_row(inert(check.check), inert(shorten(check.reason, _REASON)))
    yield ""
    yield table


def _verdict(report: Report) -> Iterator[RenderableType]:
    yield ""
    yield Text.assemble(("PASS", "bold green") if report.passed else ("FAIL", "bold red"), f"  {verdict(report)}")


def _next(report: Report) -> Iterator[RenderableType]:
    """Say what to do next; commands stand in lines of their own, so that they can be copied."""
    for step in next_steps(report):
        yield ""
        yield f"To {step.purpose}:"
        yield f"  {step.command}"


def _plain_table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
