"""`paritycheck baseline`: hold today's findings, so that only what is new fails."""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check
from paritycheck.commands.output import check_writable, write_file
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection
from paritycheck.errors import UsageError, shown_path
from paritycheck.inert import inert
from paritycheck.rules import RULES

if TYPE_CHECKING:
    from paritycheck.baseline import Baseline
    from paritycheck.findings import Finding

DAYS = 90
"""How long findings are held where nobody says otherwise."""

_NAMED = 10


def baseline(selection: Selection, output: Path | None, expires: str | None, chatter: Chatter) -> ExitCode:
    """Check the environments, and write what is found to a file; what was held before keeps its last day."""
    from paritycheck.baseline import NAME, write_baseline

    today = datetime.now(UTC).date()
    last = _last_day(expires, today)
    config = selection.load()
    file = output or config.baseline or config.path.parent / NAME
    check_writable(file)
    former = _former(file, today)
    report = check(dataclasses.replace(config, baseline=None), chatter)
    write_file(file, write_baseline(report, last, former))
    held = [finding for finding in report.findings if RULES[finding.rule].deferrable]
    print(f"{shown_path(file)} holds {_counted(len(held))}")
    if held and config.baseline != file.absolute():
        print(f"To make it count, add this line to {shown_path(config.path)}:\nbaseline: {_relative(file, config.path.parent)}")
    _tell_of_others([finding for finding in report.findings if finding not in held])
    return ExitCode.HELD


def _last_day(text: str | None, today: date) -> date:
    """Read the day until which findings are held; raise `UsageError` for what is none, or is past."""
    if text is None:
        return today + timedelta(days=DAYS)
    try:
        last = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--expires {text!r} is no date", hint=f"Write it as {today + timedelta(days=DAYS)}.") from None
    if last < today:
        raise UsageError(f"--expires {last} is past", hint="Name a day to come: until then the findings are held.")
    return last


def _former(file: Path, today: date) -> Baseline | None:
    """Return what the file holds already and has not expired; a file that is no baseline is not written over."""
    if not file.exists():
        return None
    import msgspec

    from paritycheck.baseline import read_baseline

    former = read_baseline(file)
    return msgspec.structs.replace(former, findings=tuple(entry for entry in former.findings if entry.expires >= today))


def _tell_of_others(findings: list[Finding]) -> None:
    """Name what no baseline can hold."""
    if not findings:
        return
    print(f"{_counted(len(findings))} cannot be held, and must be mended:", file=sys.stderr)
    for finding in findings[:_NAMED]:
        print(f"  {inert(finding.rule)}: {inert(f'{finding.address} {finding.path}'.strip() or finding.message)}", file=sys.stderr)
    if len(findings) > _NAMED:
        print(f"  and {len(findings) - _NAMED} more", file=sys.stderr)


def _relative(file: Path, base: Path) -> str:
    path = file.absolute()
    return inert(str(path.relative_to(base) if path.is_relative_to(base) else path))


def _counted(count: int) -> str:
    return f"{count:,} {'finding' if count == 1 else 'findings'}"
