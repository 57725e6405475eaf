"""The formats of a report."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from paritycheck.reporters.interface import Reporter, Style

__all__ = ["REPORTERS", "Format", "Reporter", "Style"]


class Format(StrEnum):
    """A format's name on the command line."""

    CONSOLE = "console"
    JSON = "json"

    @property
    def needs_topology(self) -> bool:
        """Whether the format draws the resources."""
        return self.value == "html"

    def reporter(self, style: Style) -> Reporter:
        """Return the reporter that writes this format."""
        return REPORTERS[self](style)


def _console(style: Style) -> Reporter:
    from paritycheck.reporters.console import ConsoleReporter

    return ConsoleReporter(style)


def _json(style: Style) -> Reporter:  # noqa: ARG001 - a document for machines looks the same everywhere
    from paritycheck.reporters.json_v1 import JsonReporter

    return JsonReporter()


REPORTERS: dict[Format, Callable[[Style], Reporter]] = {Format.CONSOLE: _console, Format.JSON: _json}
"""Every format and what builds its reporter; each is loaded only where it is asked for."""
