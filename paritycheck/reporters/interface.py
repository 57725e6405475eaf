"""The seam between a report and its formats."""

from __future__ import annotations

from typing import Protocol

from paritycheck.findings import Report


class Reporter(Protocol):
    """Renders a report in one format; pure: a report in, text out."""

    def render(self, report: Report) -> str:
        """Return the whole document."""
