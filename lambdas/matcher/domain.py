"""Who gets an order: the formula beside `matching` in `tap_stack.tf`, pure, with the time and the workloads passed in."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shared.geo import cell_of, distance_km
from shared.matching import NO_SURGE, POSITION_SECONDS, Candidate, MatchRequest, Rules

BATCH = 100
"""Drivers whose workloads are asked for at once: as many as one BatchGetItem takes."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A driver within the radius whose position is fresh."""

    driver_id: str
    distance_km: float
    """From the driver to the restaurant."""
    zone: str


@dataclass(frozen=True, slots=True)
class Search:
    """Who is left of a request's candidates, and why the others are not."""

    prospects: tuple[Prospect, ...]
    stale: int
    outside: int


@dataclass(frozen=True, slots=True)
class Score:
    """What speaks against a driver, weighted, in whole millionths: the less, the better."""

    distance: int
    workload: int
    price: int
    total: int
    """The sum, rounded once: rounded parts may add up to a millionth more or less."""


@dataclass(frozen=True, slots=True)
class Match:
    """A driver who may have the order, and how he compares."""

    prospect: Prospect
    workload: int
    multiplier: Decimal
    score: Score

    @property
    def order(self) -> tuple[int, int, float, str]:
        """What matches are sorted by: of equal scores less work wins, then the shorter way, then the id."""
        return self.score.total, self.workload, self.prospect.distance_km, self.prospect.driver_id


def find_prospects(request: MatchRequest, rules: Rules, now_ms: int) -> Search:
    """Return the candidates that may be matched; of a driver who is named more than once, the newest position counts."""
    newest: dict[str, Candidate] = {}
    for candidate in request.candidates:
        other = newest.get(candidate.driver_id)
        if other is None or _age(other) < _age(candidate):
            newest[candidate.driver_id] = candidate
    fresh = [candidate for candidate in newest.values() if now_ms - candidate.recorded_at <= POSITION_SECONDS * 1000]
    radius_km = float(rules.radius_km)
    prospects = [
        Prospect(candidate.driver_id, kilometers, cell_of(place))
        for candidate in fresh
        if (kilometers := distance_km(place := candidate.place, request.pickup)) <= radius_km
    ]
    prospects.sort(key=lambda prospect: prospect.driver_id)
    return Search(tuple(prospects), stale=len(newest) - len(fresh), outside=len(fresh) - len(prospects))


def score(kilometers: float, workload: int, multiplier: Decimal, rules: Rules) -> Score:
    """Return what speaks against a driver so far away, with so many orders, where prices are multiplied so."""
    distance = rules.weights.distance * Decimal(kilometers) / rules.radius_km
    work = rules.weights.workload * workload / rules.max_active_orders
    price = rules.weights.price * (multiplier - 1) / (rules.surge.limit - 1)
    return Score(*(_round(part * 1_000_000) for part in (distance, work, price, distance + work + price)))


def rank(
    prospects: Sequence[Prospect],
    multipliers: Mapping[str, Decimal],
    rules: Rules,
    read_workloads: Callable[[Sequence[str]], Mapping[str, int]],
) -> Iterator[Match]:
    """Yield the drivers with room for one more order, the best first.

    Workloads are read for the drivers who would be best if they had none, and for more only while one of those may still
    be better than the best that is known: among thousands, most are never asked for.
    """
    waiting = _sort_as_idle(prospects, multipliers, rules)
    next_best = next(waiting, None)
    known: list[tuple[tuple[int, int, float, str], Match]] = []
    while next_best or known:
        while next_best and (not known or next_best.score.total <= known[0][1].score.total):
            batch = [match.prospect for match in (next_best, *itertools.islice(waiting, BATCH - 1))]
            next_best = next(waiting, None)
            workloads = read_workloads([prospect.driver_id for prospect in batch])
            for prospect in batch:
                workload = workloads.get(prospect.driver_id, 0)
                if workload < rules.max_active_orders:
                    match = _match(prospect, max(workload, 0), multipliers, rules)
                    heapq.heappush(known, (match.order, match))
        if known:
            yield heapq.heappop(known)[1]


def multiplier_of(zone: str, multipliers: Mapping[str, Decimal], rules: Rules) -> Decimal:
    """Return a zone's price multiplier, within its limits."""
    return min(max(multipliers.get(zone, NO_SURGE), NO_SURGE), rules.surge.limit)


def measure_trip(match: Match, request: MatchRequest) -> Decimal:
    """Return the kilometers that the driver is paid for, to the meter: to the restaurant, and from there to the customer."""
    kilometers = match.prospect.distance_km + distance_km(request.pickup, request.destination)
    return Decimal(kilometers).quantize(Decimal("0.001"), ROUND_HALF_UP)


def _sort_as_idle(prospects: Sequence[Prospect], multipliers: Mapping[str, Decimal], rules: Rules) -> Iterator[Match]:
    """Yield the drivers in the order that they would have without any work, and score those alone who are asked for.

    Within a zone the multiplier is the same, so that there the nearest are the best.
    """
    zones: dict[str, list[Prospect]] = defaultdict(list)
    for prospect in sorted(prospects, key=lambda prospect: (prospect.distance_km, prospect.driver_id)):
        zones[prospect.zone].append(prospect)
    scored = [(_match(prospect, 0, multipliers, rules) for prospect in zone) for zone in zones.values()]
    return heapq.merge(*scored, key=_order)


def _age(candidate: Candidate) -> tuple[int, float, float]:
    """What a driver's positions are sorted by, the oldest first."""
    return candidate.recorded_at, candidate.latitude, candidate.longitude


def _match(prospect: Prospect, workload: int, multipliers: Mapping[str, Decimal], rules: Rules) -> Match:
    multiplier = multiplier_of(prospect.zone, multipliers, rules)
    return Match(prospect, workload, multiplier, score(prospect.distance_km, workload, multiplier, rules))


def _order(match: Match) -> tuple[int, int, float, str]:
    return match.order


def _round(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))
