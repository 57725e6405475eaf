"""Today's differences as allow rules that nobody has reasoned yet, each below a comment that shows what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise

from paritycheck.allowlist.judge import to_number
from paritycheck.findings import Area, Finding, Report
from paritycheck.inert import inert, shorten
from paritycheck.reporters.causes import Entry, allow_entries, by_cause
from paritycheck.reporters.values import side_by_side
from paritycheck.rules import RULES

_SHOWN = 3
"""Findings of a rule whose values are shown."""

_VALUE = 100
"""Characters of a value that are shown."""

_LINE = 120
"""Characters of values that stand in one line."""

_PLACES = 6
"""Places that are named."""

_NAME = 160
"""Characters of an address or a place that are shown."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a report leads to."""

    rules: tuple[str, ...]
    """Items of a YAML sequence, with comments above them."""
    allowable: tuple[Finding, ...]
    """What the rules would allow."""
    others: tuple[Finding, ...]
    """What no rule can allow."""


def propose(report: Report) -> Proposals:
    """Return a rule for each cause and place of what a report found. A rule covers no other resource that there is today."""
    known = [node.address for node in report.topology.nodes] if report.topology else []
    findings = [finding for finding in report.findings if RULES[finding.rule].area in (Area.COMPARISON, Area.SOURCES)]
    allowable = [finding for finding in findings if RULES[finding.rule].allowable]
    entries = chain.from_iterable(allow_entries(cause, exact=True, known=known) for cause in by_cause(allowable))
    taken: set[str] = set()
    return Proposals(
        rules=tuple(_rule(entry, taken) for entry in entries),
        allowable=tuple(allowable),
        others=tuple(finding for finding in findings if not RULES[finding.rule].allowable),
    )


def _rule(entry: Entry, taken: set[str]) -> str:
    """Write a rule with its comment, under an id that is not taken yet."""
    own = next(name for name in chain([entry.id], (f"{entry.id}-{number}" for number in count(2))) if name not in taken)
    taken.add(own)
    text = entry.text.replace(f"- id: {entry.id}", f"- id: {own}", 1)
    if all(map(_ascends, entry.findings)):
        text = re.sub(r"(?m)^  reason:", "  order: ascending\n  reason:", text)
    above = [""] if len(taken) > 1 else []
    return "\n".join([*above, *(f"# {line}" for line in _comment(entry.findings)), text])


def _ascends(finding: Finding) -> bool:
    numbers = [to_number(value) for value in finding.values.values()]
    return all(first is not None and second is not None and first <= second for first, second in pairwise(numbers))


def _comment(findings: Sequence[Finding]) -> Iterator[str]:
    """Show what a rule would allow, in lines of inert text: the values side by side, and where they come from."""
    for finding in findings[:_SHOWN]:
        name = ".".join(filter(None, (finding.address, finding.path)))
        yield inert(shorten(name, _NAME)) + ("" if finding.values else f": {inert(shorten(finding.message, _NAME))}")
        if finding.values:
            shown = side_by_side(finding.values, _VALUE).items()
            values = [f"{inert(name)}: {inert(shorten(text, 2 * _VALUE))}" for name, text in shown]
            line = f"  {', '.join(values)}"
            yield from [line] if len(line) <= _LINE else (f"  {value}" for value in values)
    if len(findings) > _SHOWN:
        yield f"and {len(findings) - _SHOWN} more like these"
    places = dict.fromkeys(str(place) for finding in findings for place in _places(finding))
    if places:
        more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
        yield inert(f"written in {', '.join(shorten(place, _NAME) for place in [*places][:_PLACES])}{more}")


def _places(finding: Finding) -> list[str]:
    """Return where a finding's values come from: the lines that make the difference, else the line of the attribute."""
    places = [f"{place.location.file}:{place.location.line}" for place in finding.related]
    return places or ([f"{finding.location.file}:{finding.location.line}"] if finding.location else [])
