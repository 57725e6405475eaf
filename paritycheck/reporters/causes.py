"""Findings as people read them: grouped by what they have in common, with the rule that would allow them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from paritycheck.findings import Finding, Related, Report, Severity, sort_findings
from paritycheck.inert import inert
from paritycheck.quoting import quote
from paritycheck.rules import RULES, Rule

_SEVERAL = 4
"""Addresses of one type that an allow rule names one by one; of more it names the type."""

_ENTRIES = 4
"""Entries of a stub that are written out."""

_LINE = 64
"""Characters of a YAML sequence that stands in one line."""

_GENERIC = frozenset({"default", "main", "this"})
"""Names of resources that say nothing: their type does."""

_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
_NUMBER = re.compile(r"\[\d+\]")


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


def allowable(cause: Cause) -> Cause | None:
    """Return the findings that a new rule would allow: not those that a rule without a reason, or an expired one, speaks of already."""
    findings = tuple(finding for finding in cause.findings if not finding.allow) if RULES[cause.rule].allowable else ()
    return replace(cause, findings=findings) if findings else None


def by_cause(findings: Iterable[Finding]) -> list[Cause]:
    """Group findings, the gravest first."""
    groups = groupby(sort_findings(tuple(findings)), key=lambda finding: (finding.severity, finding.cause, finding.rule))
    return [Cause(severity, rule, name, tuple(members)) for (severity, name, rule), members in groups]


def held_rules(report: Report) -> list[Rule]:
    """Return the rules that were checked in full, and of which nothing was found, known or new."""
    found = {finding.rule for finding in (*report.findings, *report.known)} | {skipped.check for skipped in report.skipped}
    return [rule for rule in RULES.values() if rule.area in report.examined and rule.slug not in found]


def allow_stub(cause: Cause, *, exact: bool = False) -> str:
    """Write the entries of `parity.yaml` that would allow a cause's findings and no others, but for the reasons.

    Where it is not `exact`, all instances of a `count` or `for_each` are covered, and all items of a list.
    """
    entries = [entry.text for entry in allow_entries(cause, exact=exact, items=exact)]
    more = len(entries) - _ENTRIES
    return "\n".join([*entries[:_ENTRIES], *([f"# and {more} more like these"] if more > 0 else [])])


@dataclass(frozen=True, slots=True)
class Entry:
    """An allow rule to propose."""

    id: str
    text: str
    """An item of a YAML sequence; its reason is left to be written."""
    findings: tuple[Finding, ...]
    """What it would allow."""


def allow_entries(cause: Cause, *, exact: bool = False, items: bool = False, known: Collection[str] = ()) -> list[Entry]:
    """Return the allow rules for a cause's findings. A pattern matches no address that is `known` to have no such finding.

    Instances are told apart where it is `exact`, and the items of a list where `items` are.
    """
    by_attribute: dict[str, list[Finding]] = {}
    for finding in cause.findings:
        by_attribute.setdefault((finding.path if items else _NUMBER.sub("", finding.path)) or "*", []).append(finding)
    by_resources: dict[tuple[str, ...], dict[str, list[Finding]]] = {}
    for attribute, findings in by_attribute.items():
        addresses = dict.fromkeys(finding.address if exact else _KEY.sub("[*]", finding.address) for finding in findings)
        others = set(known).difference(finding.address for finding in findings)
        by_resources.setdefault(tuple(_patterns(addresses, others)), {})[attribute] = findings
    single = len(by_resources) == 1
    return [_entry(cause, resources, attributes, single=single) for resources, attributes in by_resources.items()]


def _entry(cause: Cause, resources: Sequence[str], attributes: Mapping[str, Sequence[Finding]], *, single: bool) -> Entry:
    identity = _slug(cause.name, resources, list(attributes), single=single)
    lines = [f"- id: {identity}", f"  resources:{_sequence(map(_pattern, resources))}"]
    lines.append(f"  attributes:{_sequence(map(_pattern, attributes))}")
    if cause.rule == "environment-leak":
        leaks = [value for findings in attributes.values() for finding in findings for value in finding.values.values()]
        lines.append(f"  one_of:{_sequence(str(value) for value in dict.fromkeys(leaks) if isinstance(value, str))}")
    text = "\n".join([*lines, "  reason:  # why these environments may differ here"])
    return Entry(identity, text, tuple(finding for findings in attributes.values() for finding in findings))


def _pattern(name: str) -> str:
    """Let `*` stand for what cannot be printed, which no pattern may hold."""
    return "".join(character if character.isprintable() else "*" for character in name)


def _patterns(addresses: Iterable[str], others: Collection[str]) -> list[str]:
    """Name addresses one by one, or by their type where there are several and no others."""
    by_type: dict[str, list[str]] = {}
    for address in addresses:
        by_type.setdefault(address.rpartition(".")[0], []).append(address)
    return [
        name
        for parent, names in by_type.items()
        for name in (names if len(names) <= _SEVERAL or any(other.startswith(f"{parent}.") for other in others) else [f"{parent}.*"])
    ]


def _slug(name: str | None, resources: Sequence[str], attributes: Sequence[str], *, single: bool) -> str:
    """Name an entry after the cause, and after its first attribute too where that alone tells it from the cause's others."""
    parent, _, subject = name.rpartition(".") if name else ("", "", resources[0])
    if subject in _GENERIC:
        subject = parent.rpartition(".")[2] or subject
    if not (name and single):
        subject += f" {attributes[0]}"
    return re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")[:60].rstrip("-") or "difference"


def _sequence(items: Iterable[str]) -> str:
    """Write a YAML sequence, with quotes around what YAML would read as something else."""
    written = [inert(quote(item)) for item in items]
    line = f" [{', '.join(written)}]"
    return line if len(line) <= _LINE else "".join(f"\n    - {item}" for item in written)
