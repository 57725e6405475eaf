"""What a run did and what it heard: the one side of the accounting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.pipeline.wishes import Fate, Wish
from tests.pipeline.world import Place


@dataclass(slots=True)
class Placement:
    """An order that the API took."""

    order_id: str
    wish: Wish
    told_total_cents: int
    """As the answer says."""
    requests: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that was no yes."""

    customer_id: str
    status: int
    by_function: bool
    """Whether the function refused it, not the gateway in front of it."""


@dataclass(frozen=True, slots=True)
class Poison:
    """Something that can never be processed, which the run put in."""

    name: str
    function: str
    """Which function has to refuse it."""
    reason: str
    """What its log has to say."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a customer saw on one connection, on which he followed one order."""

    customer_id: str
    order_id: str
    messages: list[dict[str, Any]]
    reports: int
    """How often meanwhile the driver, who had the order then, told where he was."""
    cut: bool = False
    """Whether the connection was lost before the order was delivered."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A driver's position."""

    place: Place
    recorded_at: int


@dataclass(slots=True)
class Ledger:
    """All of a run."""

    placements: dict[str, Placement] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)
    dead_letter_queues: dict[str, str] = field(default_factory=dict)
    """By function, the queue in which its poison has to end."""
    followings: list[Following] = field(default_factory=list)
    drivers: dict[str, set[str]] = field(default_factory=dict)
    """By order, the drivers who heard that it is theirs."""
    pushes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often an order was pushed to a driver."""
    reports: Counter[str] = field(default_factory=Counter)
    """By order, how often its driver told where he was."""
    photos: dict[str, str] = field(default_factory=dict)
    """By order, the key of its newest photo."""
    ratings: dict[str, int] = field(default_factory=dict)
    tips: dict[str, int] = field(default_factory=dict)
    newest: dict[str, Sighting] = field(default_factory=dict)
    """By driver, the newest position that he sent, whatever he sent after it."""
    settled_days: list[str] = field(default_factory=list)
    balances_before: dict[str, int] = field(default_factory=dict)
    """By driver, before the first settlement."""
    balances_between: dict[str, int] = field(default_factory=dict)
    """By driver, after the first settlement and before the second one."""
    problems: list[str] = field(default_factory=list)
    """Answers that should have been others."""

    def expected(self, fate: Fate) -> Iterator[Placement]:
        """Yield the orders that this has to come of."""
        return (placement for placement in self.placements.values() if placement.wish.fate is fate)
