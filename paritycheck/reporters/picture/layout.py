"""Where everything in a picture goes: pure, and the same for the same topology.

Services stand in columns, in their order from left to right and from top to bottom; those that support stand in a band below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from paritycheck.reporters.picture.cards import PANEL, build_panel
from paritycheck.reporters.picture.geometry import Box, Card, Curve, Panel, Picture
from paritycheck.topology import Band, Topology

MARGIN = 24
TOP = 84
"""Room for the title and the legend."""
_COLUMNS = 5
_GUTTER = 44
_BETWEEN = 16
_BAND = 44
"""Room above the band of supporting services, for its title."""


def lay_out(topology: Topology) -> Picture:
    """Return the picture of a topology."""
    numbered = list(enumerate(topology.nodes))
    panels = [build_panel(service, [each for each in numbered if each[1].service == service.name]) for service in topology.services]
    flow = [panel for panel in panels if panel.service.band is not Band.SUPPORT]
    support = [panel for panel in panels if panel.service.band is Band.SUPPORT]
    placed = list(_place(flow, TOP))
    bottom = max((panel.box.bottom for panel in placed), default=TOP - _BAND)
    band = bottom + _BAND if support else None
    placed += _place(support, bottom + _BAND)
    right = max((panel.box.right for panel in placed), default=0)
    height = max((panel.box.bottom for panel in placed), default=TOP)
    width = max(right, 3 * PANEL) + MARGIN
    return Picture(width, height + MARGIN, tuple(placed), tuple(_curves(topology, placed)), band)


def _place(panels: Sequence[Panel], top: float) -> Iterator[Panel]:
    x = float(MARGIN)
    for column in _columns(panels):
        y = top
        for panel in column:
            yield _moved(panel, x, y)
            y += panel.box.height + _BETWEEN
        x += PANEL + _GUTTER


def _moved(panel: Panel, x: float, y: float) -> Panel:
    return replace(panel, box=panel.box.moved(x, y), cards=tuple(_moved_card(card, x, y) for card in panel.cards))


def _moved_card(card: Card, x: float, y: float) -> Card:
    return replace(card, box=card.box.moved(x, y), cells=tuple(replace(cell, box=cell.box.moved(x, y)) for cell in card.cells))


def _columns(panels: Sequence[Panel]) -> list[Sequence[Panel]]:
    """Cut a row of panels into columns, in order, so that the highest is as low as can be."""
    heights = [panel.box.height + _BETWEEN for panel in panels]
    candidates = sorted({sum(heights[start:end]) for start in range(len(heights)) for end in range(start + 1, len(heights) + 1)})
    limit = next((height for height in candidates if len(_cut(heights, height)) <= _COLUMNS), 0)
    ends = list(accumulate(_cut(heights, limit)))
    return [panels[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _cut(heights: Sequence[float], limit: float) -> list[int]:
    """Return how many panels each column takes when none is higher than `limit`; more columns than may be where one panel is."""
    counts: list[int] = []
    filled = float("inf")
    for height in heights:
        if filled + height > limit + 0.001:
            counts.append(0)
            filled = 0
        counts[-1] += 1
        filled += height
        if height > limit:
            filled = float("inf")
    return counts if all(height <= limit for height in heights) else [1] * (_COLUMNS + 1)


def _curves(topology: Topology, panels: Sequence[Panel]) -> Iterator[Curve]:
    """Yield the curves between services of the flow, one for all that would lie on each other."""
    anchors = {number: anchor for panel in panels if panel.service.band is not Band.SUPPORT for number, anchor in _anchors(panel)}
    places = {node.address: number for number, node in enumerate(topology.nodes)}
    seen: set[tuple[Box, Box]] = set()
    for flow in topology.flows:
        source, target = places[flow.source], places[flow.target]
        boxes = anchors[source], anchors[target]
        if topology.nodes[source].service != topology.nodes[target].service and boxes not in seen:
            seen.add(boxes)
            yield Curve(source, target, _points(*boxes))


def _anchors(panel: Panel) -> Iterator[tuple[int, Box]]:
    """Yield where the curves of each node begin and end: at the sides of its card, as high as its chip, or as its title."""
    for card in panel.cards:
        for cell in card.cells:
            y, height = (cell.box.y, cell.box.height) if cell.label or card.single else (card.box.y, 22)
            yield cell.node, Box(card.box.x, y, card.box.width, height)


def _points(source: Box, target: Box) -> tuple[float, ...]:
    forward, backward = target.x > source.right, target.right < source.x
    start = source.x if backward else source.right
    end = target.x if forward else target.right
    if not forward and not backward:
        bulge = start + 30
        return start, source.middle, bulge, source.middle, bulge, target.middle, end, target.middle
    reach = max(abs(end - start) * 0.5, 40) * (1 if forward else -1)
    return start, source.middle, start + reach, source.middle, end - reach, target.middle, end, target.middle
