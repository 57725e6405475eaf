"""The picture as SVG: self-contained, without a script; colors are variables, so that a page can give it its own."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from paritycheck.findings import Report
from paritycheck.inert import inert, shorten
from paritycheck.reporters.picture.colors import DARK, LIGHT
from paritycheck.reporters.picture.geometry import Card, Cell, Curve, Panel, Picture
from paritycheck.reporters.picture.layout import MARGIN, lay_out
from paritycheck.reporters.picture.states import State, gravest, meanings, states
from paritycheck.topology import Node, Topology

_LONGEST = 300
"""Characters of an address that are written out."""
_LABEL = 60
"""Characters of a name that stands in the picture."""

_MARKS = {State.SAME: "", State.ALLOWED: "~", State.VIOLATES: "!", State.DIFFERS: "\u2260", State.MISSING: "\u2205"}
"""What tells the states apart without colors."""

_GROUND = (
    {"back": "#ffffff", "panel": "#f4f6f9", "line": "#dde2ea", "card": "#ffffff", "text": "#1c2430", "quiet": "#66717f", "edge": "#5b6b8c"},
    {"back": "#11151b", "panel": "#181e27", "line": "#2b3442", "card": "#1f2733", "text": "#e4e9f0", "quiet": "#94a1b2", "edge": "#8ea3c9"},
)
"""Colors of all but the states, for light and dark places."""

_STYLE = """
svg.topology { %(light)s font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { svg.topology { %(dark)s } }
.topology .back { fill: var(--topology-back); }
.topology .panel { fill: var(--topology-panel); stroke: var(--topology-line); }
.topology .card { fill: var(--topology-card); stroke: var(--topology-line); }
.topology text { fill: var(--topology-text); }
.topology .title { font-size: 18px; font-weight: 600; }
.topology .service { font-size: 13px; font-weight: 600; }
.topology .name { font-weight: 600; }
.topology .quiet { fill: var(--topology-quiet); }
.topology .right { text-anchor: end; }
.topology .edge { fill: none; stroke: var(--topology-edge); stroke-width: 1.1; opacity: .38; marker-end: url(#topology-end); }
.topology .end { fill: var(--topology-edge); }
.topology .cell { fill: var(--state); fill-opacity: .3; stroke: var(--state); }
.topology .chip { fill-opacity: .1; }
.topology .bar { fill: var(--state); }
.topology .missing > .cell { stroke-dasharray: 3 2; }
.topology .violates > .cell, .topology .differs > .cell, .topology .missing > .cell { fill-opacity: .4; }
.topology .mark { font-weight: 700; fill: var(--state); }
%(states)s
"""


def render_svg(report: Report, *, styled: bool = True) -> str:
    """Draw a report's topology, which it must have; one that is not styled needs `style_sheet` beside it."""
    return _Drawing(report).render(styled=styled)


def style_sheet() -> str:
    """Return how pictures look, in places that are light and dark; the same for all of them."""
    colors = [" ".join(f"--topology-{name}: {color};" for name, color in theme.items()) for theme in _themes()]
    found = "\n".join(f".topology .{state} {{ --state: var(--topology-{state}); }}" for state in State)
    return _STYLE % {"light": colors[0], "dark": colors[1], "states": found}


class _Drawing:
    def __init__(self, report: Report) -> None:
        self._topology = report.topology or Topology((), (), (), (), ())
        self._compared = report.compared
        self._told = meanings(report)
        found = states(report)
        self._states = [found[node.address] for node in self._topology.nodes]

    def render(self, *, styled: bool) -> str:
        picture = lay_out(self._topology)
        return "\n".join(self._lines(picture, styled=styled)) + "\n"

    def _lines(self, picture: Picture, *, styled: bool) -> Iterator[str]:
        width, height = _number(picture.width), _number(picture.height)
        environments = _text(shorten(", ".join(self._topology.environments), _LABEL))
        title = f"{len(self._topology.nodes)} resources and data sources in {environments}"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="topology" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            ' role="graphics-document" aria-label="Topology">'
        )
        if styled:
            yield f"<style>{style_sheet()}</style>"
        yield (
            '<defs><marker id="topology-end" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto">'
            '<path class="end" d="M0 0L6 3L0 6z"/></marker></defs>'
        )
        yield f'<rect class="back" width="{width}" height="{height}"/>'
        yield f'<text class="title" x="{MARGIN}" y="34">{title}</text>'
        yield from self._legend()
        yield from (f'<rect class="panel" {_box(panel)} rx="8"/>' for panel in picture.panels)
        yield '<g class="edges">'
        yield from map(_curve, picture.curves)
        yield "</g>"
        if picture.support is not None:
            band = f'<text class="quiet" x="{MARGIN}" y="{_number(picture.support - 12)}">'
            yield f"{band}Supporting services; references to them are not drawn</text>"
        for panel in picture.panels:
            yield from self._cards(panel)
        yield "</svg>"

    def _legend(self) -> Iterator[str]:
        x = MARGIN
        counts = {state: self._states.count(state) for state in State}
        for state in (state for state in State if self._compared or counts[state]):
            label = f"{self._told[state]} ({counts[state]})"
            yield f'<g class="legend {state}"><rect class="cell" x="{x}" y="50" width="12" height="12" rx="3"/>'
            yield f'<text x="{x + 18}" y="60">{f"{_MARKS[state]} " if _MARKS[state] else ""}{label}</text></g>'
            x += 44 + 6 * len(label)

    def _cards(self, panel: Panel) -> Iterator[str]:
        box, name = panel.box, _text(shorten(panel.service.name, _LABEL))
        yield f'<g class="cards" data-service="{name}">'
        yield f'<text class="service" x="{_number(box.x + 12)}" y="{_number(box.y + 23)}">{name}</text>'
        yield f'<text class="quiet right" x="{_number(box.right - 12)}" y="{_number(box.y + 23)}">{panel.count}</text>'
        yield from map(self._card, panel.cards)
        yield "</g>"

    def _card(self, card: Card) -> str:
        state = gravest([self._states[cell.node] for cell in card.cells])
        inner = _header(card, state)
        if card.single:
            return self._node(card.cells[0], f"block {state}", inner)
        cells = "".join(self._cell(cell) for cell in card.cells)
        return f'<g class="block {state}" data-block="{_text(shorten(card.block, _LONGEST))}">{inner}{cells}</g>'

    def _cell(self, cell: Cell) -> str:
        state = self._states[cell.node]
        if not cell.label:
            return self._node(cell, state, f'<rect class="cell" {_box(cell)} rx="2.5"/>')
        label = f'<text x="{_number(cell.box.x + 6)}" y="{_number(cell.box.y + 12.5)}">{_text(cell.label)}</text>'
        return self._node(cell, state, f'<rect class="cell chip" {_box(cell)} rx="5"/>{label}')

    def _node(self, cell: Cell, classes: str, inner: str) -> str:
        node = self._topology.nodes[cell.node]
        address = _text(shorten(node.address, _LONGEST))
        title = f"<title>{address}: {self._told[self._states[cell.node]]}{_where(node, self._topology)}</title>"
        return f'<g class="node {classes}" id="node-{cell.node}" data-address="{address}" role="graphics-symbol">{title}{inner}</g>'


def _where(node: Node, topology: Topology) -> str:
    """Say in which environments a node is, where it is not in all."""
    return "" if len(node.actions) == len(topology.environments) else f" (only in {_text(shorten(', '.join(node.actions), _LABEL))})"


def _header(card: Card, state: State) -> str:
    box = card.box
    mark = f'<tspan class="mark">{_MARKS[state]} </tspan>' if _MARKS[state] else ""
    bar = (
        ""
        if state is State.SAME
        else f'<rect class="bar" x="{_number(box.x)}" y="{_number(box.y)}" width="3" height="{_number(box.height)}" rx="1.5"/>'
    )
    beside = [cell.box.x for cell in card.cells if not card.single and cell.box.y < box.y + 10]
    end = min(beside, default=box.right) - 8
    return (
        f'<rect class="card" {_box(card)} rx="5"/>{bar}'
        f'<text x="{_number(box.x + 9)}" y="{_number(box.y + 15)}">{mark}<tspan class="name">{_text(card.title)}</tspan></text>'
        f'<text class="quiet right" x="{_number(end)}" y="{_number(box.y + 15)}">{_text(card.kind)}</text>'
    )


def _curve(curve: Curve) -> str:
    start_x, start_y, *rest = map(_number, curve.points)
    name = "edge broad" if curve.broad else "edge"
    return f'<path class="{name}" data-source="{curve.source}" data-target="{curve.target}" d="M{start_x} {start_y}C{" ".join(rest)}"/>'


def _themes() -> list[dict[str, str]]:
    return [{**ground, **colors} for ground, colors in zip(_GROUND, (LIGHT, DARK), strict=True)]


def _box(shape: Panel | Card | Cell) -> str:
    box = shape.box
    return f'x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" height="{_number(box.height)}"'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    """Return a text that XML takes, and that acts on nothing."""
    return escape(inert(text))
