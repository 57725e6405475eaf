"""The seam between a report and its formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from paritycheck.findings import Report


@dataclass(frozen=True, slots=True)
class Style:
    """What the place where a report is read can show; formats for machines take no notice."""

    width: int = 100
    """Columns."""
    color: bool = False
    unicode: bool = True
    """Whether lines and marks beyond ASCII can be drawn."""
    verbose: bool = False
    """Whether to show all findings of a cause, and each allowed difference."""


class Reporter(Protocol):
    """Renders a report in one format; pure: a report in, text out."""

    def render(self, report: Report) -> str:
        """Return the whole document."""
