"""The JSON report, version 1: a contract of its own, described by `docs/report.schema.json`, not the shape of our classes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from paritycheck import __version__
from paritycheck.errors import Location
from paritycheck.findings import Allowed, EnvironmentSummary, Finding, PolicyCounts, Report, Severity, Shown, Special, sort_findings

_SPECIAL = {Special.UNKNOWN: "unknown", Special.SENSITIVE: "sensitive", Special.ABSENT: "absent"}

_DEPTH = 100
"""Levels of a nested value that are written out."""

_DIGITS = 1000
"""Digits of a whole number that JSON readers can be asked to take as a number."""


class JsonReporter:
    """Renders a report as JSON in ASCII, the same bytes for the same report."""

    def render(self, report: Report) -> str:
        """See `Reporter.render`."""
        written = json.dumps(_document(report), indent=2, allow_nan=False)
        return written.replace("##", "#\\u0023") + "\n"  # which some CI runners would obey in a log: `##[`, `##vso[`


def _document(report: Report) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "verdict": "pass" if report.passed else "fail",
        "tool": {"name": "paritycheck", "version": __version__},
        "environments": [_environment(environment) for environment in report.environments],
        "fail_on": report.fail_on.value,
        "examined": sorted(area.value for area in report.examined),
        "summary": _summary(report),
        "findings": [_finding(finding) for finding in sort_findings(report.findings)],
        "known": [_finding(finding) for finding in sort_findings(report.known)],
        "allowed": [
            _allowed(allowed) for allowed in sorted(report.allowed, key=lambda allowed: (allowed.allow, allowed.address, allowed.path))
        ],
        "suppressed": [
            _suppressed(suppressed)
            for suppressed in sorted(report.suppressed, key=lambda suppressed: (suppressed.allow, suppressed.address))
        ],
        "skipped": [{"check": _text(skipped.check), "reason": _text(skipped.reason)} for skipped in report.skipped],
    }


def _environment(environment: EnvironmentSummary) -> dict[str, Any]:
    return {
        "name": _text(environment.name),
        "engine": environment.engine,
        "resources": environment.resources,
        "data_sources": environment.data_sources,
        "outputs": environment.outputs,
        "actions": {_text(action): environment.actions[action] for action in sorted(environment.actions)},
        "terraform_version": _text(environment.terraform_version),
    }


def _summary(report: Report) -> dict[str, Any]:
    return {
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "known": len(report.known),
        "allowed": len(report.allowed),
        "normalized": report.normalized,
        "compared_values": report.compared_values,
        "policies": _policies(report.policies),
    }


def _policies(counts: PolicyCounts | None) -> dict[str, Any]:
    ran = counts is not None
    counts = counts or PolicyCounts(0, 0, 0)
    return {"passed": counts.passed, "failed": counts.failed, "skipped": counts.suppressed, "ran": ran}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "address": _text(finding.address),
        "path": _text(finding.path),
        "values": _values(finding.values),
        "message": _text(finding.message),
        "hint": _text(finding.hint),
        "location": finding.location and _location(finding.location),
        "related": [{**_location(place.location), "message": _text(place.message)} for place in finding.related],
        "cause": finding.cause and _text(finding.cause),
        "allow": finding.allow and _text(finding.allow),
        "policy": finding.policy and _text(finding.policy),
        "fingerprint": finding.fingerprint,
    }


def _allowed(allowed: Allowed) -> dict[str, Any]:
    return {
        "allow": _text(allowed.allow),
        "address": _text(allowed.address),
        "path": _text(allowed.path),
        "values": _values(allowed.values),
        "reason": _text(allowed.reason),
    }


def _suppressed(suppressed: Allowed) -> dict[str, Any]:
    return {
        "policy": _text(suppressed.allow),
        "address": _text(suppressed.address),
        "values": _values(suppressed.values),
        "reason": _text(suppressed.reason),
    }


def _location(location: Location) -> dict[str, Any]:
    return {"file": _text(location.file), "line": location.line, "column": location.column}


def _values(values: Mapping[str, Shown]) -> dict[str, Any]:
    return {_text(name): json_value(value) for name, value in values.items()}


def json_value(value: Shown, depth: int = 0) -> Any:
    """Turn a shown value into JSON data in which nothing of the user's can pass for one of our marks: a key with `$` gets another."""
    match value:
        case Special():
            return {"$special": _SPECIAL[value]}
        case str():
            return _text(value)
        case Mapping() | list() | tuple() if depth == _DEPTH:
            return {"$special": "too deep"}
        case Mapping():
            return {_key(str(key)): json_value(value[key], depth + 1) for key in sorted(value, key=str)}
        case list() | tuple():
            return [json_value(item, depth + 1) for item in value]
        case _:
            return _scalar(value)


def _key(key: str) -> str:
    return _text("$" + key if key.startswith("$") else key)


def _scalar(value: Any) -> Any:
    """Keep what every JSON reader takes for the same; write another number out in a mark of its own."""
    if isinstance(value, Decimal) and value.is_finite() and Decimal(repr(float(value))) == value:
        value = float(value)
    plain = value is None or (isinstance(value, int) and abs(value) < 10**_DIGITS) or (isinstance(value, float) and math.isfinite(value))
    return value if plain else {"$number": _digits(value)}


def _digits(value: Any) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python is willing to write
        return hex(value)


def _text(text: str) -> str:
    r"""Make text that every JSON reader takes: a lone surrogate becomes the six characters of its escape, such as ``\ud800``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
