"""Findings as people read them: grouped by what they have in common, with the rule that would allow them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from paritycheck.findings import Finding, Related, Severity, sort_findings
from paritycheck.inert import inert

_SEVERAL = 4
"""Addresses of one type that an allow rule names one by one; of more it names the type."""

_ENTRIES = 4
"""Entries of a stub that are written out."""

_LINE = 64
"""Characters of a YAML sequence that stands in one line."""

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
    """Write the entries of `parity.yaml` that would allow a cause's findings and no others, but for the reasons."""
    by_attribute: dict[str, dict[str, None]] = {}
    for finding in cause.findings:
        by_attribute.setdefault(_INDEX.sub("", finding.path) or "*", {})[_INDEX.sub("[*]", finding.address)] = None
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for attribute, addresses in by_attribute.items():
        by_resources.setdefault(tuple(_patterns(addresses)), []).append(attribute)
    entries = [_entry(_slug(cause.name, resources, attributes), resources, attributes) for resources, attributes in by_resources.items()]
    more = len(entries) - _ENTRIES
    return "\n".join([*entries[:_ENTRIES], *([f"# and {more} more like these"] if more > 0 else [])])


def _entry(slug: str, resources: Iterable[str], attributes: Iterable[str]) -> str:
    return f"""\
- id: {slug}
  resources:{_sequence(resources)}
  attributes:{_sequence(attributes)}
  reason:  # why these environments may differ here"""


def _patterns(addresses: Iterable[str]) -> list[str]:
    """Name addresses one by one, or by their type where there are several."""
    by_type: dict[str, list[str]] = {}
    for address in addresses:
        by_type.setdefault(address.rpartition(".")[0], []).append(address)
    return [name for parent, names in by_type.items() for name in (names if len(names) <= _SEVERAL else [f"{parent}.*"])]


def _slug(name: str | None, resources: Sequence[str], attributes: Sequence[str]) -> str:
    subject = name.rpartition(".")[2] if name else f"{resources[0]} {attributes[0]}"
    return re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")[:60].rstrip("-") or "difference"


def _sequence(items: Iterable[str]) -> str:
    """Write a YAML sequence, with quotes around what YAML would read as something else."""
    written = [item if _PLAIN.fullmatch(item) else inert(json.dumps(item)) for item in items]
    line = f" [{', '.join(written)}]"
    return line if len(line) <= _LINE else "".join(f"\n    - {item}" for item in written)
