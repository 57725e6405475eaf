"""The formats of pictures; what draws them is loaded only where it is asked for."""

from __future__ import annotations

from enum import StrEnum

from paritycheck.findings import Report
from paritycheck.reporters.picture.granularity import By


class Drawing(StrEnum):
    """A format of pictures, by its name on the command line."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mermaid"

    def render(self, report: Report, by: By = By.BLOCK) -> str:
        """Draw a report's topology; SVG shows services, blocks and resources at once, whatever `by` says."""
        if self is Drawing.SVG:
            from paritycheck.reporters.picture.svg import render_svg

            return render_svg(report)
        from paritycheck.reporters.picture.dot import render_dot
        from paritycheck.reporters.picture.mermaid import render_mermaid

        return (render_dot if self is Drawing.DOT else render_mermaid)(report, by)
