"""One cause in the terminal: its findings with all environments side by side, why it matters, how to mend or allow it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from paritycheck.findings import Finding, Severity
from paritycheck.inert import inert
from paritycheck.reporters.causes import Cause, allow_stub, allowable
from paritycheck.reporters.interface import Style
from paritycheck.reporters.prose import hints, odd_one, one_line, shown_place, summary
from paritycheck.reporters.values import side_by_side
from paritycheck.rules import RULES

_SHOWN = 10
"""Findings of one cause, and places behind it, that are written out unless all are asked for."""

_LABEL = 32
"""Columns that are kept for a resource's name beside its values."""

_COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


_ALONE = "bold red"


class Panel:
    """Draws one cause."""

    def __init__(self, cause: Cause, style: Style) -> None:
        """Choose what fits: the values beside the name of what they belong to, or below it."""
        self.cause = cause
        self.style = style
        self.rule = RULES[cause.rule]
        limit = len(cause.findings) if style.verbose else _SHOWN
        self.findings = cause.findings[:limit]
        self.places = cause.related[:limit]
        self.names = tuple(dict.fromkeys(name for finding in self.findings for name in finding.values))
        self.cells = [side_by_side(finding.values) for finding in self.findings]
        self.messages = list(dict.fromkeys(finding.message for finding in self.findings))
        self.alone = {odd_one(finding) for finding in self.findings}
        self.mark = "\N{BLACK RIGHT-POINTING SMALL TRIANGLE} " if style.unicode else "> "

    def parts(self) -> Iterator[RenderableType]:
        """Yield what stands one below the other; text that must not be wrapped as a `str`."""
        yield ""
        yield Line(self._heading(), align="left", style=_COLORS[self.cause.severity], characters="\N{BOX DRAWINGS LIGHT HORIZONTAL}")
        yield ""
        if text := summary(self.findings):
            yield _prose(text)
            yield ""
        yield from [self._table()] if self.names and self._fits() else self._stack()
        yield from self._more()
        yield self._notes()
        if cause := allowable(self.cause):
            yield _prose("To allow it, add this under `allow:` in parity.yaml, with your reason:")
            yield "\n".join(f"  {line}" for line in allow_stub(cause).split("\n"))

    def _heading(self) -> Text:
        cause = self.cause
        count = len(cause.findings)
        return Text.assemble(
            (f"{cause.severity}: {cause.rule}", _COLORS[cause.severity]),
            (f" ({count:,} {'finding' if count == 1 else 'findings'})", "default"),
            (f" {one_line(cause.name)}" if cause.name else "", "default"),
        )

    def _fits(self) -> bool:
        """Tell whether each value takes one line in a column of its own."""
        texts = [[name, *(cells.get(name, "") for cells in self.cells)] for name in self.names]
        width = sum(1 + len(self.mark) + max(map(cell_len, column)) for column in texts)
        return _LABEL + width <= self.style.width and not any("\n" in text for column in texts for text in column)

    def _table(self) -> RenderableType:
        """Lay the values of all environments side by side."""
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        table.add_column("", overflow="fold", min_width=_LABEL - 4)
        for name in self.names:
            table.add_column(Text(" " * len(self.mark) + inert(name)), no_wrap=True)
        for number, (finding, cells) in enumerate(zip(self.findings, self.cells, strict=True)):
            odd = odd_one(finding)
            values = [self._cell(cells.get(name, ""), name == odd) for name in self.names]
            address, rest = self._address(number), self._rest(finding)
            if address:
                table.add_row(address, *([] if finding.path else values))
            if rest:
                table.add_row(rest, *(values if finding.path else []))
        return Padding(table, (0, 0, 0, 2))

    def _stack(self) -> Iterator[RenderableType]:
        """Write the values of each finding one below the other."""
        for number, (finding, cells) in enumerate(zip(self.findings, self.cells, strict=True)):
            odd = odd_one(finding)
            labels: tuple[RenderableType | None, ...] = (self._address(number), self._rest(finding))
            yield from (Padding(label, (0, 0, 0, 2)) for label in labels if label)
            if cells:
                grid = _grid()
                for name, text in cells.items():
                    grid.add_row(self._cell(inert(name), name == odd), Text(text, _ALONE if name == odd else ""))
                yield Padding(grid, (0, 0, 0, 4))

    def _cell(self, text: str, alone: bool) -> Text:
        return Text(self.mark + text, _ALONE) if alone else Text(" " * len(self.mark) + text)

    def _address(self, number: int) -> Text:
        """Name what a finding is about, unless the finding before it is about the same."""
        finding = self.findings[number]
        if number > 0 and self.findings[number - 1].address == finding.address:
            return Text()
        return Text(one_line(finding.address), "bold", overflow="fold")

    def _rest(self, finding: Finding) -> RenderableType | None:
        """Name the path and the place, and the message where the findings have different ones."""
        where = "  ".join(filter(None, (one_line(finding.path), shown_place(finding.location))))
        told = len(self.messages) == 1 or finding.message in finding.values.values()
        message = "" if told else one_line(finding.message)
        lines = "\n".join(filter(None, (where, message)))
        return Padding(Text(lines, overflow="fold"), (0, 0, 0, 2)) if lines else None

    def _notes(self) -> RenderableType:
        """Say where the values come from, why it matters and what to do."""
        grid = _grid()
        places = [f"{shown_place(place.location)}  {one_line(place.message)}" for place in self.places]
        for heading, lines in (("From", places), ("Why", [self.rule.why]), ("Fix", hints(self.cause))):
            for number, line in enumerate(lines):
                grid.add_row("" if number else heading, Text(line))
        return Padding(grid, (0, 0, 0, 2))

    def _more(self) -> Iterator[RenderableType]:
        """Say what the marks mean and how many findings are not shown, and leave a line free."""
        count = len(self.cause.findings) - len(self.findings)
        if len(self.alone) > 1:
            yield _prose(f"{self.mark}marks the environment that stands alone.")
        if count > 0:
            yield _prose(f"{count:,} more findings of this cause: --verbose shows them, --format json has them all.")
        if self.names or count > 0 or any(finding.address or finding.location for finding in self.findings):
            yield ""


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    return grid


def _prose(text: str) -> RenderableType:
    return Padding(Text(one_line(text)), (0, 0, 0, 2))
