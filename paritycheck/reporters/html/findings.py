"""The findings, one card a cause: all environments side by side, where the values come from, how to mend or allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from paritycheck.findings import Finding, Related, Report, Severity
from paritycheck.inert import shorten
from paritycheck.reporters.advice import next_steps
from paritycheck.reporters.causes import Cause, allow_stub, allowable
from paritycheck.reporters.html.context import Context, Entry
from paritycheck.reporters.html.markup import Attribute, Markup, code, element, join, prose, spaced, text
from paritycheck.reporters.html.values import Row, names_of, table
from paritycheck.reporters.prose import counted, hints, odd_one, one_line, sentence, summary
from paritycheck.rules import RULES

_CHAINS = 3
"""Chains of places that are shown without being asked for."""

Chain = tuple[Related, ...]
"""The places through which a value comes to an attribute."""

_STUB = 20_000
"""Characters of what would allow a cause."""


def badge(severity: Severity) -> Markup:
    """Tell a severity by its word and its shape, and not by its color alone."""
    return element("span", severity.value, class_=f"badge {severity}")


def cards(context: Context) -> Markup:
    """Return a card for each cause, the gravest first."""
    return join(_card(number, cause, entries, context) for number, (cause, entries) in enumerate(context.causes, 1))


def advice(report: Report) -> Markup | None:
    """Say what to do next, in commands to copy."""
    steps = [
        element("div", element("p", step.purpose), element("div", element("pre", code(step.command)), class_="stub"))
        for step in next_steps(report)
    ]
    return element("section", element("h3", "What to do next"), element("div", steps, class_="steps"), class_="next") if steps else None


def _card(number: int, cause: Cause, entries: Sequence[Entry], context: Context) -> Markup:
    common = summary(cause.findings)
    return element(
        "article",
        _heading(number, cause),
        element("p", prose(common), class_="message") if common else None,
        _findings(entries, context, tell=len({finding.message for finding in cause.findings}) > 1),
        _notes(cause, context),
        _allowing(permitted) if (permitted := allowable(cause)) else None,
        class_=f"cause {cause.severity}",
        aria_labelledby=f"cause-{number}",
    )


def _heading(number: int, cause: Cause) -> Markup:
    return element(
        "header",
        badge(cause.severity),
        element("h3", cause.rule, class_="rule", id=f"cause-{number}"),
        code(one_line(cause.name), class_="name") if cause.name else None,
        element("span", counted(len(cause.findings), "finding"), class_="count"),
    )


def _findings(entries: Sequence[Entry], context: Context, *, tell: bool) -> Markup:
    """Lay out the values, or only name what each finding is about where there are none."""
    chains = {chain: number for number, chain in enumerate(_members(entry.finding for entry in entries))}
    labeled = [(entry, _label(entry, context, tell=tell), _attributes(entry, chains)) for entry in entries]
    if names := names_of(entry.finding for entry in entries):
        rows = [Row(label, entry.finding.values, odd_one(entry.finding), attributes) for entry, label, attributes in labeled]
        return table("Resource", names, rows)
    return element("ul", (element("li", label, **attributes) for _, label, attributes in labeled), class_="subjects")


def _attributes(entry: Entry, chains: Mapping[Chain, int]) -> dict[str, Attribute]:
    """Name a finding's element, and the number of the chain that belongs to it."""
    chain = chains.get(entry.finding.related)
    return {"id": entry.id, "data_finding": True if chain is None else chain}


def _label(entry: Entry, context: Context, *, tell: bool) -> Markup:
    """Name what a finding is about and where it is, and say what is wrong with it where the others have another message."""
    finding = entry.finding
    place = context.place(finding.location)
    beside = spaced(
        element("span", place, class_="place") if place else None,
        *(element("span", one_line(name), class_="id") for name in (finding.policy, finding.allow) if name),
        context.jump(finding),
        element("a", "link", href=f"#{entry.id}", class_="jump"),
    )
    return spaced(
        code(one_line(finding.address), class_="address") if finding.address else None,
        code(one_line(finding.path), class_="path") if finding.path else None,
        element("span", prose(sentence(finding.message)), class_="told") if tell else None,
        element("span", beside, class_="beside"),
    )


def _notes(cause: Cause, context: Context) -> Markup:
    """Say where the values come from, why it matters and what to do."""
    chains = _chains(cause, context)
    return element(
        "dl",
        [element("dt", "From"), element("dd", chains)] if chains else None,
        element("dt", "Why"),
        element("dd", prose(RULES[cause.rule].why)),
        element("dt", "Fix"),
        element("dd", [element("p", prose(hint)) for hint in hints(cause)]),
        class_="notes",
    )


def _chains(cause: Cause, context: Context) -> list[Markup]:
    """Show how values come to their attributes, once for all findings with the same chain."""
    members = _members(cause.findings)
    shown = [_chain(chain, names if len(members) > 1 else [], context) for chain, names in members.items()]
    if more := shown[_CHAINS:]:
        return [*shown[:_CHAINS], element("details", element("summary", f"{len(more):,} more"), more)]
    return shown


def _members(findings: Iterable[Finding]) -> dict[Chain, list[str]]:
    """Return the different chains, each with the names of what has it."""
    members: dict[Chain, list[str]] = {}
    for finding in findings:
        if finding.related:
            members.setdefault(finding.related, []).append(finding.path or finding.address)
    return members


def _chain(chain: Chain, names: Sequence[str], context: Context) -> Markup:
    different = list(dict.fromkeys(names))
    heading = code(one_line(different[0])) if len(different) == 1 else text(counted(len(names), "finding"))
    many = f" ({counted(len(names), 'finding')})" if len(different) == 1 and len(names) > 1 else None
    steps = (element("li", code(context.place(each.location)), " ", one_line(each.message)) for each in chain)
    return join(element("p", heading, many) if names else None, element("ol", steps, class_="chain"))


def _allowing(cause: Cause) -> Markup:
    return element(
        "details",
        element("summary", "Allow it"),
        element("p", "Add this under ", code("allow:"), " in ", code("parity.yaml"), ", with your reason:"),
        element("div", element("pre", code(shorten(allow_stub(cause), _STUB))), class_="stub"),
        class_="allowing",
    )
