"""Print every benchmark's figures: ``python -m benchmarks``; exit 1 where one missed its limit."""

from __future__ import annotations

import sys

from benchmarks import cache, comparing, fidelity, importing, locating, matching, planning, policies, script, starting

SUITES = (starting, cache, planning, script, fidelity, comparing, policies, matching, locating, importing)


def main() -> int:
    """Run the suites one after another and print a line a figure."""
    missed = 0
    for suite in SUITES:
        for row in suite.rows():
            print(row, flush=True)
            missed += not row.reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
