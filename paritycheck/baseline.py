"""What was found when a team began, and is not news: a file of findings that do not fail a run until their last day.

A finding is known only where the baseline has the same one, which says the same of every environment: what changes, or appears in
another environment, is new. What is said is kept as digests, so that the file holds no text of the stack's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from paritycheck.errors import ConfigError, Location, shown_path
from paritycheck.findings import Finding, Report, Shown, Word, sort_findings
from paritycheck.inert import shorten
from paritycheck.reporters.json_v1 import json_value
from paritycheck.rules import RULES

NAME = "parity.baseline.json"
"""Where a baseline is written to, unless `parity.yaml` or the command line name another file."""

MAX_BYTES = 64 * 1024 * 1024
"""Size of the largest file that is read."""

_NAMED = 3
"""Stale entries that are named one by one."""

_PLACE = re.compile(r"(?:[^\s:]+/)?([^\s:/]+\.\w+):\d+(?::\d+)?")
"""A line of a file, as messages name it: from the working directory."""

_REWRITE = "Remove it and write it anew: paritycheck baseline"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One finding that is held."""

    fingerprint: str
    rule: str
    address: str
    path: str
    environments: dict[str, str]
    """A digest of what is said of every environment, 16 hex digits: the value that a report shows, or the message where it shows none."""
    expires: date
    """The last day on which it holds."""
    policy: str | None = None


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    version: Literal[1]
    findings: tuple[Entry, ...]


def read_baseline(file: Path) -> Baseline:
    """Read a baseline. Raises `ConfigError` where it is missing or is none."""
    shown = shown_path(file)
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ConfigError(f"there is no baseline {shown}", hint="Write it: paritycheck baseline", location=file) from error
    except OSError as error:
        raise ConfigError(f"cannot read {shown}: {error.strerror}", location=file) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{shown} is larger than {MAX_BYTES // 1024**2} MiB", hint="Is it the right file?", location=file)
    try:
        return msgspec.json.decode(data, type=Baseline)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        message = f"{shown} is no baseline: {shorten(str(error), 200)}"
        raise ConfigError(message, hint=_REWRITE, location=file) from error


def write_baseline(report: Report, expires: date, former: Baseline | None = None) -> bytes:
    """Return the file that holds a report's findings, but for those that no baseline can hold; what it held already keeps its last day."""
    kept = {_identity(entry): entry.expires for entry in (former.findings if former else ())}
    names = [environment.name for environment in report.environments]
    entries = [_entry(finding, names, expires) for finding in sort_findings(report.findings) if RULES[finding.rule].deferrable]
    dated = [msgspec.structs.replace(entry, expires=kept.get(_identity(entry), expires)) for entry in entries]
    return msgspec.json.format(msgspec.json.encode(Baseline(1, tuple(dated))), indent=2) + b"\n"


def set_apart(report: Report, baseline: Baseline, file: Path, today: date, *, complete: bool) -> Report:
    """Return a report in which what the baseline holds is known, and the rest news.

    Where the report is `complete`, entries that match nothing are a finding of their own.
    """
    entries: dict[str, list[Entry]] = {}
    for entry in baseline.findings:
        entries.setdefault(entry.fingerprint, []).append(entry)
    names = [environment.name for environment in report.environments]
    known: list[Finding] = []
    news: list[Finding] = []
    for finding in report.findings:
        holding = [entry.expires for entry in entries.get(finding.fingerprint, ()) if _holds(entry, finding, names)]
        if not holding:
            news.append(finding)
        elif max(holding) < today:
            news.append(replace(finding, message=f"{finding.message} The baseline held it until {max(holding)}."))
        else:
            known.append(finding)
    if complete:
        found = {finding.fingerprint for finding in report.findings}
        stale = [entry for entry in baseline.findings if entry.fingerprint not in found]
        news += [_stale(stale, file)] if stale else []
    return replace(report, findings=sort_findings(news), known=tuple(known))


def _holds(entry: Entry, finding: Finding, environments: Sequence[str]) -> bool:
    """Tell whether an entry is about a finding as it is now: it says the same, and of no environment that the entry does not know."""
    return RULES[finding.rule].deferrable and _digests(finding, environments).items() <= entry.environments.items()


def _stale(entries: Sequence[Entry], file: Path) -> Finding:
    rule = RULES["stale-baseline"]
    names = [f"{entry.rule} {entry.address} {entry.path}".rstrip() for entry in entries[:_NAMED]]
    more = [f"{len(entries) - _NAMED} more"] if len(entries) > _NAMED else []
    message = f"{shown_path(file)} holds what is found no more: {', '.join([*names, *more])}."
    return Finding(rule.slug, rule.severity, "", message, rule.fix, location=Location(shown_path(file), 1))


def _entry(finding: Finding, environments: Sequence[str], expires: date) -> Entry:
    return Entry(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        address=finding.address,
        path=finding.path,
        environments=_digests(finding, environments),
        expires=expires,
        policy=finding.policy,
    )


def _identity(entry: Entry) -> tuple[str, tuple[tuple[str, str], ...]]:
    return entry.fingerprint, tuple(sorted(entry.environments.items()))


def _digests(finding: Finding, environments: Sequence[str]) -> dict[str, str]:
    said: Mapping[str, Shown] = finding.values or dict.fromkeys(environments, Word(finding.message))
    return {environment: _digest(value) for environment, value in said.items()}


def _digest(value: Shown) -> str:
    """Return the digest of a value, or of words, which are the same where a line that they name has moved."""
    same = _PLACE.sub(r"\1", value) if isinstance(value, Word) else value
    text = json.dumps(json_value(same), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
