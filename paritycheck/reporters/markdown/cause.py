"""One cause in Markdown: its findings with all environments side by side, where the values come from, how to mend or allow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paritycheck.findings import Finding, Related, Severity, Word
from paritycheck.reporters.causes import Cause, allow_stub, allowable
from paritycheck.reporters.interface import Style
from paritycheck.reporters.markdown.text import code, details, fence, html, prose, table
from paritycheck.reporters.prose import counted, hints, odd_one, one_line, shown_place, subject, summary
from paritycheck.reporters.values import side_by_side
from paritycheck.rules import RULES

_RELATED = 12
"""Places behind a cause that are named."""

_WIDE = 48
"""Characters of a value that fit into a column beside those of other environments."""

_MARKS = {
    Severity.ERROR: "\N{CROSS MARK}",
    Severity.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Severity.NOTE: "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}",
}


def block(cause: Cause, count: int, style: Style, *, unfolded: bool) -> str:
    """Return a cause with the first `count` of its findings, to be folded and unfolded."""
    name = html(one_line(cause.name)) if cause.name else ""
    heading = f"{_MARKS[cause.severity]} <b>{cause.rule}</b> ({counted(len(cause.findings), 'finding')}) {name}".rstrip()
    return details(heading, "\n\n".join(_parts(cause, cause.findings[:count], style)), unfolded=unfolded)


def _parts(cause: Cause, findings: Sequence[Finding], style: Style) -> Iterator[str]:
    common = summary(findings)
    if common:
        yield prose(common)
    yield from _findings(findings, style, tell=len({finding.message for finding in findings}) > 1)
    if more := len(cause.findings) - len(findings):
        yield f"{more:,} more of this cause: `--format json` has all of them."
    if places := cause.related[:_RELATED]:
        yield "**From**"
        yield "\n".join(f"- {_place(place, style)} {prose(one_line(place.message))}" for place in places)
    yield f"**Why:** {prose(RULES[cause.rule].why)}"
    yield "**Fix:** " + "<br>".join(map(prose, hints(cause)))
    if new := allowable(cause):
        yield "To allow it, add this under `allow:` in `parity.yaml`, with your reason:"
        yield fence(allow_stub(new), "yaml")


def _findings(findings: Sequence[Finding], style: Style, *, tell: bool) -> Iterator[str]:
    """Yield the values of all environments beside each other where they fit, and else one below the other."""
    names = list(dict.fromkeys(name for finding in findings for name in finding.values))
    cells = [side_by_side(finding.values) for finding in findings]
    labels = [_label(finding, style, tell=tell) for finding in findings]
    narrow = all(len(text) <= _WIDE and "\n" not in text for texts in cells for text in texts.values())
    if names and narrow:
        rows = [
            (label, *(_value(finding, name, texts.get(name, "")) for name in names))
            for label, finding, texts in zip(labels, findings, cells, strict=True)
        ]
        yield table(("", *(prose(one_line(name)) for name in names)), rows)
    elif any(labels):
        yield "\n".join(
            line
            for label, finding, texts in zip(labels, findings, cells, strict=True)
            for line in (f"- {label}", *(f"  - {prose(one_line(name))}: {_value(finding, name, text)}" for name, text in texts.items()))
        )


def _label(finding: Finding, style: Style, *, tell: bool) -> str:
    """Name what a finding is about and where it is, and say what is wrong with it where the others have another message."""
    parts = (code(subject(finding)), _place(finding, style), prose(one_line(finding.message)) if tell else "")
    return "<br>".join(filter(None, parts))


def _place(place: Finding | Related, style: Style) -> str:
    return code(shown_place(style.locate(place.location))) if place.location else ""


def _value(finding: Finding, name: str, text: str) -> str:
    """Return the value of an environment, which has one line or more, in bold where it stands out."""
    if isinstance(finding.values.get(name), Word):
        return prose(text)
    shown = "<br>".join(code(line) for line in text.split("\n"))
    return f"**{shown}**" if name == odd_one(finding) else shown
