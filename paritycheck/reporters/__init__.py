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
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    GITHUB = "github"
    HTML = "html"

    @property
    def needs_topology(self) -> bool:
        """Whether the format draws the resources."""
        return self is Format.HTML

    def reporter(self, style: Style) -> Reporter:
        """Return the reporter that writes this format."""
        return REPORTERS[self](style)


def _console(style: Style) -> Reporter:
    from paritycheck.reporters.console import ConsoleReporter

    return ConsoleReporter(style)


def _json(style: Style) -> Reporter:  # noqa: ARG001 - a document for machines looks the same everywhere
    from paritycheck.reporters.json_v1 import JsonReporter

    return JsonReporter()


def _sarif(style: Style) -> Reporter:
    from paritycheck.reporters.sarif import SarifReporter

    return SarifReporter(style)


def _junit(style: Style) -> Reporter:
    from paritycheck.reporters.junit import JunitReporter

    return JunitReporter(style)


def _markdown(style: Style) -> Reporter:
    from paritycheck.reporters.markdown import MarkdownReporter

    return MarkdownReporter(style)


def _github(style: Style) -> Reporter:
    from paritycheck.reporters.github import GithubReporter

    return GithubReporter(style)


def _html(style: Style) -> Reporter:
    from paritycheck.reporters.html import HtmlReporter

    return HtmlReporter(style)


REPORTERS: dict[Format, Callable[[Style], Reporter]] = {
    Format.CONSOLE: _console,
    Format.JSON: _json,
    Format.SARIF: _sarif,
    Format.JUNIT: _junit,
    Format.MARKDOWN: _markdown,
    Format.GITHUB: _github,
    Format.HTML: _html,
}
"""Every format and what builds its reporter; each is loaded only where it is asked for."""
