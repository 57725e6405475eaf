"""The report as a page: one file that takes nothing from anywhere, to look at, to filter and to click."""

from paritycheck.reporters.html.page import HtmlReporter

__all__ = ["HtmlReporter"]
