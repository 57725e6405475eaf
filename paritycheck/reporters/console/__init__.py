"""The report and the progress display for a terminal."""

from paritycheck.reporters.console.progress import ProgressDisplay
from paritycheck.reporters.console.report import ConsoleReporter

__all__ = ["ConsoleReporter", "ProgressDisplay"]
