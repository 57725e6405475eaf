"""What is no finding: what is allowed, suppressed, known, was not checked, or holds."""

from __future__ import annotations

from collections.abc import Sequence

from paritycheck.findings import Allowed, EnvironmentSummary, Report
from paritycheck.inert import shorten
from paritycheck.reporters.causes import held_rules
from paritycheck.reporters.html.context import Context
from paritycheck.reporters.html.findings import badge
from paritycheck.reporters.html.markup import Content, Markup, code, element, prose, spaced
from paritycheck.reporters.html.section import Section
from paritycheck.reporters.html.values import Row, names_of, table
from paritycheck.reporters.prose import by_rule, counted, odd_one, one_line, sentence, suppressed_in

_REASON = 600
"""Characters of a reason that are shown."""


def environments(some: Sequence[EnvironmentSummary]) -> Markup:
    """Return what each environment's plan holds."""
    headings = ("Environment", "Resources", "Data sources", "Outputs", "Planned", "Engine", "Terraform")
    head = element("tr", (element("th", heading, scope="col") for heading in headings))
    body = (_environment(each, headings[1:]) for each in some)
    return element("div", element("table", element("thead", head), element("tbody", body)), class_="values plain")


def _environment(each: EnvironmentSummary, headings: Sequence[str]) -> Markup:
    planned = ", ".join(f"{count:,} {one_line(action)}" for action, count in each.actions.items())
    facts = (
        f"{each.resources:,}",
        f"{each.data_sources:,}",
        f"{each.outputs:,}",
        planned,
        one_line(each.engine),
        one_line(each.terraform_version),
    )
    columns = (element("td", element("div", fact), data_label=label) for label, fact in zip(headings, facts, strict=True))
    return element("tr", element("th", one_line(each.name), scope="row"), columns)


def allowed(context: Context) -> Section | None:
    """Return the allowed differences by rule, each with its reasons, to be unfolded."""
    groups = (_permitted(rule, members, "difference", None, context) for rule, members in by_rule(context.report.allowed))
    return _section("allowed", "Allowed differences", "Allowed", len(context.report.allowed), groups)


def suppressed(context: Context) -> Section | None:
    """Return the suppressed verdicts by policy, each with its reasons, to be unfolded."""
    groups = (
        _permitted(policy, members, "resource", f"in {', '.join(suppressed_in(members))}", context)
        for policy, members in by_rule(context.report.suppressed)
    )
    return _section("suppressed", "Suppressed policies", "Suppressed", len(context.report.suppressed), groups)


def known(context: Context) -> Section | None:
    """Return what the baseline holds."""
    found = context.report.known
    rows = [
        Row(
            spaced(
                element("span", badge(each.severity), " ", each.rule),
                code(one_line(each.address), class_="address") if each.address else None,
                code(one_line(each.path), class_="path") if each.path else None,
                element("span", prose(sentence(each.message)), class_="told"),
                element("span", spaced(context.place(each.location), context.jump(each)), class_="beside"),
            ),
            each.values,
            odd_one(each),
        )
        for each in found
    ]
    return _section(
        "known",
        "Known findings, which the baseline holds",
        "Known",
        len(found),
        element("div", table("Finding", names_of(found), rows), class_="sheet"),
    )


def skipped(report: Report) -> Section | None:
    """Say what was not checked, and why."""
    items = ([element("dt", one_line(each.check)), element("dd", shorten(each.reason, _REASON))] for each in report.skipped)
    return _section("skipped", "Did not run", "Did not run", len(report.skipped), element("dl", items, class_="notes sheet"))


def held(report: Report) -> Section | None:
    """Name the rules that were checked, and of which nothing was found."""
    rules = held_rules(report)
    items = ([element("dt", code(rule.slug)), element("dd", prose(rule.what))] for rule in rules)
    inner = element("details", element("summary", "Rules of which nothing was found"), element("dl", items, class_="notes"), class_="group")
    return _section("held", "What holds", "Holds", len(rules), inner)


def _permitted(rule: str, members: Sequence[Allowed], noun: str, where: str | None, context: Context) -> Markup:
    """Return what one rule or policy permits, under the reasons for it."""
    reasons = list(dict.fromkeys(shorten(one.reason, _REASON) for one in members))
    rows = [
        Row(
            spaced(
                code(one_line(one.address), class_="address") if one.address else None,
                code(one_line(one.path), class_="path") if one.path else None,
                element("span", shorten(one.reason, _REASON), class_="told") if len(reasons) > 1 else None,
                element("span", context.jump(one), class_="beside"),
            ),
            one.values,
        )
        for one in members
    ]
    count = element("span", ", ".join(filter(None, (counted(len(members), noun), where))), class_="count")
    told = element("span", reasons[0] if len(reasons) == 1 else f"{len(reasons):,} reasons", class_="reason")
    return element(
        "details",
        element("summary", spaced(code(one_line(rule), class_="name"), count, told)),
        table("Resource", names_of(members), rows),
        class_="group",
    )


def _section(name: str, heading: str, label: str, count: int, content: Content) -> Section | None:
    return Section(name, heading, label, count, content) if count else None
