"""What a run leaves behind: dead letters with their reasons, log lines that are counted, and nothing about persons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.pipeline.audits.news import STAGES
from tests.pipeline.books import Books
from tests.pipeline.discrepancies import Discrepancy, compare_sets
from tests.pipeline.ledger import Ledger, Poison
from tests.pipeline.wishes import Fate
from tests.pipeline.world import World

_SIGNATURES = ("X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential", "auth_token", "password")
_FRACTION = re.compile(r"-?\d+\.\d{4,}")
_CUSTOMER = re.compile(r"customer-\d+")


def audit_run(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Nobody was answered what he should not be."""
    for problem in ledger.problems:
        yield Discrepancy("wrong-answer", problem)


def audit_dead_letters(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each queue of dead letters holds the poison that had to end there, and nothing else."""
    expected = Counter(ledger.dead_letter_queues[poison.function] for poison in list_poison(ledger))
    for queue in sorted(expected.keys() | books.dead_letters.keys()):
        wanted, there = expected[queue], books.dead_letters.get(queue, 0)
        if there != wanted:
            kind = "missing" if there < wanted else "unexpected"
            yield Discrepancy(f"dead-letter-{kind}", f"{queue} has {there} records instead of {wanted}")


def audit_reasons(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each poison was logged with its reason by the function that refused it, and nothing else was."""
    logged = {(line["function"], line.get("reason")) for line in books.logged("poison_record")}
    expected = {(poison.function, poison.reason): poison.name for poison in list_poison(ledger)}
    for where, name in expected.items():
        if where not in logged:
            yield Discrepancy("poison-without-reason", f"{name}: {where[0]} did not log {where[1]!r}")
    for function, reason in sorted(logged - expected.keys(), key=str):
        yield Discrepancy("poison-unexpected", f"{function}: {reason}")


def audit_counted_lines(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each event that a metric counts was logged once."""
    orders = [placement.order_id for placement in ledger.expected(Fate.DELIVERED)]
    stages = [(order_id, stage) for order_id in orders for stage in STAGES]
    yield from compare_sets("stage-line", stages, [(line["order_id"], line["order_stage"]) for line in books.logged("order_stage")])
    for event in ("order_matched", "order_accepted", "order_delivered"):
        yield from compare_sets(f"{event}-line", orders, [line["order_id"] for line in books.logged(event)])
    yield from compare_sets("no_driver_available-line", [], [line["order_id"] for line in books.logged("no_driver_available")])
    paid = [(row["driver_id"], str(row["delivery_date"]), int(row["total_cents"])) for row in books.driver_earnings]
    told = [(line["driver_id"], line["delivery_date"], line["amount_cents"]) for line in books.logged("driver_settled")]
    yield from compare_sets("driver_settled-line", paid, told)
    refused = sum(refusal.by_function for refusal in ledger.refusals)
    if len(books.logged("order_refused")) != refused:
        yield Discrepancy("order_refused-line", f"{len(books.logged('order_refused'))} lines for {refused} refusals")


def audit_privacy(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """No log line names a person, a place or a secret."""
    places = {str(value) for place in _places(world, ledger) for value in place}
    names = [restaurant.name for restaurant in world.restaurants]
    for line in books.logs:
        text = str(line)
        leaks = {match for match in _FRACTION.findall(text) if match in places}
        leaks |= set(_CUSTOMER.findall(text))
        leaks |= {word for word in (*_SIGNATURES, *names) if word in text}
        if leaks:
            yield Discrepancy("personal-data-in-log", f"{line.get('function')} logged {', '.join(sorted(leaks))}")


def audit_faults(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """No function met a fault that it had to be called again for: nothing was broken."""
    for line in books.logged("record_failed"):
        yield Discrepancy("record-failed", f"{line['function']}: {line.get('exception_name') or line.get('exception')}")


def list_poison(ledger: Ledger) -> Iterator[Poison]:
    """Yield what had to end in the dead letters: what was put in, and each request for an order that turned out impossible."""
    yield from ledger.poison
    for placement in ledger.expected(Fate.DEAD):
        for _ in range(placement.requests):
            yield Poison(f"order {placement.order_id}", "order_processor", placement.wish.reason)


def _places(world: World, ledger: Ledger) -> Iterator[tuple[float, float]]:
    for placement in ledger.placements.values():
        destination = placement.wish.body["destination"]
        yield destination["latitude"], destination["longitude"]
    for sighting in ledger.newest.values():
        yield sighting.place.latitude, sighting.place.longitude
    for restaurant in world.restaurants:
        yield restaurant.place.latitude, restaurant.place.longitude


AUDITS = (audit_run, audit_dead_letters, audit_reasons, audit_counted_lines, audit_privacy, audit_faults)
