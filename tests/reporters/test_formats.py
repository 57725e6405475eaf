"""What all formats have in common: everything is in them, and nothing that is in them acts."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.cache.codec import decode, encode
from paritycheck.errors import Location
from paritycheck.findings import Allowed, Area, Finding, PolicyCounts, Related, Report, Severity, Skipped, Word
from paritycheck.reporters import Format, Style
from paritycheck.rules import RULES
from tests.conftest import Snapshot
from tests.reporters import sample
from tests.reporters.judges import ROOT, judge

STYLE = Style(width=120, directory="/srv/stack", root="/srv")
REPORTS = {
    "everything": sample.EVERYTHING,
    "policies": sample.POLICIES,
    "clean": sample.CLEAN,
    "hostile": sample.HOSTILE_REPORT,
    "empty": Report((), ()),
}


def render(name: Format, report: Report) -> str:
    return name.reporter(STYLE).render(report)


@pytest.mark.parametrize("name", list(Format))
def test_stays_as_it_was(name: Format, snapshot: Snapshot) -> None:
    """One report of everything, in every format: what changes here changes for every reader."""
    text = render(name, sample.EVERYTHING)
    if name is Format.HTML:  # its style and its script are files of their own
        text = re.sub(r"(<(style|script)>).*?(?=</\2>)", r"\1", re.sub("sha256-[^;]*&", "sha256-&", text), flags=re.DOTALL)

    snapshot(f"formats/everything.{name}", text)


@pytest.mark.parametrize("name", list(Format))
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
def test_keeps_its_format(name: Format, report: Report) -> None:
    report = replace(report, place=report.place or Location("parity.yaml", 1))

    judge(name, render(name, report), report)


@pytest.mark.parametrize("name", list(Format))
def test_is_documented(name: Format) -> None:
    assert f"\n| `{name}` | " in (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(Format))
def test_does_not_depend_on_the_order_of_findings(name: Format) -> None:
    some = sample.EVERYTHING
    backwards = replace(some, findings=some.findings[::-1], allowed=some.allowed[::-1], suppressed=some.suppressed[::-1])

    assert render(name, some) == render(name, backwards)


@pytest.mark.parametrize("name", list(Format))
@pytest.mark.parametrize("slug", RULES)
def test_every_rule_appears_in_every_format(name: Format, slug: str) -> None:
    finding = Finding(slug, RULES[slug].severity, "aws_sqs_queue.orders", "is wrong", RULES[slug].fix, values={"dev": 1, "prod": 2})
    report = replace(sample.CLEAN, findings=(finding,), place=Location("parity.yaml", 1))
    text = render(name, report)

    judge(name, text, report)
    assert slug in text
    assert "aws_sqs_queue.orders" in text


@pytest.mark.parametrize("name", list(Format))
def test_a_report_that_was_kept_reads_the_same(name: Format) -> None:
    kept = decode(json.loads(json.dumps(encode(sample.EVERYTHING))))

    assert render(name, sample.EVERYTHING) == render(name, kept)


@pytest.mark.parametrize("name", [name for name in Format if name is not Format.GITHUB])
def test_every_finding_appears(name: Format) -> None:
    text = name.reporter(replace(STYLE, verbose=True, width=400)).render(sample.EVERYTHING)

    assert [] == [finding.address for finding in sample.EVERYTHING.findings if finding.address.partition("[")[0] not in text]


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "end of script": "</script></style>--><img src=x onerror=alert(1)> \"'",
    "markup": "**b** _i_ ~~s~~ [red]x[/red] <b>y</b> &amp; &lt; ]]>",
    "links": "[a](javascript:x) ![i](http://e.example/p.png) <http://e.example> [r]: http://e.example",
    "references": "@octocat #1 GH-12 octo/repo#3 https://e.example/x www.e.example deadbeef :tada: $x$",
    "ticks": "`a` ``b`` ```` c | d | `e",
    "a table": "| a | b |\n| - | - |\n| \\| | `\\|` | \\",
    "blocks": "# h\n\n1. one\n- two\n> three\n\n    four\n---\n```\nfive\n</details>\n<!-- paritycheck report -->",
    "workflow commands": "::error file=a,line=1::b\n::stop-commands::x\r\n::add-mask::y\n##[error]z ##vso[task.complete]",
    "escapes of workflow commands": "%0A::error::x%0D%0A::warning::y%3A%2C,a=b:c",
    "lines": "a\nb\r\nc\x0bd\x0ce\x85f\u2028g\u2029h\ti",
    "control characters": "\x00\x07\x08\x1b[31m\x1b]8;;http://e.example\x07\x7f\x9b31m",
    "direction marks": "\u202eright\u202c\u2066to\u2069\u200f\u061cleft",
    "invisible characters": "\u200b\u200d\u2060\ufeff\u00ad\u3164",
    "no characters": "\ud800 \udfff \ufffe\uffff",
    "an attachment": "[[ATTACHMENT|/etc/passwd]]",
    "placeholders": "{0} {{1}} {name} %s %(x)s [x](1) [2](2)",
    "paths": "../../../etc/passwd?a=b#c d",
    "ten kilobytes": "z" * 10_000,
    "ten kilobytes of marks": "|`<&@#" * 1_700,
    "nothing": "",
    "spaces": "   ",
}


def poisoned(text: str) -> Report:
    """Return a report in which every text is this one."""
    deep: object = text
    for _ in range(10_000):
        deep = [deep]
    values = {"dev": {text: [text, {text: text}]}, text: text, "long": text * 3 + "\n\n\n" + text, "deep": deep, "word": Word(text)}
    several = Finding("value-difference", Severity.ERROR, text, text, text, text, {"dev": text + "\n\nx\ny", "b": "\n\n" + text})
    place, behind = Location(text, 1, 2), (Related(Location(text, 2), text),)
    full = Finding("policy-violation", Severity.WARNING, text, text, text, text, values, place, behind, text, text, text)
    return Report(
        environments=(replace(sample.environment("dev"), name=text, terraform_version=text, actions={text: 1}), sample.environment("b")),
        findings=(several, replace(full, severity=Severity.ERROR), full, replace(several, severity=Severity.NOTE, path="", values={})),
        allowed=(Allowed(text, text, text, text, values), Allowed("fine", text, text, text, {})),
        suppressed=(Allowed(text, text, text, text, values),),
        skipped=(Skipped(text, text),),
        known=(replace(full, path="x"),),
        policies=PolicyCounts(1, 1, 1),
        examined=tuple(Area),
        place=Location(text, 1),
    )


@pytest.mark.parametrize("name", list(Format))
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_inert(name: Format, text: str) -> None:
    report = poisoned(text)

    judge(name, render(name, report), report)


@pytest.mark.parametrize("name", list(Format))
@settings(max_examples=25)
@given(text=st.text(st.characters(codec=None) | st.sampled_from("<>&|`*_[]()!#@:%\\\n\r$~-=+.\"'{}"), max_size=40))
def test_any_text_is_inert(name: Format, text: str) -> None:
    report = poisoned(text)

    judge(name, render(name, report), report)
