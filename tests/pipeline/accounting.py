"""The accounting of a run: everything that should be there is, once, and nothing else; whatever is not so is named.

One side is the ledger, which says what people did and heard, the other one the books, which say what the stores hold.
Nothing of the functions' code is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.pipeline.audits import drivers, money, news, orders, traces
from tests.pipeline.books import Books
from tests.pipeline.discrepancies import Discrepancy
from tests.pipeline.ledger import Ledger
from tests.pipeline.wishes import Fate
from tests.pipeline.world import World

Audit = Callable[[World, Ledger, Books], Iterator[Discrepancy]]

AUDITS: tuple[Audit, ...] = (
    *orders.AUDITS,
    *drivers.AUDITS,
    *news.AUDITS,
    *money.AUDITS,
    *traces.AUDITS,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the accounting found."""

    discrepancies: tuple[Discrepancy, ...]
    orders: int
    """Accounted for: placed, and delivered once."""
    refused: int
    """Requests that were refused, as they had to be."""
    poison: int
    """Records that had to end in the dead letters, and did."""
    paid_cents: int
    paid_days: int
    """How many days of drivers were paid."""

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.discrepancies

    def names(self) -> Counter[str]:
        """Return how often each kind of discrepancy was found."""
        return Counter(discrepancy.name for discrepancy in self.discrepancies)

    def __str__(self) -> str:
        """Tell all of it, one line each."""
        return "\n".join(map(str, self.discrepancies)) or "everything is accounted for"


def account(world: World, ledger: Ledger, books: Books) -> Report:
    """Hold the books against the ledger."""
    found = tuple(discrepancy for audit in AUDITS for discrepancy in audit(world, ledger, books))
    delivered = Counter(item["order_id"] for item in books.orders if item.get("status") == "delivered")
    return Report(
        discrepancies=found,
        orders=sum(delivered[placement.order_id] == 1 for placement in ledger.expected(Fate.DELIVERED)),
        refused=len(ledger.refusals),
        poison=sum(books.dead_letters.values()),
        paid_cents=sum(int(row["total_cents"]) for row in books.driver_earnings),
        paid_days=len(books.driver_earnings),
    )
