"""The command line."""

from paritycheck.cli.entry import main

__all__ = ["main"]
