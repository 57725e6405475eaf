"""What a picture is made of: boxes at places, without a word on how they look."""

from __future__ import annotations

from dataclasses import dataclass, replace

from paritycheck.topology import Service


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the upper left corner of the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half of its height, from the top of the picture."""
        return self.y + self.height / 2

    def moved(self, x: float, y: float) -> Box:
        """Return the same elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def overlaps(self, other: Box) -> bool:
        """Tell whether the two have more than an edge in common."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Cell:
    """One instance of a block."""

    node: int
    """Its place in the topology."""
    box: Box
    label: str
    """Empty where there is no room for one."""


@dataclass(frozen=True, slots=True)
class Card:
    """One `resource` or `data` block, with a cell for each instance; a block of one instance is its own cell."""

    block: str
    box: Box
    title: str
    kind: str
    """What kind of resource it is; empty where the title says so."""
    cells: tuple[Cell, ...]
    """One without a label, as large as the card, where there is one instance only."""

    def moved(self, x: float, y: float) -> Card:
        """Return the same elsewhere."""
        return replace(self, box=self.box.moved(x, y), cells=tuple(replace(cell, box=cell.box.moved(x, y)) for cell in self.cells))

    @property
    def single(self) -> bool:
        """Whether the card itself is the only instance."""
        return self.cells[0].box == self.box


@dataclass(frozen=True, slots=True)
class Panel:
    """A service with the cards of its blocks."""

    service: Service
    box: Box
    cards: tuple[Card, ...]

    def moved(self, x: float, y: float) -> Panel:
        """Return the same elsewhere."""
        return replace(self, box=self.box.moved(x, y), cards=tuple(card.moved(x, y) for card in self.cards))

    @property
    def count(self) -> int:
        """How many resources it has."""
        return sum(len(card.cells) for card in self.cards)


@dataclass(frozen=True, slots=True)
class Curve:
    """A line from one card or cell to another, in the direction of the data."""

    source: int
    """A node's place in the topology; of several between the same boxes, the first."""
    target: int
    points: tuple[float, ...]
    """Start, two controls of a cubic Bezier curve, end: x and y of each."""
    broad: bool = False
    """Whether it goes from panel to panel, and stands for all that goes from one service to the other."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole topology, laid out."""

    width: float
    height: float
    panels: tuple[Panel, ...]
    curves: tuple[Curve, ...]
    support: float | None
    """Where the band of supporting services begins; `None` where there is none."""
