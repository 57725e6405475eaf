"""From the resources of a service to its panel: one card a block, at places counted from the panel's corner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from paritycheck.inert import inert
from paritycheck.reporters.picture.geometry import Box, Card, Cell, Panel
from paritycheck.topology import Band, Node, Service

PANEL = 236
"""Width of a panel."""
_PADDING = 10
_HEADER = 36
_GAP = 5
_LINE = 22
"""Height of a card without cells."""
_CHIP = 17
_SQUARE = 10
_SPACE = 4
_LETTER = 6.0
"""Width of a letter, roughly."""
_MOST_CHIPS = 30
_NAMELESS = frozenset({"this", "main", "default", "self"})
"""Names that say nothing of a block beyond its type."""

Numbered = tuple[int, Node]
"""A node and its place in the topology."""


def build_panel(service: Service, nodes: Sequence[Numbered]) -> Panel:
    """Lay out the cards of a service below each other."""
    types = {node.type for _, node in nodes}
    blocks = [list(found) for _, found in groupby(sorted(nodes, key=lambda each: _rank(each, types)), key=lambda each: each[1].block)]
    cards: list[Card] = []
    y = float(_HEADER)
    for members in blocks:
        main = service.band is not Band.SUPPORT and root_type(members[0][1].type, types) == members[0][1].type
        card = _card(members, y, labeled=main and members[0][1].mode == "managed")
        cards.append(card)
        y = card.box.bottom + _GAP
    return Panel(service, Box(0, 0, PANEL, y - _GAP + _PADDING), tuple(cards))


def root_type(type_name: str, types: Iterable[str]) -> str:
    """Return the type that another one only adds to, by its name: `aws_sqs_queue` for `aws_sqs_queue_policy`."""
    return min((each for each in types if type_name == each or type_name.startswith(f"{each}_")), key=len, default=type_name)


def kind_of(node: Node) -> str:
    """Return a type without its provider and, where something is left, its service: `queue` for `aws_sqs_queue`."""
    words = node.type.split("_")[1:] or [node.type]
    service = re.sub(r"[^a-z0-9]", "", node.service.lower())
    for count in range(1, len(words)):
        if "".join(words[:count]).startswith(service):
            words = words[count:]
            break
    return " ".join(words)


def _rank(each: Numbered, types: Iterable[str]) -> tuple[object, ...]:
    """Put what adds to a type after it, and data sources last; instances stay as they are."""
    place, node = each
    root = root_type(node.type, types)
    return node.mode != "managed", root, node.type != root, node.block, place


def _card(members: Sequence[Numbered], y: float, *, labeled: bool) -> Card:
    first = members[0][1]
    title, kind = _titles(first)
    width = PANEL - 2 * _PADDING
    if len(members) == 1 and not first.key:
        box = Box(_PADDING, y, width, _LINE)
        return Card(first.block, box, title, kind, (Cell(members[0][0], box, ""),))
    chips = labeled and len(members) <= _MOST_CHIPS
    cells = _chips(members, y + _LINE) if chips else _squares(members, y + _LINE)
    height = cells[-1].box.bottom + _GAP - y
    return Card(first.block, Box(_PADDING, y, width, height), title, kind, tuple(cells))


def _titles(node: Node) -> tuple[str, str]:
    kind = kind_of(node)
    name = kind if node.name in _NAMELESS else node.name
    if node.module:
        name = f"{node.module.removeprefix('module.')} / {name}"
    kind = "" if node.name in _NAMELESS else kind
    room = (PANEL - 2 * _PADDING - 20) / _LETTER
    title = cut(name, max(room - len(kind) - 1, room * 0.6))
    return title, cut(kind, room - len(title) - 1)


def _chips(members: Sequence[Numbered], y: float) -> list[Cell]:
    """Set chips with their keys side by side, as many as a line takes."""
    right = PANEL - 2 * _PADDING
    x = start = _PADDING + 6.0
    cells = []
    for place, node in members:
        label = cut(node.key, (right - start) / _LETTER - 3)
        width = len(label) * _LETTER + 12
        if x > start and x + width > right + 4:
            x, y = start, y + _CHIP + _SPACE
        cells.append(Cell(place, Box(x, y, width, _CHIP), label))
        x += width + _SPACE
    return cells


def _squares(members: Sequence[Numbered], y: float) -> list[Cell]:
    columns = int((PANEL - 2 * _PADDING - 12 + _SPACE) // (_SQUARE + _SPACE))
    step = _SQUARE + _SPACE
    places = (divmod(number, columns) for number in range(len(members)))
    return [
        Cell(place, Box(_PADDING + 6 + column * step, y + row * step, _SQUARE, _SQUARE), "")
        for (place, _), (row, column) in zip(members, places, strict=True)
    ]


def cut(text: str, room: float) -> str:
    """Return at most as many characters as there is room for, made inert."""
    text = inert(text[:200])
    return text if len(text) <= room else f"{text[: max(int(room) - 1, 0)]}\u2026"
