"""SARIF 2.1.0, as GitHub's code scanning and other readers of static analysis take it.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; what GitHub makes of it, and its limits:
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from paritycheck import __version__
from paritycheck.errors import Location
from paritycheck.findings import Finding, Report, sort_findings
from paritycheck.inert import inert, shorten
from paritycheck.reporters.interface import Style
from paritycheck.reporters.markdown.text import fence, prose
from paritycheck.reporters.prose import by_rule, one_line, sentence, shown_values, subject, verdict
from paritycheck.rules import RULES

RESULTS = 25_000
"""Results that GitHub takes in one upload; one with more is refused."""

SIZE = 9_000_000
"""Bytes, compressed, that the results may take; GitHub refuses an upload of more than 10 MB."""

_RELATED = 20
"""Places behind a finding that are written out; GitHub shows 100."""

_NOTIFICATIONS = 1_000
"""Remarks on the run that are written out."""

_ID = 100
"""Characters of a policy's id that are shown."""

_ROOT = "%SRCROOT%"


class SarifReporter:
    """Renders a report as SARIF; the same bytes for the same report."""

    def __init__(self, style: Style | None = None) -> None:
        """Remember from where files are named."""
        self._style = style or Style()

    def render(self, report: Report) -> str:
        """See `Reporter.render`."""
        log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [self._run(report)]}
        return json.dumps(log, indent=2, allow_nan=False) + "\n"

    def _run(self, report: Report) -> dict[str, Any]:
        findings = [*((finding, "new") for finding in sort_findings(report.findings))]
        findings += [(finding, "unchanged") for finding in sort_findings(report.known)]
        ids = {_rule_id(finding): finding for finding, _ in reversed(findings)}
        rules = {id_: number for number, id_ in enumerate(sorted(ids))}
        every = (self._result(finding, rules, state if report.known else None, report.place) for finding, state in findings)
        results = list(_fitting(every))
        notifications = [*_more(len(findings) - len(results)), *_remarks(report)]
        return {
            "tool": {
                "driver": {
                    "name": "paritycheck",
                    "semanticVersion": __version__,
                    "rules": [_descriptor(id_, ids[id_]) for id_ in rules],
                }
            },
            "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {"verdict": "pass" if report.passed else "fail", "summary": verdict(report)},
        }

    def _result(self, finding: Finding, rules: dict[str, int], state: str | None, fallback: Location | None) -> dict[str, Any]:
        id_ = _rule_id(finding)
        fingerprints = {"paritycheck/v1": finding.fingerprint}
        if not finding.location:  # of a line GitHub's action computes its own, and warns of others
            fingerprints["primaryLocationLineHash"] = f"{finding.fingerprint}:1"
        related = [
            {"id": number, **self._location(place.location), "message": {"text": one_line(place.message)}}
            for number, place in enumerate(finding.related[:_RELATED], 1)
        ]
        return {
            "ruleId": id_,
            "ruleIndex": rules[id_],
            "level": finding.severity.value,
            "message": {"text": _message(finding)},
            "locations": list(self._locations(finding, fallback)),
            **({"relatedLocations": related} if related else {}),
            "partialFingerprints": fingerprints,
            **({"baselineState": state} if state else {}),
        }

    def _locations(self, finding: Finding, fallback: Location | None) -> Iterator[dict[str, Any]]:
        """Yield where a finding is; one without a place is put where the stack is described, for GitHub shows nothing without a file."""
        name = subject(finding)
        logical = {"logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]} if name else {}
        if finding.location:
            yield self._location(finding.location) | logical
        elif fallback:
            yield {"physicalLocation": {"artifactLocation": self._artifact(fallback.file)}} | logical

    def _location(self, location: Location) -> dict[str, Any]:
        region = {"startLine": location.line, **({"startColumn": location.column} if location.column else {})}
        return {"physicalLocation": {"artifactLocation": self._artifact(location.file), "region": region}}

    def _artifact(self, file: str) -> dict[str, str]:
        path = self._style.from_root(file)
        uri = quote(path.encode("utf-8", "backslashreplace"))
        return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}


def _rule_id(finding: Finding) -> str:
    """Name the rule; of policies each is one of its own, so that readers can filter by it."""
    return f"{finding.rule}/{inert(shorten(finding.policy, _ID))}" if finding.policy else finding.rule


def _descriptor(id_: str, finding: Finding) -> dict[str, Any]:
    """Describe a rule, or one policy of it with the words of a finding."""
    rule = RULES[finding.rule]
    what = f"{one_line(finding.cause or finding.policy)}: {rule.what}" if finding.policy else rule.what
    fix = one_line(finding.hint or rule.fix) if finding.policy else rule.fix
    text = f"{what}\n\n{rule.why}\n\nFix: {fix}"
    markdown = f"{prose(what)}\n\n{prose(rule.why)}\n\n**Fix:** {prose(fix)}"
    if not finding.policy:
        text += f"\n\nInstead of\n\n{rule.before}\n\nwrite\n\n{rule.after}"
        markdown += f"\n\nInstead of\n\n{fence(rule.before, 'terraform')}\n\nwrite\n\n{fence(rule.after, 'terraform')}"
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": what},
        "fullDescription": {"text": f"{what} {rule.why}"},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": ["policy", "security"] if rule.of_policies else ["parity"]},
    }


def _message(finding: Finding) -> str:
    """Say what is wrong, the values side by side, and where they come from; the numbers link to the related locations."""
    name = subject(finding)
    said = f"{name}: {sentence(finding.message)}" if name else sentence(finding.message)
    values = "; ".join(f"{name}: {text}" for name, text in shown_values(finding).items())
    places = enumerate(finding.related[:_RELATED], 1)
    origin = "; ".join(f"[{number}]({number}) {_unlinked(one_line(place.message))}" for number, place in places)
    return " ".join([_unlinked(said), *([_unlinked(values) + "."] if values else []), *([f"From {origin}."] if origin else [])])


def _unlinked(text: str) -> str:
    """Break up what a reader would take for a link: ``[text](target)``."""
    return text.replace("](", "] (")


def _fitting(results: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield as many results as GitHub takes, in number and in compressed bytes."""
    packer, size = zlib.compressobj(), 0
    for result in islice(results, RESULTS):
        size += len(packer.compress(json.dumps(result).encode()))
        if size > SIZE:
            return
        yield result


def _more(left_out: int) -> Iterator[dict[str, Any]]:
    if left_out:
        yield _notification("warning", f"{left_out:,} more findings are left out, for GitHub takes no more: --format json has all of them.")


def _remarks(report: Report) -> list[dict[str, Any]]:
    """Return what did not run, and what comments suppress: a suppressed result would be an open alert on GitHub.

    https://github.com/github/codeql-action/issues/1230
    """
    remarks = [("warning", f"{one_line(each.check)} did not run: {sentence(each.reason)}") for each in report.skipped]
    suppressed = (one for _, members in by_rule(report.suppressed) for one in members)
    remarks += [("note", f"{one_line(one.allow)} is suppressed for {subject(one)}: {sentence(one.reason)}") for one in suppressed]
    if more := len(remarks[_NOTIFICATIONS:]):
        remarks[_NOTIFICATIONS:] = [("note", f"{more:,} more remarks are left out: --format json has all of them.")]
    return [_notification(level, text) for level, text in remarks]


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}
