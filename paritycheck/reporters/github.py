"""Annotations for GitHub Actions: workflow commands in the log, which GitHub shows at the lines of a pull request.

The commands and their escapes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from paritycheck.errors import Location
from paritycheck.findings import Finding, Report, Severity
from paritycheck.inert import shorten
from paritycheck.reporters.causes import by_cause
from paritycheck.reporters.interface import Style
from paritycheck.reporters.prose import one_line, sentence, shown_place, shown_values, subject, verdict

SHOWN = 10
"""Annotations of one kind that GitHub shows of a step; it takes no notice of the others."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

_PLACES = 6
"""Places behind a finding that are named: the last ones, which are those of the values."""

_TITLE = 200
"""Characters of a title that are shown; GitHub takes 255."""

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


class GithubReporter:
    """Renders a report as annotations, those first that tell most, and ends with the verdict."""

    def __init__(self, style: Style | None = None) -> None:
        """Remember from where files are named."""
        self._style = style or Style()

    def render(self, report: Report) -> str:
        """See `Reporter.render`."""
        by_kind: dict[str, list[str]] = {kind: [] for kind in _COMMANDS.values()}
        for kind, text in self._annotations(report):
            by_kind[kind].append(text)
        lines = [text for texts in by_kind.values() for text in texts[:SHOWN]]
        left_out = sum(len(texts[SHOWN:]) for texts in by_kind.values())
        if left_out:
            lines.append(f"{left_out:,} more: GitHub shows {SHOWN} annotations of a kind, and --format json has all findings.")
        return "\n".join([*lines, f"{'PASS' if report.passed else 'FAIL'}  {verdict(report)}", ""])

    def _annotations(self, report: Report) -> Iterator[tuple[str, str]]:
        """Yield annotations by their kind; what did not run before what was found and is no error."""
        skipped = [(Severity.WARNING, f"{one_line(each.check)} did not run", sentence(each.reason), None) for each in report.skipped]
        found = [(each.severity, _title(each), "\n".join(self._lines(each)), each.location) for each in _ordered(report)]
        for severity, title, message, location in (*skipped, *found):
            kind = _COMMANDS[severity]
            yield kind, self._command(kind, location or report.place, title, message)

    def _lines(self, finding: Finding) -> Iterator[str]:
        yield sentence(finding.message)
        yield from (f"{name}: {text}" for name, text in shown_values(finding).items())
        places = finding.related[-_PLACES:]
        yield from (f"from {shown_place(self._style.locate(place.location))}  {one_line(place.message)}" for place in places)
        if finding.hint:
            yield f"Fix: {one_line(finding.hint)}"

    def _command(self, name: str, location: Location | None, title: str, message: str) -> str:
        properties: dict[str, object] = {"title": shorten(title, _TITLE)}
        if location:
            column = {"col": location.column} if location.column else {}
            properties = {"file": one_line(self._style.from_root(location.file)), "line": location.line, **column, **properties}
        listed = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items())
        return f"::{name} {listed}::{message.translate(_DATA)}"


def _ordered(report: Report) -> list[Finding]:
    """Put the first finding of every cause before the second ones, so that no cause takes all the annotations that are shown."""
    ranked = [(rank, finding) for cause in by_cause(report.findings) for rank, finding in enumerate(cause.findings)]
    order = list(Severity)
    return [finding for _, finding in sorted(ranked, key=lambda pair: (order.index(pair[1].severity), pair[0]))]


def _title(finding: Finding) -> str:
    return ": ".join(filter(None, (finding.rule, subject(finding))))
