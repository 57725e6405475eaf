"""The whole page: a head that lets nothing in or out, the verdict, and one section below the other."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from paritycheck import __version__
from paritycheck.findings import Report, Severity
from paritycheck.reporters.html import findings, lists
from paritycheck.reporters.html.context import Context
from paritycheck.reporters.html.filters import Facets, facets, form, plain
from paritycheck.reporters.html.markup import Markup, element
from paritycheck.reporters.html.resources import Catalog
from paritycheck.reporters.html.section import Section
from paritycheck.reporters.interface import Style
from paritycheck.reporters.picture.svg import render_svg, style_sheet
from paritycheck.reporters.prose import outcome

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""What could end the element that holds the data, or begin a comment in it."""


class HtmlReporter:
    """Renders a report as one page."""

    def __init__(self, style: Style | None = None) -> None:
        """Remember from where files are named."""
        self._style = style or Style()

    def render(self, report: Report) -> str:
        """See `Reporter.render`. The page is ASCII, so that it is the same in every encoding."""
        context = Context(report, self._style)
        found = facets(context)
        catalog = Catalog(report.topology, context) if report.topology else None
        sections = [_findings(context, found), *([_topology(context, catalog)] if catalog else []), *_lists(context)]
        style = _asset("page.css") + (style_sheet() if catalog else "")
        data = {"findings": plain(found), "neighbors": catalog.neighbors() if catalog else []}
        body = element("body", *_body(report, sections, data))
        page = f"<!DOCTYPE html>\n{element('html', _head(report, style), body, lang='en')}\n"
        return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _head(report: Report, style: str) -> Markup:
    """Return the head, whose policy lets nothing act or load but the style and the script that are here."""
    allowed = f"style-src {_hash(style)}; script-src {_hash(_asset('page.js'))}"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{_word(report)}: {outcome(report)}"),
        element("style", Markup(style)),
    )


def _body(report: Report, sections: Sequence[Section], data: object) -> Iterator[Markup | None]:
    yield element("a", "Skip to the findings", href="#findings", class_="skip")
    yield _masthead(report)
    yield element("nav", element("ul", (section.link() for section in sections)), aria_label="Sections")
    yield element("main", (section.render() for section in sections))
    yield _panel()
    yield element("script", Markup(json.dumps(data, separators=(",", ":")).translate(_ESCAPED)), type="application/json", id="data")
    yield element("script", Markup(_asset("page.js")))


def _masthead(report: Report) -> Markup:
    word = _word(report)
    return element(
        "header",
        element(
            "div",
            element("p", element("b", "paritycheck"), f" {__version__}", class_="brand"),
            element("button", "Dark", type="button", id="theme", hidden=True),
            class_="bar",
        ),
        element("h1", element("span", word, class_=f"verdict {word.lower()}"), " ", element("span", outcome(report), class_="outcome")),
        element("ul", (_figure(*figure) for figure in _figures(report)), class_="figures"),
        element("p", f"Here a {report.fail_on} fails a run.", class_="quiet") if report.fail_on is not Severity.ERROR else None,
        lists.environments(report.environments) if report.environments else None,
        class_="masthead",
    )


def _word(report: Report) -> str:
    return "PASS" if report.passed else "FAIL"


def _figures(report: Report) -> Iterator[tuple[int, str, str]]:
    """Yield what was counted: how many, of what, and how it is to look."""
    for severity in Severity:
        if (count := report.count(severity)) or severity is Severity.ERROR:
            yield count, _noun(count, severity.value), severity.value if count else "none"
    if report.known:
        yield len(report.known), "known", ""
    if report.compared:
        yield len(report.allowed), _noun(len(report.allowed), "allowed difference"), ""
        yield report.compared_values, _noun(report.compared_values, "value") + " compared", ""
        yield report.normalized, "equal but for the environment's name", ""
    if policies := report.policies:
        yield policies.passed, _noun(policies.passed, "policy verdict") + " passed", ""
        yield from (
            (count, label, "") for count, label in ((policies.failed, "failed or undecided"), (policies.suppressed, "suppressed")) if count
        )


def _noun(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _figure(count: int, label: str, look: str) -> Markup:
    return element("li", element("b", f"{count:,}"), " ", element("span", label), class_=look or None)


def _findings(context: Context, found: list[Facets]) -> Section:
    content = (
        form(found, context),
        findings.cards(context) if found else element("p", "Nothing was found.", class_="nothing"),
        element("p", "No finding is like that.", id="no-match", class_="nothing", hidden=True) if found else None,
        findings.advice(context.report),
    )
    return Section("findings", "Findings", "Findings", len(found), content)


def _topology(context: Context, catalog: Catalog) -> Section:
    buttons = (("out", "Smaller", "\u2212"), ("in", "Larger", "+"), ("fit", "Fit", "Fit"))
    tools = (element("button", sign, type="button", data_zoom=name, aria_label=label, title=label) for name, label, sign in buttons)
    picture = Markup(render_svg(context.report, styled=False))
    keys = "Arrow keys go from resource to resource, Enter shows one, plus and minus change the size."
    content = (
        element(
            "div",
            element("p", keys, class_="quiet", id="keys"),
            element("div", tools, class_="zoom"),
            class_="tools",
            hidden=True,
        ),
        element("div", picture, class_="canvas", tabindex="0", role="region", aria_label="Picture of the resources"),
        element("h3", "Every resource"),
        catalog.render(),
    )
    return Section("topology", "Topology", "Topology", len(context.nodes), content)


def _lists(context: Context) -> list[Section]:
    report = context.report
    parts = (lists.skipped(report), lists.known(context), lists.allowed(context), lists.suppressed(context), lists.held(report))
    return [part for part in parts if part]


def _panel() -> Markup:
    """Return what shows a resource that is clicked; the script fills it."""
    return element(
        "aside",
        element("header", element("h2", id="panel-heading", tabindex="-1"), element("button", "Close", type="button", id="close")),
        element("div", id="panel-content"),
        id="panel",
        hidden=True,
        aria_labelledby="panel-heading",
    )


@cache
def _asset(name: str) -> str:
    """Return a file of this package, in which nothing can end the element that it stands in."""
    return files(__package__).joinpath(name).read_text(encoding="ascii")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode('ascii')}'"
