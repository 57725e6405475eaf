"""sendmessage, ratings: who rates and tips, until when, and once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from websocket_message.answers import Answering
from websocket_message.handler import answer_event
from websocket_message.stores import DynamoOrders

from tests.lambdas.messaging import NOW, Send, TableOrders, connect_people, emulated_clients, make_answering, make_event, make_send


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


class TestRating:
    @pytest.mark.parametrize(("tip", "tip_cents"), [({}, 0), ({"tip_cents": 0}, 0), ({"tip_cents": 250}, 250)])
    def test_the_customer_rates_a_delivered_order_and_may_tip(
        self, send: Send, orders: TableOrders, tip: dict[str, int], tip_cents: int
    ) -> None:
        orders.put("delivered", delivery_date="2026-01-02")

        assert (200, {"type": "rating", "order_id": "o-1", "rating": 4, "tip_cents": tip_cents}) == send(
            "customer-1", "rating", order_id="o-1", rating=4, **tip
        )
        assert ("4", str(tip_cents)) == (orders.get()["rating"], orders.get()["tip_cents"])

    def test_the_first_rating_stays_and_only_its_repetition_is_welcome(self, send: Send, orders: TableOrders) -> None:
        orders.put("delivered", delivery_date="2026-01-02")
        first = send("customer-1", "rating", order_id="o-1", rating=4, tip_cents=250)

        again = send("customer-1", "rating", order_id="o-1", rating=4, tip_cents=250)
        others = [
            send("customer-1", "rating", order_id="o-1", **other)
            for other in ({"rating": 5, "tip_cents": 250}, {"rating": 4, "tip_cents": 300}, {"rating": 4})
        ]

        assert first == again
        assert [(409, "rated_already")] * 3 == [(status, told["code"]) for status, told in others]
        assert ("4", "250") == (orders.get()["rating"], orders.get()["tip_cents"])

    def test_a_tip_does_not_follow_its_rating(self, send: Send, orders: TableOrders) -> None:
        orders.put("delivered", delivery_date="2026-01-02")
        send("customer-1", "rating", order_id="o-1", rating=4)

        assert "rated_already" == send("customer-1", "rating", order_id="o-1", rating=4, tip_cents=250)[1]["code"]
        assert "0" == orders.get()["tip_cents"]

    def test_a_rating_from_before_there_were_tips_has_none(self, send: Send, dynamodb: Any, orders: TableOrders) -> None:
        orders.put("delivered", delivery_date="2026-01-02")
        dynamodb.update_item(
            TableName="orders",
            Key={"order_id": {"S": "o-1"}},
            UpdateExpression="SET rating = :four",
            ExpressionAttributeValues={":four": {"N": "4"}},
        )

        answers = [send("customer-1", "rating", order_id="o-1", rating=4, **tip)[0] for tip in ({}, {"tip_cents": 250})]

        assert [200, 409] == answers

    @pytest.mark.parametrize(
        ("delivery_date", "tip_cents", "status"),
        [
            ("2026-01-02", 250, 200),
            ("2026-01-01", 250, 409),
            ("2025-12-31", 1, 409),
            ("2026-01-01", 0, 200),
            # Another machine's clock is ahead, and past midnight.
            ("2026-01-03", 250, 200),
        ],
    )
    def test_a_tip_is_possible_until_the_end_of_the_delivery_date(
        self, send: Send, orders: TableOrders, delivery_date: str, tip_cents: int, status: int
    ) -> None:
        orders.put("delivered", delivery_date=delivery_date)

        assert status == send("customer-1", "rating", order_id="o-1", rating=4, tip_cents=tip_cents)[0]

        assert (str(tip_cents) if status == 200 else None) == orders.get().get("tip_cents")

    def test_a_late_tip_is_refused_with_its_reason_and_the_rating_alone_is_not(self, send: Send, orders: TableOrders) -> None:
        orders.put("delivered", delivery_date="2026-01-01")

        late = send("customer-1", "rating", order_id="o-1", rating=4, tip_cents=250)
        alone = send("customer-1", "rating", order_id="o-1", rating=4)

        assert late == (
            409,
            {
                "type": "error",
                "of": "rating",
                "code": "tip_late",
                "message": "A tip is possible on the day of the delivery (UTC) only; rate the order without one.",
            },
        )
        assert (200, {"type": "rating", "order_id": "o-1", "rating": 4, "tip_cents": 0}) == alone

    def test_a_tip_that_is_repeated_after_its_day_is_answered_as_before(self, answering: Answering, orders: TableOrders) -> None:
        orders.put("delivered", delivery_date="2026-01-02")
        message = make_event("customer-1", {"action": "sendmessage", "type": "rating", "order_id": "o-1", "rating": 4, "tip_cents": 250})

        answers = [answer_event(message, answering, now) for now in (NOW, NOW + timedelta(minutes=1))]

        assert [200, 200] == [answer["statusCode"] for answer in answers]
        assert answers[0] == answers[1]

    @pytest.mark.parametrize("before", ["placed", "assigned", "accepted", "picked_up"])
    def test_an_order_is_rated_after_delivery_only(self, send: Send, orders: TableOrders, before: str) -> None:
        orders.put(before)

        assert "status_wrong" == send("customer-1", "rating", order_id="o-1", rating=4)[1]["code"]

    def test_of_two_ratings_at_once_the_second_finds_the_first(self, answering: Answering, orders: TableOrders) -> None:
        orders.put("delivered")
        order = answering.orders.find("o-1")
        assert order is not None

        assert [True, False] == [answering.orders.rate(order, rating, 100 * rating) for rating in (4, 5)]
        assert ("4", "400") == (orders.get()["rating"], orders.get()["tip_cents"])

    def test_a_rating_that_meets_another_change_is_tried_again_but_not_for_ever(
        self, send: Send, orders: TableOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders.put("delivered")
        attempts: list[int] = []
        monkeypatch.setattr(DynamoOrders, "rate", lambda self, order, rating, tip_cents: attempts.append(rating))

        status, told = send("customer-1", "rating", order_id="o-1", rating=4)

        assert (503, "unavailable") == (status, told["code"])
        assert [4, 4, 4, 4] == attempts

    def test_a_table_that_cannot_be_written_is_told_as_try_again(
        self, send: Send, dynamodb: Any, orders: TableOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders.put("delivered")

        def refuse(**request: Any) -> None:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow down"}}, "UpdateItem")

        monkeypatch.setattr(dynamodb, "update_item", refuse)

        assert "unavailable" == send("customer-1", "rating", order_id="o-1", rating=4)[1]["code"]
        assert "rating" not in orders.get()
