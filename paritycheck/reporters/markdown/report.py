"""The report in Markdown: the verdict first, details to unfold, and never more than a comment may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from paritycheck import __version__
from paritycheck.findings import Allowed, EnvironmentSummary, Finding, Report, Skipped
from paritycheck.inert import shorten
from paritycheck.reporters.advice import next_steps
from paritycheck.reporters.causes import Cause, by_cause
from paritycheck.reporters.interface import Style
from paritycheck.reporters.markdown.cause import block
from paritycheck.reporters.markdown.text import code, details, prose, table
from paritycheck.reporters.prose import by_rule, counted, counts, one_line, outcome, subject, suppressed_in

MARKER = "<!-- paritycheck report -->"
"""The first line, by which a workflow finds its own comment again."""

LIMIT = 65_536
"""Characters that a comment on GitHub may have; counted as bytes here, of which every character has one at least."""

_TAIL = 20_000
"""Bytes that all that is no finding may take."""

_SHOWN = 25
"""Findings of one cause that are listed."""

_ENVIRONMENTS = 10
"""Environments that are listed."""

_ACTIONS = 6
"""Kinds of actions that are counted; Terraform has no more."""

_NAME = 80
"""Characters of a name that are shown in the table of environments."""

_REASON = 300
"""Characters of a reason that are shown."""

_MORE = 400
"""Bytes kept for what tells how much is left out."""


class MarkdownReporter:
    """Renders a report as GitHub-flavored Markdown."""

    def __init__(self, style: Style | None = None) -> None:
        """Remember from where files are named."""
        self._style = style or Style()

    def render(self, report: Report) -> str:
        """See `Reporter.render`."""
        head = [MARKER, *_verdict(report), _environments(report.environments)]
        tail = _tail(report)
        room = LIMIT - _size([*head, *tail]) - _MORE
        shown, left_out = self._causes(by_cause(report.findings), room)
        more = f"**{counted(left_out, 'more finding')}** left out, for a comment holds no more: `--format json` has all of them."
        return "\n\n".join([*head, *shown, *([more] if left_out else []), *tail]) + "\n"

    def _causes(self, causes: Sequence[Cause], room: int) -> tuple[list[str], int]:
        """Return the causes with as many findings as there is room for, and how many findings the others have."""
        shown: list[str] = []
        left_out = 0
        for number, cause in enumerate(causes):
            text = _fit(lambda count: block(cause, count, self._style, unfolded=not number), min(_SHOWN, len(cause.findings)), room)  # noqa: B023
            if text:
                shown.append(text)
                room -= _size([text])
            else:
                left_out += len(cause.findings)
        return shown, left_out


def _fit(render: Callable[[int], str], count: int, room: int) -> str:
    """Render as many of some things as there is room for, half as many in every try; return nothing where there is room for none."""
    while count:
        if _size([text := render(count)]) <= room:
            return text
        count //= 2
    return ""


def _size(parts: Sequence[str]) -> int:
    return sum(len(part.encode("utf-8", "backslashreplace")) + 2 for part in parts)


def _verdict(report: Report) -> Iterator[str]:
    mark = "\N{WHITE HEAVY CHECK MARK}" if report.passed else "\N{CROSS MARK}"
    yield f"### {mark} {prose(shorten(outcome(report), _REASON))}"
    if told := counts(report):
        yield prose(told) + "."


def _environments(environments: Sequence[EnvironmentSummary]) -> str:
    rows = [
        (
            prose(shorten(each.name, _NAME)),
            f"{each.resources:,}",
            f"{each.data_sources:,}",
            f"{each.outputs:,}",
            ", ".join(f"{count:,} {prose(shorten(action, _NAME))}" for action, count in islice(each.actions.items(), _ACTIONS)),
            prose(each.engine),
            code(shorten(each.terraform_version, _NAME)),
        )
        for each in environments[:_ENVIRONMENTS]
    ]
    return table(("Environment", "Resources", "Data", "Outputs", "Planned", "Engine", "Terraform"), rows)


def _tail(report: Report) -> list[str]:
    """Return what to do next, and what is allowed, suppressed, known and skipped, each as far as there is room."""
    room = _TAIL
    steps = "\n".join(f"- To {step.purpose}: {code(step.command)}" for step in next_steps(report))
    shown = [steps] if steps else []
    allowed, suppressed = list(by_rule(report.allowed)), list(by_rule(report.suppressed))
    parts: list[tuple[Callable[[int], str], int]] = [
        (lambda count: _allowed(allowed, count), len(allowed)),
        (lambda count: _suppressed(suppressed, count), len(suppressed)),
        (lambda count: _known(report.known, count), len(report.known)),
        (lambda count: _skipped(report.skipped, count), len(report.skipped)),
    ]
    for render, count in parts:
        if text := _fit(render, count, room):
            shown.append(text)
            room -= _size([text])
    return [*shown, f"<sub>paritycheck {__version__}</sub>"]


def _allowed(rules: Sequence[tuple[str, Sequence[Allowed]]], count: int) -> str:
    rows = [(code(one_line(rule)), f"{len(members):,}", _reasons(members)) for rule, members in rules[:count]]
    total = sum(len(members) for _, members in rules)
    return _folded(f"{counted(total, 'allowed difference')}", table(("Allowed by", "Differences", "Reason"), rows), len(rules) - count)


def _suppressed(policies: Sequence[tuple[str, Sequence[Allowed]]], count: int) -> str:
    rows = [
        (code(one_line(policy)), f"{len(members):,}", prose(", ".join(suppressed_in(members))), _reasons(members))
        for policy, members in policies[:count]
    ]
    total = sum(len(members) for _, members in policies)
    heading = ("Policy", "Resources", "In", "Reason")
    return _folded(f"{counted(total, 'resource')} with suppressed policies", table(heading, rows), len(policies) - count)


def _known(findings: Sequence[Finding], count: int) -> str:
    rows = [(each.rule, code(subject(each)), prose(one_line(each.message))) for each in findings[:count]]
    return _folded(f"{counted(len(findings), 'known finding')}", table(("Rule", "Known", "Finding"), rows), len(findings) - count)


def _skipped(skipped: Sequence[Skipped], count: int) -> str:
    rows = [(prose(one_line(each.check)), prose(shorten(each.reason, _REASON))) for each in skipped[:count]]
    more = len(skipped) - count
    return table(("Did not run", "Why"), rows) + (f"\n\n{more:,} more did not run." if more else "")


def _reasons(members: Sequence[Allowed]) -> str:
    return "<br>".join(prose(reason) for reason in dict.fromkeys(shorten(one.reason, _REASON) for one in members))


def _folded(heading: str, content: str, more: int) -> str:
    return details(heading, content + (f"\n\n{more:,} more rows are left out." if more else ""))
