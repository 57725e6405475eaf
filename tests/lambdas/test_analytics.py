"""Analytics: every delivered order is recorded and counted once, whatever comes how often and in which order."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from analytics import handler
from analytics.domain import Delivered, read_delivered
from analytics.stores import COUNTED_SECONDS, AuroraRecords, Ratings, Records, RedisRatings
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st
from pymysql.err import OperationalError
from redis.cluster import RedisCluster
from redis.exceptions import ConnectionError as RedisConnectionError
from shared.aurora import Aurora
from shared.orders import PoisonError

from tests.lambdas.settling import SECRET_ARN, create_tables
from tests.servers import AuroraServer, RedisServer

VALUES = st.none() | st.booleans() | st.text(max_size=5) | st.decimals(allow_nan=True) | st.lists(st.text(max_size=3), max_size=2)


def image(**changes: Any) -> dict[str, Any]:
    """A delivered order as the table holds it, but for the changes; None takes a field away."""
    values = {
        "order_id": "o-1",
        "restaurant_id": "r-1",
        "region": "berlin",
        "driver_id": "anna",
        "customer_id": "c-1",
        "status": "delivered",
        "placed_at": "2026-03-01T12:00:00.000+00:00",
        "delivered_at": "2026-03-01T12:25:30.000+00:00",
        "total_cents": Decimal(900),
        "surge": Decimal("1.25"),
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def record(new: dict[str, Any] | None = None, number: int = 1) -> dict[str, Any]:
    """A record of the stream."""
    return {
        "eventID": f"e-{number}",
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "SequenceNumber": str(number),
            "NewImage": {name: TypeSerializer().serialize(value) for name, value in (new or image()).items()},
        },
    }


def batch(*images: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [record(each, number) for number, each in enumerate(images, 1)]}


def failed(answer: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


class ListedRecords(Records):
    """Keeps the orders in a list, and fails for some."""

    def __init__(self, *faulty: str) -> None:
        self.faulty = faulty
        self.orders: list[str] = []

    def record(self, delivered: Delivered) -> None:
        self.orders.append(delivered.order_id)
        if delivered.order_id in self.faulty:
            raise OperationalError(2013, "Lost connection")


class SetRatings(Ratings):
    """Counts each order once."""

    def __init__(self) -> None:
        self.counted: set[str] = set()

    def count(self, delivered: Delivered) -> bool:
        first = delivered.order_id not in self.counted
        self.counted.add(delivered.order_id)
        return first


class TestDomain:
    def test_an_image_becomes_a_delivered_order(self) -> None:
        delivered = read_delivered(image(rating=Decimal(4), tip_cents=Decimal(150)))

        assert ("o-1", "r-1", 900, 150, 4) == (
            delivered.order_id,
            delivered.restaurant_id,
            delivered.total_cents,
            delivered.tip_cents,
            delivered.rating,
        )
        assert (1530, Decimal("25.50")) == (delivered.seconds, delivered.minutes)

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"status": "picked_up"}, "not delivered"),
            ({"order_id": None}, "order_id"),
            ({"restaurant_id": "r\n"}, "restaurant_id"),
            ({"driver_id": Decimal(1)}, "driver_id"),
            ({"placed_at": "yesterday"}, "placed_at"),
            ({"placed_at": "2026-03-01T12:00:00"}, "placed_at"),
            ({"delivered_at": None}, "delivered_at"),
            ({"delivered_at": "2026-03-01T11:59:59.000+00:00"}, "before"),
            ({"total_cents": Decimal("1.5")}, "total_cents"),
            ({"total_cents": Decimal(-1)}, "total_cents"),
            ({"tip_cents": Decimal(2**31)}, "tip_cents"),
            ({"surge": Decimal("0.5")}, "surge"),
            ({"rating": Decimal(0)}, "rating"),
            ({"rating": Decimal(6)}, "rating"),
            ({"rating": "5"}, "rating"),
        ],
    )
    def test_what_cannot_be_true_is_poison_with_its_reason(self, changes: dict[str, Any], reason: str) -> None:
        with pytest.raises(PoisonError, match=reason):
            read_delivered(image(**changes))

    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(image(rating=0), VALUES)))
    def test_whatever_comes_is_an_order_or_poison(self, changes: dict[str, Any]) -> None:
        try:
            outcome: object = read_delivered({**image(), **changes})
        except PoisonError as error:
            outcome = str(error)

        assert outcome


class TestHandler:
    def test_every_order_is_recorded_and_logged_once(self, caplog: pytest.LogCaptureFixture) -> None:
        records, ratings = ListedRecords(), SetRatings()
        with caplog.at_level("INFO"):
            answer = handler.analyze(batch(image(), image(), image(rating=Decimal(5))), records, ratings)

        (line,) = caplog.records
        keys = ("event", "order_id", "restaurant_id", "delivery_minutes")
        assert ([], ["o-1"] * 3) == (failed(answer), records.orders)
        assert ["order_delivered", "o-1", "r-1", 25.5] == [getattr(line, key) for key in keys]
        assert float is type(line.delivery_minutes)  # type: ignore[attr-defined]

    def test_poison_fails_alone_and_says_why(self, caplog: pytest.LogCaptureFixture) -> None:
        records = ListedRecords()
        answer = handler.analyze(batch(image(rating=Decimal(9)), image(order_id="o-2")), records, SetRatings())

        assert (["1"], ["o-2"]) == (failed(answer), records.orders)
        assert [("poison_record", "rating is not a whole number from 1 to 5")] == [
            (line.event, line.reason)  # type: ignore[attr-defined]
            for line in caplog.records
            if line.levelname == "ERROR"
        ]

    @pytest.mark.parametrize(
        "broken", [{}, {"NewImage": {"status": {"N": "x"}}}, {"NewImage": {"status": {"S": None}}}, {"NewImage": {"status": 5}}]
    )
    def test_a_record_that_cannot_be_read_is_poison(self, broken: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
        event = {"Records": [record() | {"dynamodb": {"SequenceNumber": "1", **broken}}]}

        assert ["1"] == failed(handler.analyze(event, ListedRecords(), SetRatings()))
        assert ["poison_record"] == [line.event for line in caplog.records]  # type: ignore[attr-defined]

    def test_after_a_fault_nothing_more_is_tried(self) -> None:
        records = ListedRecords("o-2")
        images = [image(order_id=f"o-{number}") for number in range(1, 5)]

        assert ["2", "3", "4"] == failed(handler.analyze(batch(*images), records, SetRatings()))
        assert ["o-1", "o-2"] == records.orders


class TestStores:
    @pytest.fixture(autouse=True)
    def stores(self, aurora: AuroraServer, database: str, redis_client: RedisCluster) -> Iterator[None]:
        create_tables(aurora, database)
        self.aurora = Aurora(aurora.environ(SECRET_ARN, database), lambda arn: json.loads(aurora.secret))
        self.redis = redis_client
        self.records, self.ratings = AuroraRecords(self.aurora), RedisRatings(redis_client)
        yield
        self.aurora.close()

    def analyze(self, *images: dict[str, Any]) -> list[str]:
        return failed(handler.analyze(batch(*images), self.records, self.ratings))

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        with self.aurora.connection().cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)} FROM analytics_orders ORDER BY order_id")
            return [tuple(row.values()) for row in cursor.fetchall()]

    def counts(self, restaurant: str = "r-1") -> dict[str, int]:
        return {name: int(value) for name, value in self.redis.hgetall(f"rating:{{{restaurant}}}").items()}

    def test_a_row_holds_what_was_delivered(self) -> None:
        assert [] == self.analyze(image(tip_cents=Decimal(150)))
        assert [("o-1", "r-1", "berlin", "anna", Decimal("25.50"), 900, 150, Decimal("1.25"), None)] == self.rows(
            "order_id", "restaurant_id", "region", "driver_id", "delivery_minutes", "total_cents", "tip_cents", "surge", "rating"
        )
        assert [("2026-03-01 12:00:00", "2026-03-01 12:25:30")] == [
            tuple(str(value)[:19] for value in row) for row in self.rows("placed_at", "delivered_at")
        ]

    def test_a_delivery_and_its_rating_count_once_each_however_often_they_come(self) -> None:
        delivered, rated = image(), image(rating=Decimal(4))

        for _ in range(2):
            assert [] == self.analyze(delivered, rated, delivered)
        assert {"deliveries": 1, "delivery_seconds": 1530, "ratings": 1, "rating_sum": 4} == self.counts()
        assert [("o-1", 4)] == self.rows("order_id", "rating")

    @pytest.mark.parametrize(
        "changes",
        [
            {"placed_at": "0001-01-01T00:00:00.000+00:00"},
            {"delivered_at": "9999-12-31T23:59:59.999+00:00"},
            {"restaurant_id": "}", "order_id": "o-2"},
        ],
    )
    def test_what_the_stores_can_never_take_is_poison_and_stops_nobody_else(
        self, changes: dict[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        assert ["1"] == self.analyze(image(**changes), image())
        assert ["poison_record"] == [line.event for line in caplog.records if line.levelname != "INFO"]  # type: ignore[attr-defined]
        assert 1 == self.counts()["deliveries"]

    def test_a_rating_that_overtakes_its_delivery_stays(self) -> None:
        assert [] == self.analyze(image(rating=Decimal(4)))
        assert [] == self.analyze(image())
        assert ({"deliveries": 1, "delivery_seconds": 1530, "ratings": 1, "rating_sum": 4}, [(4,)]) == (self.counts(), self.rows("rating"))

    def test_a_tip_that_comes_with_the_rating_is_recorded_and_stays(self) -> None:
        delivered, rated = image(), image(rating=Decimal(4), tip_cents=Decimal(250))

        assert [] == self.analyze(delivered)
        assert [(None, 0)] == self.rows("rating", "tip_cents")
        for _ in range(2):
            assert [] == self.analyze(rated, delivered)
            assert [(4, 250)] == self.rows("rating", "tip_cents")

    def test_each_restaurant_has_its_own_sums(self) -> None:
        strange = "r-{2}:ü <b>"
        self.analyze(
            image(),
            image(order_id="o-2", rating=Decimal(5)),
            image(order_id="o-3", rating=Decimal(2), restaurant_id=strange),
        )

        assert {"deliveries": 2, "delivery_seconds": 3060, "ratings": 1, "rating_sum": 5} == self.counts()
        assert {"deliveries": 1, "delivery_seconds": 1530, "ratings": 1, "rating_sum": 2} == self.counts(strange)

    def test_markers_expire_and_sums_do_not(self) -> None:
        self.analyze(image())

        assert -1 == self.redis.ttl("rating:{r-1}")
        assert COUNTED_SECONDS - 5 < self.redis.ttl("rating:{r-1}:delivered:o-1") <= COUNTED_SECONDS

    def test_redis_down_after_the_row_is_written_counts_the_next_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: Any) -> None:
            raise RedisConnectionError("Connection refused")

        with monkeypatch.context() as patch:
            patch.setattr(self.redis, "eval", refuse)
            assert ["1"] == self.analyze(image())
        assert ([("o-1",)], {}) == (self.rows("order_id"), self.counts())

        assert [] == self.analyze(image())
        assert ([("o-1",)], 1) == (self.rows("order_id"), self.counts()["deliveries"])

    def test_aurora_lost_in_mid_batch_is_found_again_and_nothing_counts_twice(self) -> None:
        images = [image(order_id=f"o-{number}") for number in range(3)]
        self.analyze(images[0])
        with self.aurora.connection().cursor() as cursor:
            cursor.execute("SELECT CONNECTION_ID() AS id")
            (row,) = cursor.fetchall()
            with pytest.raises(OperationalError):
                cursor.execute(f"KILL {row['id']}")

        assert [] == self.analyze(*images)
        assert (3, 3) == (len(self.rows("order_id")), self.counts()["deliveries"])


def test_the_entry_point_connects_on_the_first_call(
    aurora: AuroraServer, database: str, redis_cluster: RedisServer, redis_client: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_tables(aurora, database)
    secrets = {SECRET_ARN: aurora.secret, "redis": redis_cluster.secret}
    monkeypatch.setattr(handler, "Aurora", lambda environ: Aurora(environ, lambda arn: json.loads(secrets[arn])))
    connect = handler.connect_redis
    monkeypatch.setattr(handler, "connect_redis", lambda environ: connect(environ, lambda arn: json.loads(secrets[arn])))
    for name, value in {**aurora.environ(SECRET_ARN, database), **redis_cluster.environ("redis")}.items():
        monkeypatch.setenv(name, value)
    handler._connect.cache_clear()

    assert [] == failed(handler.handle(batch(image()), None))
    assert "1" == redis_client.hget("rating:{r-1}", "deliveries")
    handler._connect.cache_clear()
