"""From the resources of a service to its cards: one a block, each at the upper left corner until a panel places it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from paritycheck.inert import inert
from paritycheck.reporters.picture.geometry import Box, Card, Cell
from paritycheck.topology import Band, Node, Service

CARD = 216
"""Width of a card."""
LINE = 22
"""Height of a card's title."""
_GAP = 5
_CHIP = 17
_SQUARE = 10
_SPACE = 4
_LETTER = 6.3
"""Width of most letters, roughly: fonts differ."""
_BOLD = 1.09
"""How much wider bold letters are."""
_MOST_CHIPS = 30
_MOST_BESIDE = 4
"""Squares that stand in the line of the title."""
_FORMER = ("cloudwatch_event", "db", "lb", "pipes", "scheduler", "sfn")
"""Starts of types' names that stand for a service under another name than its own."""
_NAMELESS = frozenset({"this", "main", "default", "self"})
"""Names that say nothing of a block beyond its type."""

Numbered = tuple[int, Node]
"""A node and its place in the topology."""


def build_cards(service: Service, nodes: Sequence[Numbered]) -> list[Card]:
    """Return the cards of a service's resources, in the order in which they stand below each other."""
    types = {node.type for _, node in nodes}
    ranked = sorted(nodes, key=lambda each: _rank(each, types))
    blocks = [list(members) for _, members in groupby(ranked, key=lambda each: each[1].block)]
    return [_card(members, labeled=service.band is not Band.SUPPORT and _is_main(members[0][1], types)) for members in blocks]


def _is_main(node: Node, types: Iterable[str]) -> bool:
    return node.mode == "managed" and root_type(node.type, types) == node.type


def root_type(type_name: str, types: Iterable[str]) -> str:
    """Return the type that another one only adds to, by its name: `aws_sqs_queue` for `aws_sqs_queue_policy`."""
    return min((each for each in types if type_name == each or type_name.startswith(f"{each}_")), key=len, default=type_name)


def kind_of(node: Node) -> str:
    """Return a type without its provider and, where something is left, its service: `queue` for `aws_sqs_queue`."""
    words = node.type.split("_")[1:] or [node.type]
    rest = "_".join(words)
    known = next((start for start in _FORMER if rest.startswith(f"{start}_")), "")
    if known:
        return rest.removeprefix(f"{known}_").replace("_", " ")
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


def _card(members: Sequence[Numbered], *, labeled: bool) -> Card:
    place, first = members[0]
    if len(members) == 1 and not first.key:
        box = Box(0, 0, CARD, LINE)
        return Card(first.block, box, *_titles(first, CARD - 18), (Cell(place, box, ""),))
    if labeled and len(members) <= _MOST_CHIPS:
        cells, room = _chips(members), CARD - 18.0
    elif len(members) <= _MOST_BESIDE:
        cells, room = _squares_beside(members), CARD - 22.0 - len(members) * (_SQUARE + _SPACE)
    else:
        cells, room = _squares(members), CARD - 18.0
    height = max(cells[-1].box.bottom + _GAP, LINE)
    count = f" \u00d7{len(members)}" if height > LINE and len(members) > 1 else ""
    title, kind = _titles(first, room - width_of(count))
    return Card(first.block, Box(0, 0, CARD, height), title, f"{kind}{count}".strip(), tuple(cells))


def _titles(node: Node, room: float) -> tuple[str, str]:
    """Return a card's title and kind, each cut so that they do not meet; the mark of a state has to go before them."""
    kind, name = ("", kind_of(node)) if node.name in _NAMELESS else (kind_of(node), node.name)
    if node.module:
        name = f"{node.module.removeprefix('module.')} / {name}"
    room -= 3 * _LETTER
    title = cut(name, max(room - width_of(kind), room * (0.65 if kind else 1)) / _BOLD)
    return title, cut(kind, room - width_of(title) * _BOLD)


def _chips(members: Sequence[Numbered]) -> list[Cell]:
    """Set chips with their keys side by side, as many as a line takes."""
    left, right = 6.0, CARD - 6.0
    x, y = left, float(LINE)
    cells = []
    for place, node in members:
        label = cut(node.key, right - left - 12)
        width = width_of(label) + 12
        if x > left and x + width > right:
            x, y = left, y + _CHIP + _SPACE
        cells.append(Cell(place, Box(x, y, width, _CHIP), label))
        x += width + _SPACE
    return cells


def _squares(members: Sequence[Numbered]) -> list[Cell]:
    step = _SQUARE + _SPACE
    columns = (CARD - 12 + _SPACE) // step
    places = (divmod(number, columns) for number in range(len(members)))
    return [
        Cell(place, Box(6 + column * step, LINE + row * step, _SQUARE, _SQUARE), "")
        for (place, _), (row, column) in zip(members, places, strict=True)
    ]


def _squares_beside(members: Sequence[Numbered]) -> list[Cell]:
    start = CARD - 4 - len(members) * (_SQUARE + _SPACE)
    top = (LINE - _SQUARE) / 2
    return [Cell(place, Box(start + number * (_SQUARE + _SPACE), top, _SQUARE, _SQUARE), "") for number, (place, _) in enumerate(members)]


def cut(text: str, room: float) -> str:
    """Return as much of a text as there is room for, made inert."""
    text = inert(text[:200])
    if width_of(text) <= room:
        return text
    while text and width_of(text) + 2 * _LETTER > room:
        text = text[:-1]
    return f"{text}\u2026"


def width_of(text: str) -> float:
    """Return about how wide a text is."""
    narrow, wide = len(re.findall(r"[ijlft.,:/ |()\[\]]", text)), len(re.findall(r"[mwA-Z@\u0100-\U0010ffff]", text))
    return (len(text) - 0.45 * narrow + 0.4 * wide) * _LETTER
