"""sendmessage, assignments: what drivers hear of their orders when they ask."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from driver_consumer.domain import read_assignment
from shared.order_events import OrderEvent
from shared.orders import Status
from websocket_message.answers import Answering
from websocket_message.stores import DynamoOrders, Orders

from tests.lambdas.messaging import NOW_TEXT, Send, TableOrders, connect_people, emulated_clients, make_answering, make_send


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, Any]]:
    with emulated_clients() as clients:
        yield clients


@pytest.fixture
def dynamodb(aws: dict[str, Any]) -> Any:
    """A client that sees the tables; a customer, a driver and strangers are connected, and nothing else is there."""
    connect_people(aws["dynamodb"])
    return aws["dynamodb"]


@pytest.fixture
def answering(aws: dict[str, Any], dynamodb: Any) -> Answering:
    return make_answering(aws)


@pytest.fixture
def send(answering: Answering) -> Send:
    return make_send(answering)


@pytest.fixture
def orders(dynamodb: Any) -> TableOrders:
    return TableOrders(dynamodb)


class TestAssignments:
    def test_a_driver_who_connects_again_hears_of_his_orders(self, send: Send, orders: TableOrders) -> None:
        orders.load(active=2)
        details = {
            "restaurant_id": "r-1",
            "pickup": {"latitude": Decimal("52.5"), "longitude": Decimal("13.4")},
            "destination": {"latitude": Decimal("52.52"), "longitude": Decimal("13.405")},
            "preparation_minutes": 12,
            "distance_km": Decimal("1.25"),
            "surge": Decimal("1.50"),
            "assigned_at": NOW_TEXT,
        }
        orders.assign("driver-1", "o-1", status="accepted", **details)
        orders.assign("driver-1", "o-2", status="picked_up", restaurant_id="r-2", total_cents=900)

        status, told = send("driver-1", "assignments")

        assert (200, "assignments") == (status, told["type"])
        assert [
            {
                "order_id": "o-1",
                "status": "accepted",
                "restaurant_id": "r-1",
                "pickup": {"latitude": 52.5, "longitude": 13.4},
                "destination": {"latitude": 52.52, "longitude": 13.405},
                "preparation_minutes": 12,
                "distance_km": 1.25,
                "surge": 1.5,
                "assigned_at": NOW_TEXT,
            },
            {"order_id": "o-2", "status": "picked_up", "restaurant_id": "r-2"},
        ] == told["assignments"]

    def test_a_listed_order_is_told_like_the_one_that_is_pushed(self, send: Send, orders: TableOrders) -> None:
        order = {"order_id": "o-1", "driver_id": "driver-1", "customer_id": "customer-1", "restaurant_id": "r-1", "distance_km": 2}
        orders.assign(**order)
        pushed = read_assignment(OrderEvent(Status.ASSIGNED, order)).message()

        (listed,) = send("driver-1", "assignments")[1]["assignments"]

        assert pushed | {"type": "assignments", "status": "assigned"} == listed | {"type": "assignments"}

    def test_orders_of_others_and_orders_that_are_over_are_not_listed(self, send: Send, orders: TableOrders) -> None:
        orders.assign("driver-1", "o-0")
        orders.assign("driver-1", "o-1", assignment="done", status="delivered")
        orders.assign("driver-2", "o-2")

        assert ["o-0"] == [order["order_id"] for order in send("driver-1", "assignments")[1]["assignments"]]

    def test_an_order_that_changes_while_the_list_is_made_is_left_out(self, send: Send, dynamodb: Any, orders: TableOrders) -> None:
        orders.assign("driver-1", "o-1", status="delivered")
        orders.assign("driver-1", "o-2")
        orders.assign("driver-1", "o-3")
        dynamodb.delete_item(TableName="orders", Key={"order_id": {"S": "o-2"}})

        assert ["o-3"] == [order["order_id"] for order in send("driver-1", "assignments")[1]["assignments"]]

    def test_an_order_that_has_come_to_another_driver_is_left_out(self, send: Send, dynamodb: Any, orders: TableOrders) -> None:
        orders.assign("driver-1", "o-1")
        orders.assign("driver-2", "o-1")

        assert (200, {"type": "assignments", "assignments": []}) == send("driver-1", "assignments")

    def test_a_driver_without_orders_hears_so(self, send: Send) -> None:
        assert (200, {"type": "assignments", "assignments": []}) == send("driver-1", "assignments")

    def test_a_delivered_order_is_no_longer_found(self, answering: Answering, send: Send, orders: TableOrders) -> None:
        orders.put("picked_up")
        orders.load(active=1, assignment="active")

        before = answering.orders.find_assigned("driver-1")
        send("driver-1", "delivered", order_id="o-1")

        assert (["o-1"], []) == (before, answering.orders.find_assigned("driver-1"))

    def test_a_table_that_fails_is_told_as_try_again(self, send: Send, dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(self: Orders, driver_id: str) -> None:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "arn:aws:dynamodb"}}, "Query")

        monkeypatch.setattr(DynamoOrders, "find_assigned", fail)

        status, told = send("driver-1", "assignments")

        assert (503, "unavailable") == (status, told["code"])
