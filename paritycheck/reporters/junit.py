"""JUnit XML, as CI servers show it: a test case for every environment, for every finding, and for every rule of which nothing was found.

Jenkins groups cases by `classname`; GitLab calls that the suite, shows the text of a failure and not its `message`, and takes the first
of several cases with one name: https://docs.gitlab.com/ci/testing/unit_test_reports/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from paritycheck.findings import Allowed, Finding, Report, sort_findings
from paritycheck.reporters.causes import held_rules
from paritycheck.reporters.interface import Style
from paritycheck.reporters.prose import by_rule, counted, one_line, sentence, shown_place, shown_values, subject
from paritycheck.rules import RULES

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RELATED = 20
"""Places behind a finding that are named."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case: it passed, unless it has a failure or was skipped."""

    name: str
    text: str = ""
    """All about it."""
    failure: str = ""
    """What is wrong, in one line."""
    skipped: str = ""
    """Why it does not count, in one line."""


class JunitReporter:
    """Renders a report as JUnit XML: a test suite a rule."""

    def __init__(self, style: Style | None = None) -> None:
        """Remember from where files are named."""
        self._style = style or Style()

    def render(self, report: Report) -> str:
        """See `Reporter.render`."""
        from xml.etree import ElementTree as ET

        suites = [(name, _distinct(cases)) for name, cases in self._suites(report) if cases]
        every = [case for _, cases in suites for case in cases]
        root = ET.Element("testsuites", {"name": "paritycheck", **_counts(every)})
        for name, cases in suites:
            skipped = sum(bool(case.skipped) for case in cases)
            suite = ET.SubElement(root, "testsuite", {"name": name, **_counts(cases), "skipped": str(skipped)})
            for case in cases:
                _fill(ET.SubElement(suite, "testcase", {"classname": f"paritycheck.{name}", "name": case.name}), case, name)
        ET.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'

    def _suites(self, report: Report) -> Iterator[tuple[str, list[_Case]]]:
        """Yield every suite's name and cases."""
        yield "environments", [_Case(one_line(each.name), f"{each.resources:,} resources") for each in report.environments]
        held = held_rules(report)
        found, known = _by_slug(report.findings), _by_slug(report.known)
        for slug, rule in RULES.items():
            cases = [self._found(finding, report) for finding in found.get(slug, ())]
            cases += [_known(finding) for finding in known.get(slug, ())]
            yield slug, cases + ([_Case("nothing found", f"Nothing was found of this: {rule.what}")] if rule in held else [])
        yield "allowed", [_allowed(rule, members) for rule, members in by_rule(report.allowed)]
        yield "suppressed", [_suppressed(one) for _, members in by_rule(report.suppressed) for one in members]
        yield "skipped", [_Case(one_line(each.check), skipped=one_line(each.reason)) for each in report.skipped]

    def _found(self, finding: Finding, report: Report) -> _Case:
        failure = sentence(finding.message) if finding.severity.reaches(report.fail_on) else ""
        return _Case(_name(finding), "\n".join(self._lines(finding)), failure)

    def _lines(self, finding: Finding) -> Iterator[str]:
        yield f"{finding.severity}: {sentence(finding.message)}"
        yield from (f"  {name}: {text}" for name, text in shown_values(finding).items())
        if finding.location:
            yield f"At {shown_place(self._style.locate(finding.location))}"
        for place in finding.related[:_RELATED]:
            yield f"From {shown_place(self._style.locate(place.location))} {one_line(place.message)}"
        yield f"Why: {RULES[finding.rule].why}"
        yield f"Fix: {one_line(finding.hint or RULES[finding.rule].fix)}"


def _by_slug(findings: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    """Return the findings of every rule."""
    grouped: dict[str, list[Finding]] = {}
    for finding in sort_findings(findings):
        grouped.setdefault(finding.rule, []).append(finding)
    return grouped


def _known(finding: Finding) -> _Case:
    return _Case(_name(finding), skipped=f"The baseline holds it. {sentence(finding.message)}")


def _allowed(rule: str, members: Sequence[Allowed]) -> _Case:
    return _Case(one_line(rule), f"{counted(len(members), 'difference')}. {one_line(members[0].reason)}")


def _suppressed(one: Allowed) -> _Case:
    return _Case(f"{one_line(one.allow)} {subject(one)}", skipped=one_line(one.reason))


def _name(finding: Finding) -> str:
    """Name a finding so that it has the same name in the next run."""
    about = subject(finding) or one_line(finding.allow or "") or sentence(finding.message)
    return f"{one_line(finding.policy)} {about}" if finding.policy else about


def _distinct(cases: Iterable[_Case]) -> list[_Case]:
    """Number cases of one name."""
    seen: Counter[str] = Counter()
    distinct = []
    for case in cases:
        seen[case.name] += 1
        distinct.append(replace(case, name=f"{case.name} ({seen[case.name]})") if seen[case.name] > 1 else case)
    return distinct


def _counts(cases: list[_Case]) -> dict[str, str]:
    return {"tests": str(len(cases)), "failures": str(sum(bool(case.failure) for case in cases)), "errors": "0"}


def _fill(element: Element, case: _Case, kind: str) -> None:
    """Add to a test case what came of it."""
    from xml.etree.ElementTree import SubElement

    if case.skipped:
        SubElement(element, "skipped", message=case.skipped)
    elif case.failure:
        SubElement(element, "failure", type=kind, message=case.failure).text = case.text
    elif case.text:
        SubElement(element, "system-out").text = case.text
