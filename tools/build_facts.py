"""Build the facts that the package ships from files of JSON lines, as `paritycheck.provider.facts` describes them.

    python tools/build_facts.py OUTPUT INPUT...

What an earlier input says about a path stands; a later one adds types, paths and keys.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from paritycheck.provider.facts import format_facts, merge_facts


def main() -> None:
    """Read the command line and write the facts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("inputs", type=Path, nargs="+")
    options = parser.parse_args()
    sources = [path.read_text(encoding="utf-8").splitlines() for path in options.inputs]
    options.output.write_text(format_facts(merge_facts(sources)), encoding="utf-8")


if __name__ == "__main__":
    main()
