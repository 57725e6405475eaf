"""The life of an order."""

from itertools import pairwise

import pytest
from shared.orders import STAGES, Status, may_follow


def test_an_order_goes_through_every_status_once() -> None:
    orders = [Status.PLACED, Status.ASSIGNED, Status.ACCEPTED, Status.PICKED_UP, Status.DELIVERED]

    assert all(may_follow(after, before) for before, after in pairwise(orders))


@pytest.mark.parametrize("status", Status)
def test_no_status_follows_itself_or_comes_after_delivery(status: Status) -> None:
    assert not may_follow(status, status)
    assert not may_follow(status, Status.DELIVERED)


def test_an_order_can_be_picked_up_though_the_restaurant_never_said_that_it_accepts() -> None:
    assert may_follow(Status.PICKED_UP, Status.ASSIGNED)


def test_the_stages_are_those_that_the_stack_publishes() -> None:
    assert ("placed", "assigned", "picked_up", "delivered") == STAGES
