"""The report and explanations for a terminal; the progress display is loaded by itself, where there is progress."""

from paritycheck.reporters.console.explanation import draw_explanation
from paritycheck.reporters.console.report import ConsoleReporter

__all__ = ["ConsoleReporter", "draw_explanation"]
