"""What to do next, in commands that can be copied."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from paritycheck.findings import Finding, Report, join_path, sort_findings
from paritycheck.inert import inert
from paritycheck.reporters.prose import counted
from paritycheck.rules import RULES

_LONGEST = 120
"""Characters of a name that is given to a command; of what has a longer one the fingerprint is."""

_MANY = 5
"""Findings from which on mending all of them at once is much to ask."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done."""

    command: str
    purpose: str


def next_steps(report: Report) -> tuple[Step, ...]:
    """Return what helps with a report's findings, the most telling first; nothing where there is nothing to do."""
    return tuple(_steps(report))


def _steps(report: Report) -> Iterator[Step]:
    if not report.compared or not report.findings:
        return
    findings = sort_findings(report.findings)
    compared = next((finding for finding in findings if finding.values and not finding.policy), None)
    if compared and (name := _name(compared)):
        yield Step(f"paritycheck explain {name}", "see where its values come from")
    allowable = next((finding for finding in findings if RULES[finding.rule].allowable and not finding.allow), None)
    if allowable:
        yield Step(f"paritycheck allow {_name(allowable) or allowable.fingerprint}", "propose the rule that would allow it")
    held = sum(RULES[finding.rule].deferrable for finding in findings)
    if not report.passed and held >= _MANY:
        yield Step("paritycheck baseline", f"hold {counted(held, 'finding')} for now, and fail on what is new")


def _name(finding: Finding) -> str | None:
    """Return what a finding is about as a shell takes it; `None` where it could not be typed."""
    name = join_path(finding.address, finding.path)
    return shlex.quote(name) if name and name == inert(name) and name.isprintable() and len(name) <= _LONGEST else None
