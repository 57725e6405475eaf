"""Customers' queue: will publish notifications to the topic of the external service, which sends email, SMS and push, and file receipts."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("customer_consumer: notifying a customer is not written yet")
