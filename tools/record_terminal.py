"""Record what a terminal shows of `paritycheck run`, as the picture in the README.

    python -m tools.record_terminal [docs/images/run.svg]

The run is a real one, on a copy of this repository's stack in which one variable is set for production alone.
The picture fetches nothing: it is drawn in whatever monospaced font the reader has.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from tools.copy_stack import ROOT, copy_stack

PICTURE = ROOT / "docs" / "images" / "run.svg"
DRIFT = "visibility_timeout_seconds = 360\n"
COMMAND = ("paritycheck", "run")
WIDTH = 100
"""Columns: addresses of this stack fit, and the README shows all of them."""

FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font: {char_height}px/{line_height}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}}
.{unique_id}-title {{ font: bold 18px system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""What rich's own template for pictures is, but for the fonts, which that one fetches from elsewhere."""


def run_with_drift() -> str:
    """Return what the terminal shows, with its codes of colors, of a run that fails."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "TMPDIR") if name in os.environ}
    terminal = {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color", "PYTHONUTF8": "1", "PARITYCHECK_NO_CACHE": "1"}
    with TemporaryDirectory() as directory:
        copy_stack(Path(directory))
        with Path(directory, "tfvars", "prod.tfvars").open("a", encoding="utf-8") as stream:
            stream.write(DRIFT)
        done = subprocess.run([sys.executable, "-m", *COMMAND], cwd=directory, env=kept | terminal, stdout=subprocess.PIPE, check=False)
    if done.returncode != 1:
        raise SystemExit(f"`{' '.join(COMMAND)}` was to find the drift, but ended with {done.returncode}.")
    return done.stdout.decode()


def crop(report: str) -> str:
    """Leave out the allowed differences but for those of the first rule; they would be half of the picture."""
    return re.sub(r"(?ms)(^\S*Allowed by.*?\n\S.*?\n)(\S.*?\n)(?=\n)", _count_rules, report, count=1)


def _count_rules(table: re.Match[str]) -> str:
    rules = len(re.findall(r"(?m)^\S", table[2]))
    return f"{table[1]}\x1b[2m⋮ and {rules} further rules\x1b[0m\n"


def draw(report: str) -> str:
    """Return the picture of a terminal that shows a report; the same for the same report."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f"\x1b[1m$ {' '.join(COMMAND)}\x1b[0m\n{report.rstrip()}\n"))
    picture = console.export_svg(title="paritycheck", code_format=FORMAT, unique_id="run")
    return "".join(f"{line.strip()}\n" for line in picture.splitlines() if line.strip())


def main(arguments: Sequence[str]) -> None:
    """Write the picture to the file that the command line names, or to its place in `docs/`."""
    output = Path(arguments[0]) if arguments else PICTURE
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(draw(crop(run_with_drift())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
