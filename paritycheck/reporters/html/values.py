"""The values of all environments side by side, with the part that differs marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from paritycheck.findings import Allowed, Finding, Shown, Special, Word
from paritycheck.reporters.html.markup import Attribute, Content, Markup, code, element, join, spaced
from paritycheck.reporters.prose import one_line
from paritycheck.reporters.values import common_length, side_by_side

_COLUMNS = 6
"""Environments that have room beside each other; more stand one below the other."""

_FIRST = 20
"""Rows that are shown before all of them are asked for."""

_ROWS = 100
"""Rows of a further table; a browser lays out the next ones only where they are looked at."""


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one thing in all environments."""

    label: Content
    """What it is."""
    values: Mapping[str, Shown]
    alone: str | None = None
    """The environment that stands alone."""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    """The attributes of the row's element."""


def names_of(some: Iterable[Finding | Allowed]) -> list[str]:
    """Return the environments of which any has a value, in order."""
    return list(dict.fromkeys(name for one in some for name in one.values))


def table(subject: str, names: Sequence[str], rows: Sequence[Row]) -> Markup:
    """Lay the values out: a row for each finding, a column for each environment; many rows are to be unfolded."""
    first, *others = (rows[:_FIRST], *(rows[start : start + _ROWS] for start in range(_FIRST, len(rows), _ROWS)))
    more = element("summary", f"{len(rows) - _FIRST:,} more")
    tables = [_table(subject, names, part) for part in others]
    return join(_table(subject, names, first), element("details", more, tables, class_="more") if others else None)


def cells(values: Mapping[str, Shown]) -> dict[str, Markup]:
    """Show each environment's value, and mark the part in which it differs from the others."""
    texts = side_by_side(values)
    head, tail = _common([texts[name] for name, value in values.items() if not isinstance(value, Special | Word)])
    return {name: _cell(values[name], shown, head, tail) for name, shown in texts.items()}


def _table(subject: str, names: Sequence[str], rows: Sequence[Row]) -> Markup:
    head = element("tr", element("th", subject, scope="col"), (element("th", one_line(name), scope="col") for name in names))
    body = element("tbody", (_row(names, row) for row in rows))
    return element("div", element("table", element("thead", head), body), class_="values stacked" if len(names) > _COLUMNS else "values")


def _row(names: Sequence[str], row: Row) -> Markup:
    shown = cells(row.values)
    columns = (_column(name, shown.get(name, Markup("")), alone=name == row.alone) for name in names)
    return element("tr", element("th", row.label, scope="row"), columns, **row.attributes)


def _column(name: str, shown: Markup, *, alone: bool) -> Markup:
    flag = element("span", "stands alone", class_="flag") if alone else None
    return element("td", element("div", spaced(shown, flag)), data_label=one_line(name), class_="alone" if alone else None)


def _cell(value: Shown, shown: str, head: int, tail: int) -> Markup:
    match value:
        case Special():
            return element("span", shown, class_="special")
        case Word():
            return element("span", shown, class_="word")
    end = len(shown) - tail
    if (head or tail) and head < end:
        return code(shown[:head], element("mark", shown[head:end]), shown[end:])
    return code(shown)


def _common(texts: Sequence[str]) -> tuple[int, int]:
    """Count the characters with which all texts begin, and with which they end, without cutting a word or a number."""
    head = _whole(texts, common_length(texts))
    ends = [text[head:][::-1] for text in texts]
    return head, _whole(ends, common_length(ends))


def _whole(texts: Sequence[str], count: int) -> int:
    """Step back to where no text has a word on both sides."""
    while count and any(text[count - 1].isalnum() and text[count : count + 1].isalnum() for text in texts):
        count -= 1
    return count
