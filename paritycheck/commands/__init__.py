"""One module a command: typed functions that return an exit code and never exit."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process's exit code says; a contract."""

    HELD = 0
    """Parity holds."""
    FINDINGS = 1
    USAGE = 2
    """The command line or `parity.yaml` is wrong."""
    NO_VERDICT = 3
    """A plan could not be made or trusted."""
    BUG = 70
    INTERRUPTED = 130
