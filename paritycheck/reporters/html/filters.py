"""The filter of the findings; without the script it is not there, and all findings are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from paritycheck.findings import Severity
from paritycheck.reporters.html.context import Context, Entry, concerned
from paritycheck.reporters.html.markup import Markup, element
from paritycheck.reporters.prose import counted, one_line


@dataclass(frozen=True, slots=True)
class Facets:
    """What a finding can be chosen by, inert."""

    severity: str
    rule: str
    service: str
    """Empty where it is about no resource."""
    environments: list[str]
    """Those that do not have the value of most."""
    nodes: list[int]
    """The places of its resources in the topology."""


def facets(context: Context) -> list[Facets]:
    """Return what each finding can be chosen by, in the order of the page."""
    return [_facets(entry, context) for entry in context.entries]


def form(found: list[Facets], context: Context) -> Markup | None:
    """Return the fields by which findings are chosen, each with the number of findings that it stands for."""
    if not found:
        return None
    severities = Counter(each.severity for each in found)
    environments = Counter(name for each in found for name in each.environments)
    order = dict.fromkeys([*(one_line(each.name) for each in context.report.environments), *environments])
    services = Counter(each.service for each in found if each.service)
    hint = "Resource, value, file or message"
    search = element("input", type="search", name="text", placeholder=hint, autocomplete="off", spellcheck="false")
    return element(
        "form",
        element("label", element("span", "Find"), search, class_="search"),
        _choice("severity", "Severity", {each: severities[each] for each in Severity if each in severities}),
        _choice("rule", "Rule", dict(sorted(Counter(each.rule for each in found).items()))),
        _choice("service", "Service", dict(sorted(services.items()))),
        _choice("environment", "Environment", {name: environments[name] for name in order if name in environments}),
        element("button", "Reset", type="reset"),
        element("output", counted(len(found), "finding"), aria_live="polite"),
        id="filter",
        hidden=True,
        role="search",
        aria_label="Filter the findings",
    )


def plain(found: list[Facets]) -> list[dict[str, object]]:
    """Return all this as JSON data, for the script."""
    return [asdict(each) for each in found]


def _facets(entry: Entry, context: Context) -> Facets:
    finding = entry.finding
    environments = list(dict.fromkeys(map(one_line, concerned(finding))))
    service = one_line(context.service(finding.address))
    return Facets(finding.severity.value, finding.rule, service, environments, list(context.places(finding.address)))


def _choice(name: str, heading: str, counts: Mapping[str, int]) -> Markup | None:
    """Return a menu of what findings may have; nothing to choose from is no menu."""
    if len(counts) < 2:
        return None
    boxes = (
        element(
            "label",
            element("input", type="checkbox", name=name, value=value),
            element("span", value),
            " ",
            element("span", f"{count:,}", class_="count"),
        )
        for value, count in counts.items()
    )
    inner = element("fieldset", element("legend", heading, class_="unseen"), boxes)
    return element("details", element("summary", heading), inner, class_="menu")
