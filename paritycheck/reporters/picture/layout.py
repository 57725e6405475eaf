"""Where everything in a picture goes: pure, and the same for the same topology.

Services stand in columns, in their order from left to right and from top to bottom; those that support stand in a band below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from paritycheck.reporters.picture.cards import CARD, LINE, build_cards
from paritycheck.reporters.picture.columns import arrange, split
from paritycheck.reporters.picture.geometry import Box, Card, Cell, Curve, Panel, Picture
from paritycheck.topology import Band, Service, Topology

MARGIN = 24
_TOP = 84
"""Room for the title and the legend."""
_COLUMNS = 5
_GUTTER = 44
_BETWEEN = 16
_BAND = 44
"""Room above the band of supporting services, for its title."""
_PADDING = 10
_HEADER = 36
_GAP = 5
_ENOUGH = 420
"""Height that a service may have before it takes another column."""
_MOST_CURVES = 1_500
"""Curves that an eye, and a browser, can take."""
_NARROWEST = 880
"""Width of the legend."""


def lay_out(topology: Topology) -> Picture:
    """Return the picture of a topology."""
    numbered = list(enumerate(topology.nodes))
    by_service = {service: [each for each in numbered if each[1].service == service.name] for service in topology.services}
    cards = [(service, build_cards(service, nodes)) for service, nodes in by_service.items()]
    flow = list(_place([each for each in cards if each[0].band is not Band.SUPPORT], _TOP))
    bottom = max((panel.box.bottom + _BAND for panel in flow), default=_TOP)
    support = list(_place([each for each in cards if each[0].band is Band.SUPPORT], bottom))
    panels = [*flow, *support]
    right = max((panel.box.right for panel in panels), default=0)
    height = max((panel.box.bottom for panel in panels), default=_TOP)
    width = max(right, _NARROWEST) + MARGIN
    return Picture(width, height + MARGIN, tuple(panels), tuple(_curves(topology, flow)), bottom if support else None)


def _place(services: Sequence[tuple[Service, Sequence[Card]]], top: float) -> Iterator[Panel]:
    """Yield the panels of a band, column by column."""
    heights = [_HEADER + sum(card.box.height + _GAP for card in cards) + _PADDING + _BETWEEN for _, cards in services]
    x = float(MARGIN)
    for column in arrange(heights, _COLUMNS, _ENOUGH):
        y = top
        for service, cards in services[column.start : column.end]:
            panel = _panel(service, cards, column.span)
            yield panel.moved(x, y)
            y += panel.box.height + _BETWEEN
        x += panel.box.width + _GUTTER


def _panel(service: Service, cards: Sequence[Card], span: int) -> Panel:
    """Set a service's cards in so many columns."""
    placed: list[Card] = []
    columns = split([card.box.height + _GAP for card in cards], span)
    for number, column in enumerate(columns):
        y = float(_HEADER)
        for card in cards[column.start : column.end]:
            placed.append(card.moved(_PADDING + number * (CARD + _GAP), y))
            y += card.box.height + _GAP
    width = len(columns) * (CARD + _GAP) - _GAP + 2 * _PADDING
    return Panel(service, Box(0, 0, width, max(card.box.bottom for card in placed) + _PADDING), tuple(placed))


def _curves(topology: Topology, panels: Sequence[Panel]) -> list[Curve]:
    """Return the curves between services of the flow: from cell to cell, or where that would be too many from panel to panel."""
    cells = {cell.node: _anchor(card, cell) for panel in panels for card in panel.cards for cell in card.cells}
    curves = list(_between(topology, cells))
    if len(curves) <= _MOST_CURVES:
        return curves
    titles = {panel: Box(panel.box.x, panel.box.y, panel.box.width, _HEADER) for panel in panels}
    services = {cell.node: titles[panel] for panel in panels for card in panel.cards for cell in card.cells}
    return [replace(curve, broad=True) for curve in _between(topology, services)]


def _between(topology: Topology, anchors: Mapping[int, Box]) -> Iterator[Curve]:
    """Yield a curve for each flow from one service to another, one for all that would lie on each other."""
    places = {node.address: number for number, node in enumerate(topology.nodes)}
    seen: set[tuple[Box, Box]] = set()
    for flow in topology.flows:
        source, target = places[flow.source], places[flow.target]
        boxes = anchors[source], anchors[target]
        if topology.nodes[source].service != topology.nodes[target].service and boxes not in seen:
            seen.add(boxes)
            yield Curve(source, target, _points(*boxes))


def _anchor(card: Card, cell: Cell) -> Box:
    """Return where the curves of a cell begin and end: at the sides of its card, as high as its chip, or else as the title."""
    y, height = (cell.box.y, cell.box.height) if cell.label else (card.box.y, LINE)
    return Box(card.box.x, y, card.box.width, height)


def _points(source: Box, target: Box) -> tuple[float, ...]:
    forward, backward = target.x > source.right, target.right < source.x
    start = source.x if backward else source.right
    end = target.x if forward else target.right
    if not forward and not backward:
        bulge = start + 30
        return start, source.middle, bulge, source.middle, bulge, target.middle, end, target.middle
    reach = max(abs(end - start) * 0.5, 40) * (1 if forward else -1)
    return start, source.middle, start + reach, source.middle, end - reach, target.middle, end, target.middle
