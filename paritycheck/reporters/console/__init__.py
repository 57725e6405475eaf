"""The report, explanations and the progress display for a terminal."""

from paritycheck.reporters.console.explanation import draw_explanation
from paritycheck.reporters.console.progress import ProgressDisplay
from paritycheck.reporters.console.report import ConsoleReporter

__all__ = ["ConsoleReporter", "ProgressDisplay", "draw_explanation"]
