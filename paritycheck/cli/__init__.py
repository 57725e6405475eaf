"""The command line."""

from paritycheck.cli.program import main

__all__ = ["main"]
