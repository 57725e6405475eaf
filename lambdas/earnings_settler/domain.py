"""What is booked and paid: pure.

Two stores have to agree, and no transaction spans them. First Aurora's driver_earnings says what a driver's day brings,
then DynamoDB's driver_profiles adds it to the balance, under the condition that the day is not among the settled ones
yet. Whoever dies between the two leaves a day that is booked and not paid: it is not settled, so the next try, or the
next run, calculates it again, finds the same booking, and pays. The other way round, a day would be paid and marked as
settled, and nobody would come back to book it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.earnings import Earnings, InvalidEarningsError, UnknownEarnings, read_day


class EarningsDifferError(Exception):
    """Some drivers' days are booked already, with other earnings: a person must say which ones are right."""


class EarningsUnknownError(Exception):
    """What some drivers' days bring is not known: the calculator's log says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some drivers' earnings of one day."""

    delivery_date: str
    earnings: tuple[Earnings, ...]
    unknown: tuple[UnknownEarnings, ...] = ()
    """The days that nobody can be paid for yet."""

    @property
    def cents(self) -> int:
        """What all of them are paid."""
        return sum(each.total_cents for each in self.earnings)

    @property
    def to_book(self) -> tuple[Earnings, ...]:
        """The days with orders; one without them is settled, so that nobody asks again, but nothing is booked for it."""
        return tuple(each for each in self.earnings if each.orders)


def read_group(event: Mapping[str, object]) -> Group:
    """Return the group in an event; raise `InvalidEarningsError` for one that must not be paid as it stands."""
    date = event.get("delivery_date")
    values = event.get("earnings")
    if not isinstance(date, str) or not isinstance(values, list):
        raise InvalidEarningsError("a group must have a delivery_date and earnings")
    days = [read_day(value) for value in values]
    if any(each.delivery_date != date for each in days):
        raise InvalidEarningsError("a group must be of one day")
    if len({each.driver_id for each in days}) < len(days):
        raise InvalidEarningsError("a group must name each driver once")
    return Group(
        date,
        earnings=tuple(each for each in days if isinstance(each, Earnings)),
        unknown=tuple(each for each in days if isinstance(each, UnknownEarnings)),
    )


def split_booked(group: Group, booked: Sequence[Earnings]) -> tuple[list[Earnings], list[Earnings]]:
    """Return the days that are booked as they were calculated, and those that are booked otherwise."""
    by_driver = {each.driver_id: each for each in booked}
    equal: list[Earnings] = []
    differing: list[Earnings] = []
    for each in group.earnings:
        expected = each if each.orders else None
        (equal if by_driver.get(each.driver_id) == expected else differing).append(each)
    return equal, differing
