"""The report for a terminal; explanations and the progress display are loaded where they are needed."""

from paritycheck.reporters.console.report import ConsoleReporter

__all__ = ["ConsoleReporter"]
