"""The rules of `parity.yaml`, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from paritycheck.errors import Location


class Order(StrEnum):
    """How values must run from the first environment to the last."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True, slots=True)
class AllowRule:
    """One permitted kind of difference; everything else is denied."""

    id: str
    resources: tuple[str, ...]
    """Patterns of addresses; `*` matches within them, indexes included. `output.NAME` addresses an output."""
    attributes: tuple[str, ...]
    """Patterns of attribute paths; indexes may be left out; a pattern covers everything below its match."""
    reason: str
    """Why; without one the rule is a proposal, and permits nothing yet."""
    order: Order | None = None
    min: float | None = None
    max: float | None = None
    one_of: tuple[object, ...] = ()
    environments: tuple[str, ...] = ()
    """Environments whose value may stand apart; empty for any of them."""
    owner: str | None = None
    expires: date | None = None
    """Last day on which the rule allows anything."""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ProtectRule:
    """Something that may never differ, whatever the allow rules say."""

    id: str
    resources: tuple[str, ...]
    attributes: tuple[str, ...]
    """Patterns as in `AllowRule`; `*` for the whole resource."""
    reason: str
    location: Location | None = None
