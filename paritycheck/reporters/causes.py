"""Findings as people read them: grouped by what they have in common, with the rule that would allow them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from paritycheck.findings import Finding, Related, Severity, sort_findings
from paritycheck.inert import inert

_SEVERAL = 4
"""Addresses of one type that an allow rule names one by one; of more it names the type."""

_INDEX = re.compile(r"\[[^\]]*\]")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings of one rule that have one cause, or none that is known."""

    severity: Severity
    rule: str
    name: str | None
    """What the findings have in common, such as `var.orders_shard_count`."""
    findings: tuple[Finding, ...]

    @property
    def related(self) -> tuple[Related, ...]:
        """The places that explain the findings, each once."""
        return tuple(dict.fromkeys(place for finding in self.findings for place in finding.related))


def by_cause(findings: Iterable[Finding]) -> list[Cause]:
    """Group findings, the gravest first."""
    groups = groupby(sort_findings(tuple(findings)), key=lambda finding: (finding.severity, finding.cause, finding.rule))
    return [Cause(severity, rule, name, tuple(members)) for (severity, name, rule), members in groups]


def allow_stub(cause: Cause) -> str:
    """Write the entry of `parity.yaml` that would allow all of a cause's findings, but for the reason."""
    resources = _patterns(dict.fromkeys(_INDEX.sub("[*]", finding.address) for finding in cause.findings))
    attributes = dict.fromkeys(_INDEX.sub("", finding.path) or "*" for finding in cause.findings)
    return "\n".join(
        (
            f"- id: {_slug(cause)}",
            f"  resources: {_sequence(resources)}",
            f"  attributes: {_sequence(attributes)}",
            "  reason:  # why these environments may differ here",
        ),
    )


def _patterns(addresses: Iterable[str]) -> list[str]:
    """Name addresses one by one, or by their type where there are several."""
    by_type: dict[str, list[str]] = {}
    for address in addresses:
        by_type.setdefault(address.rpartition(".")[0], []).append(address)
    return [name for parent, names in by_type.items() for name in (names if len(names) <= _SEVERAL else [f"{parent}.*"])]


def _slug(cause: Cause) -> str:
    first = cause.findings[0]
    subject = cause.name.rpartition(".")[2] if cause.name else f"{first.address} {first.path}"
    return re.sub(r"[^a-z0-9]+", "-", _INDEX.sub("", subject).lower()).strip("-")[:60] or cause.rule


def _sequence(items: Iterable[str]) -> str:
    """Write a YAML sequence in one line, with quotes around what YAML would read as something else."""
    return "[" + ", ".join(item if _PLAIN.fullmatch(item) else inert(json.dumps(item)) for item in items) + "]"
