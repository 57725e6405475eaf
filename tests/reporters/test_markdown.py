"""Markdown as a comment on a pull request shows it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from paritycheck.errors import Location
from paritycheck.findings import Allowed, Finding, Related, Report, Severity, Skipped
from paritycheck.reporters import Format, Style
from paritycheck.reporters.markdown.text import code, fence, prose
from tests.reporters import sample
from tests.reporters.judges import judge

FINDING = sample.FINDINGS[0]


def render(report: Report) -> str:
    return Format.MARKDOWN.reporter(Style(directory="/r/infra", root="/r")).render(report)


def findings(*found: Finding) -> str:
    return render(replace(sample.CLEAN, findings=found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give all environments one value, or allow the difference with a reason.",) * 2,
        ('isn\'t it (really) "so"?',) * 2,
        ("violates CKV_TAP_1, 'A bucket has TLS'", "violates `CKV_TAP_1`, 'A bucket has TLS'"),
        ("set `a b`, or (`c`).", "set `a b`, or (`c`)."),
        ("ask @octocat about #12", "ask `@octocat` about `#12`"),
        ("see https://e.example/x.", "see `https://e.example/x`."),
        ("1. one", "1\\. one"),
        ("2,022 values", "2,022 values"),
        ("deadbeef :tada: GH-1", "`deadbeef` `:tada`: `GH-1`"),
        ("a|b `", "<code>a&#124;b</code> <code>&#96;</code>"),
        ("<b> &amp; **c**", "`<b>` `&amp`; `**c**`"),
        ("needs it (a/b.py:1 calls it) or (c.d).", "needs it (`a/b.py:1` calls it) or (`c.d`)."),
        ("says \"a.b\", 'c_d': [e]", "says \"`a.b`\", '`c_d`': `[e]`"),
        ("größer für Übung", "größer für Übung"),
        ("", ""),
    ],
)
def test_words_are_text_and_all_else_is_code(text: str, expected: str) -> None:
    assert expected == prose(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('aws_x.y["a"]', '`aws_x.y["a"]`'),
        ("a`b", "<code>a&#96;b</code>"),
        ("\\|", "<code>&#92;&#124;</code>"),
        (" a", "<code> a</code>"),
        ("a\nb", "`a\\nb`"),
        ("", ""),
    ],
)
def test_code_is_never_closed_by_what_it_holds(text: str, expected: str) -> None:
    assert expected == code(text)


def test_a_fence_is_longer_than_any_in_it() -> None:
    assert "`````yaml\n````\n`````" == fence("````", "yaml")
    assert "```yaml\na\n```" == fence("a", "yaml")


def test_begins_with_the_mark_that_finds_the_comment_again() -> None:
    assert "<!-- paritycheck report -->\n\n### ✅ dev and prod hold parity\n" == render(sample.CLEAN)[:60]


def test_values_that_fit_stand_side_by_side() -> None:
    assert "| `aws_kinesis_stream.orders.shard_count`<br>`infra/tap_stack.tf:210` | `1` | `1` | **`4`** |\n" in findings(FINDING)


def test_wide_values_stand_one_below_the_other() -> None:
    text = findings(replace(FINDING, values={"dev": "a" * 60, "prod": "b"}))

    assert f'  - dev: `"{"a" * 60}"`\n  - prod: `"b"`\n' in text


def test_says_where_values_come_from_and_how_to_allow_them() -> None:
    text = findings(replace(FINDING, related=(Related(Location("prod.tfvars", 4), "var.shards in prod"),)))

    assert "- `infra/prod.tfvars:4` `var.shards` in prod\n" in text
    assert "```yaml\n- id: orders-shard-count\n  resources: [aws_kinesis_stream.orders]\n" in text


def test_what_no_rule_can_allow_comes_without_an_entry() -> None:
    assert "To allow it" not in findings(sample.POLICIES.findings[0])


def long_report(word: str) -> Report:
    """Return a report of everything in hundreds, in these words."""
    long = replace(FINDING, message=word, hint=word, related=())
    permitted = tuple(Allowed(f"{word}{number}", word, word, word, {}) for number in range(300))
    return replace(
        sample.CLEAN,
        findings=tuple(replace(long, address=f"{word}.x[{number}]", cause=f"var.{number // 40}") for number in range(4_000)),
        allowed=permitted,
        suppressed=permitted,
        known=tuple(replace(long, address=f"{word}.y[{number}]") for number in range(300)),
        skipped=tuple(Skipped(word, word) for _ in range(300)),
    )


@pytest.mark.parametrize("word", ["queue", "`|<@" * 2_500, "\N{PILE OF POO}" * 500])
def test_a_long_report_fits_into_a_comment(word: str) -> None:
    report = long_report(word)
    text = render(report)

    judge(Format.MARKDOWN, text, report)
    assert len(text.encode()) > 10_000


def test_what_is_left_out_is_counted() -> None:
    text = render(long_report("queue"))
    shown = len(re.findall(r"^\| `queue\.x\[\d", text, re.MULTILINE))
    of_causes = sum(map(int, re.findall(r"^(\d+) more of this cause", text, re.MULTILINE)))
    (others,) = re.findall(r"^\*\*([\d,]+) more findings\*\* left out", text, re.MULTILINE)

    assert 4_000 == shown + of_causes + int(others.replace(",", ""))


def test_every_severity_has_a_mark() -> None:
    text = findings(*(replace(FINDING, severity=severity) for severity in Severity))

    assert re.findall(r"<summary>(\S+)", text) == ["❌", "⚠️", "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}"]
