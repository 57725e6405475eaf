"""An explanation for a terminal: the values, what rules say of them, where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paritycheck.allowlist import AllowRule, ProtectRule
from paritycheck.explanation import Explanation
from paritycheck.reporters.console.page import draw_page
from paritycheck.reporters.interface import Style
from paritycheck.reporters.prose import one_line, sentence, shown_place
from paritycheck.reporters.values import literal, side_by_side, stands_alone
from paritycheck.topology import Attribute

_SHOWN = 20
"""Attributes, and neighbors, that are shown unless all are asked for."""


def draw_explanation(explanation: Explanation, style: Style) -> str:
    """Draw an explanation, as a whole page."""
    return draw_page(_parts(explanation, style), style)


def _parts(explanation: Explanation, style: Style) -> Iterator[RenderableType]:
    limit = None if style.verbose else _SHOWN
    dot = "." if explanation.path else ""
    yield Text.assemble((one_line(f"{explanation.address}{dot}{explanation.path}"), "bold"), f"  {shown_place(explanation.location)}")
    yield ""
    if explanation.actions and not explanation.path:
        yield _indented(Text(_planned(explanation)))
        yield ""
    for attribute in explanation.attributes[:limit]:
        yield from _values(attribute, explanation, style)
    yield from _more(len(explanation.attributes), limit, "attributes")
    standing = list(_standing(explanation))
    yield from (_indented(Text(text)) for text in standing)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    sections: Sequence[tuple[str, Sequence[str]]] = (
        ("From", [f"{shown_place(step.location)}  {one_line(step.message)}" for step in explanation.steps]),
        ("Rules", [_rule(rule) for rule in explanation.rules]),
        ("Uses", _neighbors(explanation.uses, limit)),
        ("Used by", _neighbors(explanation.users, limit)),
    )
    for heading, lines in sections:
        for number, line in enumerate(lines):
            grid.add_row("" if number else heading, Text(line))
    if grid.row_count:
        yield from [""] if standing else []
        yield _indented(grid)


def _planned(explanation: Explanation) -> str:
    actions = {one_line(action) for action in explanation.actions.values()}
    missing = [one_line(name) for name in explanation.environments if name not in explanation.actions]
    if len(actions) == 1:
        planned = f"Planned: {actions.pop()}"
    else:
        planned = "Planned: " + ", ".join(f"{one_line(action)} in {one_line(name)}" for name, action in explanation.actions.items())
    return planned + (f"; missing in {', '.join(missing)}." if missing else ".")


def _values(attribute: Attribute, explanation: Explanation, style: Style) -> Iterator[RenderableType]:
    """Show one attribute: a line for each environment, or one line for all that agree."""
    if attribute.path != explanation.path:
        yield _indented(Text(one_line(attribute.path), "bold"))
    values: Mapping[str, str] = side_by_side(attribute.values) or {_everywhere(explanation): literal(attribute.value)}
    odd = stands_alone(attribute.values)
    mark = "\N{BLACK RIGHT-POINTING SMALL TRIANGLE} " if style.unicode else "> "
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for name, text in values.items():
        alone = name == odd
        grid.add_row(Text((mark if alone else "  ") + one_line(name), "bold red" if alone else ""), Text(text, "bold red" if alone else ""))
    yield _indented(grid)
    yield ""


def _everywhere(explanation: Explanation) -> str:
    return "everywhere" if len(explanation.environments) > 1 else "".join(explanation.environments)


def _standing(explanation: Explanation) -> Iterator[str]:
    """Say whether it is the same, allowed, or a finding."""
    for finding in explanation.findings:
        path = f"{one_line(finding.path)}: " if finding.path != explanation.path else ""
        yield f"{finding.severity.value}: {finding.rule}: {path}{sentence(finding.message)}"
    for allowed in explanation.allowed:
        path = f"{one_line(allowed.path)} is " if allowed.path != explanation.path else ""
        yield f"{path}allowed by {one_line(allowed.allow)!r}: {one_line(allowed.reason)}"
    if explanation.equal:
        owners = " that has it" if explanation.actions and explanation.actions.keys() < {*explanation.environments} else ""
        yield f"{explanation.equal:,} attributes are the same in every environment{owners}."
    elif explanation.path and not (explanation.findings or explanation.allowed) and len(explanation.environments) > 1:
        yield "It is the same in every environment, but for the environment's own name."


def _rule(rule: AllowRule | ProtectRule) -> str:
    kind = "allow" if isinstance(rule, AllowRule) else "protect"
    reason = one_line(rule.reason) if rule.reason else "no reason yet: it permits nothing"
    return f"{kind} {one_line(rule.id)}  {shown_place(rule.location)}  {reason}"


def _neighbors(addresses: Sequence[str], limit: int | None) -> list[str]:
    more = len(addresses) - len(addresses[:limit])
    return [one_line(address) for address in addresses[:limit]] + ([f"and {more} more: --verbose shows them"] if more else [])


def _more(count: int, limit: int | None, what: str) -> Iterator[RenderableType]:
    if limit is not None and count > limit:
        yield _indented(Text(f"and {count - limit} more {what}: --verbose shows them"))
        yield ""


def _indented(part: RenderableType) -> RenderableType:
    return Padding(part, (0, 0, 0, 2))
