"""Values side by side: the part that differs is marked, and never a part of a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paritycheck.findings import Shown, Special, Word
from paritycheck.reporters.html.context import concerned
from paritycheck.reporters.html.markup import Markup, code, element, join, prose, spaced, text
from paritycheck.reporters.html.values import Row, cells, table
from tests.reporters.sample import difference


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((180, 360), ["180", "360"]),
        (("tap-a-x", "tap-b-x"), ["&quot;tap-<mark>a</mark>-x&quot;", "&quot;tap-<mark>b</mark>-x&quot;"]),
        (("small", "smart"), ["&quot;<mark>small</mark>&quot;", "&quot;<mark>smart</mark>&quot;"]),
        (([1, 2], [1, 2, 3]), ["[1, 2]", "[1, 2<mark>, 3</mark>]"]),
        ((True, True), ["true", "true"]),
    ],
)
def test_marks_the_part_that_differs(values: tuple[Shown, Shown], expected: list[str]) -> None:
    assert [f"<code>{each}</code>" for each in expected] == list(cells(dict(zip("ab", values, strict=True))).values())


def test_what_is_no_value_takes_no_part_in_the_comparison() -> None:
    shown = cells({"a": "x-1", "b": "x-2", "c": Special.UNKNOWN, "d": Special.ABSENT})

    assert {
        "a": "<code>&quot;x-<mark>1</mark>&quot;</code>",
        "b": "<code>&quot;x-<mark>2</mark>&quot;</code>",
        "c": '<span class="special">(known after apply)</span>',
        "d": '<span class="special">(absent)</span>',
    } == shown


def test_a_verdict_is_a_word_and_no_text() -> None:
    assert {"a": '<span class="word">fail</span>', "b": '<span class="word">pass</span>'} == cells({"a": Word("fail"), "b": Word("pass")})


@pytest.mark.parametrize(("count", "tables"), [(1, 1), (20, 1), (21, 2), (120, 2), (121, 3)])
def test_many_rows_are_cut_into_tables(count: int, tables: int) -> None:
    shown = table("Resource", ["a"], [Row("x", {"a": number}) for number in range(count)])

    assert tables == shown.count("<table>")
    assert count == shown.count('<th scope="row">')
    assert (f"<summary>{count - 20} more</summary>" in shown) is (count > 20)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ((1, 1, 4), ["prod"]),
        ((1, 2, 1), ["staging"]),
        ((1, 2, 3), ["dev", "staging", "prod"]),
        ((1, 1, 1), ["dev", "staging", "prod"]),
        ((Special.ABSENT, 1, 1), ["dev"]),
    ],
)
def test_a_finding_is_about_those_who_do_not_have_the_value_of_most(values: tuple[Shown, ...], names: list[str]) -> None:
    assert names == concerned(difference("aws_x.y", "a", values))


def test_a_finding_without_values_is_about_no_environment() -> None:
    assert [] == concerned(replace(difference("aws_x.y", "a", (1, 1, 1)), values={}))


def test_only_finished_markup_is_left_as_it_is() -> None:
    assert "<p><b>a</b>&lt;b&gt;c&lt;/b&gt;</p>\n" == element("p", element("b", "a"), "<b>c</b>")
    assert "&lt;b&gt;<i></i>" == join(["<b>", None, [Markup("<i></i>")]])


def test_attributes_are_escaped_and_named_as_in_html() -> None:
    shown = element("a", "x", class_="b", data_label="\"'<>&\n\x00", hidden=True, id=None, lang=False, tabindex=0)

    assert '<a class="b" data-label="&quot;&#x27;&lt;&gt;&amp;\n\\x00" hidden tabindex="0">x</a>' == shown


def test_what_stands_between_backticks_is_code() -> None:
    assert "Set <code>a&lt;b</code>." == prose("Set `a<b`.")
    assert "It`s `a` b" == prose("It`s `a` b")


def test_nothing_leaves_no_space() -> None:
    assert "a <code>b</code>" == spaced(None, "a", "", None, code("b"))


def test_text_is_inert() -> None:
    assert "\\x1b[31m\\u202e\\ud800&lt;\n:\\x3aerror::" == text("\x1b[31m\u202e\ud800<\n::error::")
