"""The money: each driver's day is booked as the rules say, and paid once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.pipeline.books import Books
from tests.pipeline.discrepancies import Discrepancy, compare_sets, compare_values
from tests.pipeline.ledger import Ledger
from tests.pipeline.pay import DriverDay, pay_orders
from tests.pipeline.world import World


def audit_earnings(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """What is booked for each driver and day is what his orders bring."""
    expected = _owed(world, ledger, books)
    rows = {(row["driver_id"], str(row["delivery_date"])): row for row in books.driver_earnings}
    yield from compare_sets("earnings", expected, [(row["driver_id"], str(row["delivery_date"])) for row in books.driver_earnings])
    for (driver, date), values in expected.items():
        if (driver, date) in rows:
            yield from compare_values("earnings", f"{driver} on {date}", values, rows[driver, date])


def audit_balances(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each balance grew by what is owed, with the first settlement and not with the second one."""
    owed: dict[str, int] = defaultdict(int)
    for (driver, _), values in _owed(world, ledger, books).items():
        owed[driver] += values["total_cents"]
    profiles = {item["driver_id"]: item for item in books.driver_profiles}
    yield from compare_sets("profile", [driver.driver_id for driver in world.drivers], profiles)
    for driver, item in profiles.items():
        due = ledger.balances_before.get(driver, 0) + owed[driver]
        between, now = ledger.balances_between.get(driver, 0), int(item.get("balance_cents", 0))
        if between != due:
            yield Discrepancy("balance-differs", f"{driver} has {between} cents instead of {due}")
        if now != between:
            yield Discrepancy("paid-twice", f"{driver} got {now - between} cents with the second settlement")
        if unsettled := set(ledger.settled_days) - set(item.get("settled", ())):
            yield Discrepancy("day-not-settled", f"{driver} lacks {', '.join(sorted(unsettled))}")


def _owed(world: World, ledger: Ledger, books: Books) -> dict[DriverDay, dict[str, int]]:
    return pay_orders((item for item in books.orders if item.get("status") == "delivered"), ledger.tips, world)


AUDITS = (audit_earnings, audit_balances)
