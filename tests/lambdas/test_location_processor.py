"""The location processor: which positions it keeps, where, who is shown them, and what of a batch is tried again."""

import base64
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from location_processor import handler
from location_processor.domain import Position, choose_newest, read_position
from location_processor.handler import handle, process_locations
from location_processor.settings import Settings, read_settings
from location_processor.stores import (
    Assignments,
    Channel,
    DynamoAssignments,
    DynamoLocations,
    Followers,
    Index,
    Locations,
    RedisIndex,
    Stored,
)
from location_processor.tracking import PUSH_SECONDS, Stores, track
from moto import mock_aws
from redis.cluster import RedisCluster
from redis.exceptions import ConnectionError as RedisConnectionError
from shared.connections import Connection, ConnectionIndex, ConnectionTable, Role
from shared.geo import Place
from shared.orders import PoisonError
from shared.redis import connect_redis

from tests.log_lines import reading_log
from tests.servers import RedisServer

NOW = 1_767_323_045_678
TTL = 300
ENVIRON = {
    "CONNECTIONS_TABLE": "connections",
    "ORDER_INDEX": "order_id",
    "DRIVER_LOCATIONS_TABLE": "driver_locations",
    "DRIVER_ORDERS_TABLE": "driver_orders",
    "LOCATION_TTL_SECONDS": "300",
    "TTL_ATTRIBUTE": "expires_at",
    "WEBSOCKET_URL": "https://api.execute-api.us-east-1.amazonaws.com/live",
}
SETTINGS = Settings("connections", "order_id", "driver_locations", "driver_orders", TTL, "expires_at", ENVIRON["WEBSOCKET_URL"])


def fields(**changes: Any) -> dict[str, Any]:
    """What a record holds that is valid, but for the changes."""
    return {"driver_id": "d-1", "latitude": 52.52, "longitude": 13.405, "recorded_at": NOW - 1000, "region": "berlin"} | changes


def position(**changes: Any) -> Position:
    return read_position(json.dumps(fields(**changes)).encode(), now_ms=NOW)


def batch(*payloads: object) -> dict[str, Any]:
    """A Kinesis event with a record for each payload; bytes are taken as they are."""
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "eventID": f"shardId-000000000000:{number}",
                "kinesis": {
                    "sequenceNumber": str(number),
                    "partitionKey": "d-1",
                    "data": base64.b64encode(payload if isinstance(payload, bytes) else json.dumps(payload).encode()).decode(),
                },
            }
            for number, payload in enumerate(payloads)
        ]
    }


def failed(answer: Mapping[str, Any]) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


class HeldLocations(Locations):
    """Keeps the newest positions in a mapping, as the table does; some drivers' cannot be written."""

    def __init__(self, broken: Iterable[str] = ()) -> None:
        self.positions: dict[str, Position] = {}
        self.broken = set(broken)
        self.writes = 0

    def store(self, position: Position, *, left: str | None = None) -> Stored:
        self.writes += 1
        if position.driver_id in self.broken:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "UpdateItem")
        there = self.positions.get(position.driver_id)
        if there and there.recorded_at > position.recorded_at:
            return Stored(newest=False)
        if there and there.region not in {position.region, left}:
            return Stored(newest=False, left=there.region)
        self.positions[position.driver_id] = position
        return Stored(newest=True)


class HeldIndex(Index):
    """Keeps regions in a mapping; some of them do not answer."""

    def __init__(self, down: Iterable[str] = ()) -> None:
        self.regions: dict[str, set[str]] = {}
        self.down = set(down)
        self.commands = 0

    def put(self, region: str, positions: Iterable[Position]) -> None:
        self._answer(region)
        self.regions.setdefault(region, set()).update(position.driver_id for position in positions)

    def remove(self, region: str, driver_id: str) -> None:
        self._answer(region)
        self.regions.get(region, set()).discard(driver_id)

    def _answer(self, region: str) -> None:
        self.commands += 1
        if region in self.down:
            raise RedisConnectionError("down")


class HeldAssignments(Assignments):
    """Every driver brings the order that has his number."""

    def find_active(self, driver_id: str) -> list[str]:
        return [driver_id.replace("d-", "o-")]


class HeldFollowers(Followers):
    """Every order has the same number of followers."""

    def __init__(self, count: int = 1) -> None:
        self.count = count

    def find(self, value: str, *, now: int) -> list[Connection]:
        return [Connection(f"{value}/{number}", "c-1", Role.CUSTOMER, "", value) for number in range(self.count)]


class HeldChannel(Channel):
    """Keeps what is sent; some connections are gone, and some fail."""

    def __init__(self, gone: Iterable[str] = (), failing: Mapping[str, Exception] | None = None) -> None:
        self.sent: dict[str, Mapping[str, Any]] = {}
        self.gone = set(gone)
        self.failing = failing or {}

    def push(self, connection_id: str, message: Mapping[str, Any]) -> bool:
        if connection_id in self.failing:
            raise self.failing[connection_id]
        if connection_id in self.gone:
            return False
        self.sent[connection_id] = message
        return True


class Held:
    """All the stores, in memory."""

    def __init__(self, **parts: Any) -> None:
        self.locations = parts.get("locations", HeldLocations())
        self.index = parts.get("index", HeldIndex())
        self.channel = parts.get("channel", HeldChannel())
        self.stores = Stores(self.locations, self.index, HeldAssignments(), parts.get("followers", HeldFollowers()), self.channel)

    def process(self, *payloads: object) -> dict[str, Any]:
        return process_locations(batch(*payloads), SETTINGS, self.stores, now_ms=NOW)


class TestPosition:
    def test_a_position_is_read(self) -> None:
        assert Position("d-1", Place(52.52, 13.405), NOW - 1000, "berlin") == position()

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"driver_id": ""}, "invalid_driver_id"),
            ({"driver_id": 7}, "invalid_driver_id"),
            ({"driver_id": "d\n1"}, "invalid_driver_id"),
            ({"region": "{berlin}"}, "invalid_region"),
            ({"region": None}, "invalid_region"),
            ({"latitude": 90.001}, "invalid_latitude"),
            ({"latitude": True}, "invalid_latitude"),
            ({"latitude": "52.5"}, "invalid_latitude"),
            ({"longitude": -180.001}, "invalid_longitude"),
            ({"longitude": float("nan")}, "invalid_longitude"),
            ({"longitude": 10**400}, "invalid_longitude"),
            ({"recorded_at": 1.5}, "invalid_recorded_at"),
            ({"recorded_at": 0}, "invalid_recorded_at"),
            ({"recorded_at": NOW + 60_001}, "recorded_in_the_future"),
        ],
    )
    def test_an_impossible_position_is_refused_with_its_reason(self, changes: dict[str, Any], expected: str) -> None:
        with pytest.raises(PoisonError) as refused:
            position(**changes)

        assert expected == str(refused.value)

    @pytest.mark.parametrize("changes", [{"recorded_at": NOW + 60_000}, {"latitude": 90, "longitude": -180}, {"region": "köln"}])
    def test_the_limits_themselves_are_taken(self, changes: dict[str, Any]) -> None:
        assert position(**changes)

    @given(st.binary() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
    def test_whatever_else_comes_is_refused(self, data: bytes) -> None:
        with pytest.raises(PoisonError):
            read_position(data, now_ms=NOW)

    def test_deep_nesting_is_refused(self) -> None:
        with pytest.raises(PoisonError, match="not_json"):
            read_position(b"[" * 100_000, now_ms=NOW)

    def test_customers_are_told_where_their_order_is_and_not_who_brings_it(self) -> None:
        expected = {"type": "driver_location", "order_id": "o-1", "latitude": 52.52, "longitude": 13.405, "recorded_at": NOW - 1000}

        assert expected == position().to_message("o-1")

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), min_size=1))
    def test_the_newest_position_of_each_driver_counts(self, told: list[tuple[str, int]]) -> None:
        chosen = choose_newest(position(driver_id=driver, recorded_at=NOW - age) for driver, age in told)

        assert {driver: NOW - min(age for other, age in told if other == driver) for driver, _ in told} == {
            driver: newest.recorded_at for driver, newest in chosen.items()
        }


class TestBatch:
    def test_a_position_is_kept_indexed_and_shown(self) -> None:
        held = Held()

        assert [] == failed(held.process(fields()))
        assert {"d-1": position()} == held.locations.positions
        assert {"berlin": {"d-1"}} == held.index.regions
        assert {"o-1/0": position().to_message("o-1")} == held.channel.sent

    def test_only_the_newest_position_of_a_driver_is_written(self) -> None:
        held = Held()

        held.process(*(fields(recorded_at=NOW - age) for age in (3000, 1000, 2000)))

        assert (1, NOW - 1000) == (held.locations.writes, held.locations.positions["d-1"].recorded_at)

    def test_a_region_is_indexed_by_one_command(self) -> None:
        held = Held()

        held.process(*(fields(driver_id=f"d-{number}", region=f"r-{number % 2}") for number in range(100)))

        assert 2 == held.index.commands
        assert 100 == len(held.channel.sent)

    def test_an_older_position_than_the_known_one_is_not_shown(self) -> None:
        held = Held()
        held.process(fields())
        held.channel.sent.clear()

        assert [] == failed(held.process(fields(recorded_at=NOW - 2000)))
        assert {} == held.channel.sent
        assert position() == held.locations.positions["d-1"]

    def test_an_expired_position_is_dropped_with_a_count(self) -> None:
        held = Held()
        with reading_log(handler.logger) as log:
            answer = held.process(fields(recorded_at=NOW - 300_001), fields(driver_id="d-2", recorded_at=NOW - 300_000))

        assert [] == failed(answer)
        assert {"d-2"} == held.locations.positions.keys()
        assert 1 == log.of("positions_processed")[0]["expired"]

    def test_poison_fails_alone_and_is_logged_with_its_reason(self) -> None:
        held = Held()
        with reading_log(handler.logger) as log:
            answer = held.process(b"{", fields(), fields(driver_id="d-2", latitude=91), b"\xff")

        assert ["0", "2", "3"] == failed(answer)
        assert {"d-1"} == held.locations.positions.keys()
        assert [("0", "not_json"), ("2", "invalid_latitude"), ("3", "not_json")] == [
            (line["record_id"], line["reason"]) for line in log.of("poison_record")
        ]

    def test_data_that_are_not_base64_are_poison(self) -> None:
        event = batch(fields())
        event["Records"][0]["kinesis"]["data"] = "x"

        assert ["0"] == failed(process_locations(event, SETTINGS, Held().stores, now_ms=NOW))

    def test_a_driver_who_cannot_be_written_fails_alone(self) -> None:
        held = Held(locations=HeldLocations(broken=["d-2"]))

        answer = held.process(fields(), fields(driver_id="d-2", recorded_at=NOW - 5000), fields(driver_id="d-2"), fields(driver_id="d-3"))

        assert ["2"] == failed(answer)
        assert {"berlin": {"d-1", "d-3"}} == held.index.regions
        assert {"o-1/0", "o-3/0"} == held.channel.sent.keys()

    def test_a_region_whose_shard_is_down_fails_alone_and_is_shown_all_the_same(self) -> None:
        held = Held(index=HeldIndex(down=["berlin"]))

        assert ["0"] == failed(held.process(fields(), fields(driver_id="d-2", region="bonn")))
        assert {"o-1/0", "o-2/0"} == held.channel.sent.keys()

    def test_a_retry_does_what_was_left_to_do(self) -> None:
        held = Held(index=HeldIndex(down=["berlin"]))
        held.process(fields())
        held.index.down.clear()

        assert [] == failed(held.process(fields()))
        assert {"berlin": {"d-1"}} == held.index.regions

    def test_a_driver_who_changes_region_leaves_the_old_one(self) -> None:
        held = Held()

        held.process(fields(recorded_at=NOW - 2000))
        held.process(fields(region="bonn"))

        assert {"berlin": set(), "bonn": {"d-1"}} == held.index.regions

    def test_a_region_that_cannot_be_left_yet_is_left_by_the_retry(self) -> None:
        held = Held()
        held.process(fields(recorded_at=NOW - 2000))
        held.index.down.add("berlin")

        assert ["0"] == failed(held.process(fields(region="bonn")))
        assert "berlin" == held.locations.positions["d-1"].region

        held.index.down.clear()

        assert [] == failed(held.process(fields(region="bonn")))
        assert {"berlin": set(), "bonn": {"d-1"}} == held.index.regions

    @given(
        told=st.lists(st.tuples(st.sampled_from(["d-1", "d-2"]), st.integers(0, 9), st.sampled_from(["berlin", "bonn"])), min_size=1),
        cuts=st.sets(st.integers(1, 20)),
    )
    def test_the_newest_stays_in_one_region_whatever_the_order_and_the_batches(
        self, told: list[tuple[str, int, str]], cuts: set[int]
    ) -> None:
        held = Held()
        payloads = [fields(driver_id=driver, recorded_at=NOW - age, region=region) for driver, age, region in told]
        bounds = [0, *sorted(cut for cut in cuts if cut < len(payloads)), len(payloads)]

        for start, end in pairwise(bounds):
            assert [] == failed(held.process(*payloads[start:end]))

        for driver, kept in held.locations.positions.items():
            assert NOW - min(age for other, age, _ in told if other == driver) == kept.recorded_at
            assert [kept.region] == [region for region, drivers in held.index.regions.items() if driver in drivers]

    @pytest.mark.parametrize(
        "error",
        [
            ClientError({"Error": {"Code": "LimitExceededException"}}, "PostToConnection"),
            ReadTimeoutError(endpoint_url="https://api.invalid"),
        ],
    )
    def test_a_failing_connection_fails_nothing_else(self, error: Exception) -> None:
        held = Held(followers=HeldFollowers(3), channel=HeldChannel(gone=["o-1/1"], failing={"o-1/0": error}))
        with reading_log(handler.logger) as log:
            answer = held.process(fields())

        assert [] == failed(answer)
        assert {"o-1/2"} == held.channel.sent.keys()
        (line,) = log.of("positions_processed")
        assert (1, 1, 1) == (line["pushed"], line["gone"], line["unsent"])

    def test_messages_end_in_time_though_the_api_hangs(self) -> None:
        held = Held(followers=HeldFollowers(10))
        seconds = iter([0.0, *[1.0] * 4, *[PUSH_SECONDS] * 6])

        outcome = track([position()], held.stores, now_ms=NOW, clock=lambda: next(seconds))

        assert {"stored": 1, "pushed": 4, "unsent": 6} == outcome.counts

    def test_drivers_are_written_at_once(self) -> None:
        both = threading.Barrier(2, timeout=5)

        class Waiting(HeldLocations):
            def store(self, position: Position, *, left: str | None = None) -> Stored:
                both.wait()
                return super().store(position, left=left)

        assert [] == failed(Held(locations=Waiting()).process(fields(), fields(driver_id="d-2")))

    def test_logs_tell_counts_and_no_place_and_no_person(self) -> None:
        held = Held(locations=HeldLocations(broken=["d-2"]))
        with reading_log(handler.logger) as log:
            held.process(fields(recorded_at=NOW - 2000), fields(), fields(driver_id="d-2"), fields(latitude=52.52, longitude=191.405))

        (line,) = log.of("positions_processed")
        assert {
            "received": 4,
            "stored": 1,
            "superseded": 1,
            "expired": 0,
            "outdated": 0,
            "failed": 2,
            "pushed": 1,
            "gone": 0,
            "unsent": 0,
        } == {name: value for name, value in line.items() if isinstance(value, int)}
        assert [] == [secret for secret in ("52.52", "13.405", "191.405", "d-1", "d-2", "o-1", "berlin") if secret in log.text]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of DynamoDB with the three tables, empty."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        dynamodb = boto3.client("dynamodb")
        for table, key in [("driver_locations", ["driver_id"]), ("driver_orders", ["driver_id", "order_id"])]:
            make_table(dynamodb, table, key)
        index = {
            "IndexName": "order_id",
            "KeySchema": [{"AttributeName": "order_id", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
        make_table(dynamodb, "connections", ["connection_id"], ["order_id"], GlobalSecondaryIndexes=[index])
        yield dynamodb


def make_table(dynamodb: Any, name: str, key: list[str], others: Iterable[str] = (), **options: Any) -> None:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": part, "KeyType": kind} for part, kind in zip(key, ("HASH", "RANGE"), strict=False)],
        AttributeDefinitions=[{"AttributeName": part, "AttributeType": "S"} for part in (*key, *others)],
        BillingMode="PAY_PER_REQUEST",
        **options,
    )


def locations(dynamodb: Any) -> DynamoLocations:
    return DynamoLocations(dynamodb, "driver_locations", ttl_attribute="expires_at", ttl_seconds=TTL)


def noted(driver_id: str = "d-1") -> dict[str, Any]:
    item: dict[str, Any] = boto3.resource("dynamodb").Table("driver_locations").get_item(Key={"driver_id": driver_id})["Item"]
    return item


class TestDynamoLocations:
    def test_a_position_is_noted_with_its_cell_and_its_end(self, aws: Any) -> None:
        assert Stored(newest=True) == locations(aws).store(position())
        assert {
            "driver_id": "d-1",
            "latitude": Decimal("52.52"),
            "longitude": Decimal("13.405"),
            "region": "berlin",
            "geohash5": "u33dc",
            "recorded_at": NOW - 1000,
            "expires_at": (NOW - 1000) // 1000 + 300,
        } == noted()

    def test_a_newer_position_is_never_overwritten(self, aws: Any) -> None:
        store = locations(aws)
        ages = [3000, 1000, 2000, 1000, 500]

        assert [True, True, False, True, True] == [store.store(position(recorded_at=NOW - age)).newest for age in ages]
        assert NOW - 500 == noted()["recorded_at"]

    def test_another_region_is_told_before_anything_is_written(self, aws: Any) -> None:
        store = locations(aws)
        store.store(position(recorded_at=NOW - 2000))

        assert Stored(newest=False, left="berlin") == store.store(position(region="bonn"))
        assert "berlin" == noted()["region"]
        assert Stored(newest=True) == store.store(position(region="bonn"), left="berlin")
        assert "bonn" == noted()["region"]

    def test_an_older_position_in_another_region_is_just_old(self, aws: Any) -> None:
        store = locations(aws)
        store.store(position())

        assert Stored(newest=False) == store.store(position(region="bonn", recorded_at=NOW - 2000))


class TestDynamoAssignments:
    def test_active_orders_are_found_and_nothing_else(self, aws: Any) -> None:
        table = boto3.resource("dynamodb").Table("driver_orders")
        table.put_item(Item={"driver_id": "d-1", "order_id": "#workload", "active_order_count": 2, "active_orders": {"o-1", "o-2"}})
        table.put_item(Item={"driver_id": "d-1", "order_id": "o-3", "status": "done"})
        table.put_item(Item={"driver_id": "d-2", "order_id": "#workload", "active_order_count": 0, "reserved_count": 1})
        assignments = DynamoAssignments(aws, "driver_orders")

        assert [["o-1", "o-2"], [], []] == [assignments.find_active(driver) for driver in ("d-1", "d-2", "d-3")]


class TestRedisIndex:
    def test_drivers_are_found_by_distance(self, redis_client: RedisCluster) -> None:
        index = RedisIndex(lambda: redis_client)

        index.put("berlin", [position(), position(driver_id="d-2", latitude=52.53), position(driver_id="d-3", latitude=48.1)])
        index.put("berlin", [position(driver_id="d-3", latitude=52.521)])
        index.remove("berlin", "d-2")

        found = redis_client.geosearch("geo:{berlin}", longitude=13.405, latitude=52.52, radius=5, unit="km", sort="ASC")
        assert ["d-1", "d-3"] == found

    def test_who_is_nearer_to_a_pole_than_the_index_reaches_is_left_out_alone(self, redis_client: RedisCluster) -> None:
        index = RedisIndex(lambda: redis_client)
        index.put("north", [position(driver_id="d-2", latitude=85)])

        index.put("north", [position(latitude=85.05112878), position(driver_id="d-2", latitude=90)])

        assert ["d-1"] == redis_client.zrange("geo:{north}", 0, -1)

    def test_a_cluster_that_is_down_fails_the_positions_after_they_are_stored_and_shown(self) -> None:
        environ = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1", "REDIS_SECRET_ARN": "arn"}
        held = Held(index=RedisIndex(lambda: connect_redis(environ, lambda arn: {"auth_token": "token"})))

        assert ["0", "1"] == failed(held.process(fields(), fields(driver_id="d-2", region="bonn")))
        assert {"d-1", "d-2"} == held.locations.positions.keys()
        assert {"o-1/0", "o-2/0"} == held.channel.sent.keys()

    def test_redis_is_not_asked_without_a_reason(self) -> None:
        def connect() -> Any:
            raise AssertionError("nobody called")

        RedisIndex(connect).put("berlin", [])


def follow(dynamodb: Any, driver_id: str, order_id: str, connection_id: str, *, seconds: int = 60) -> None:
    """Have a driver bring an order, and a connection follow it for some seconds."""
    carried = {"driver_id": driver_id, "order_id": "#workload", "active_orders": {order_id}}
    boto3.resource("dynamodb").Table("driver_orders").put_item(Item=carried)
    connection = Connection(connection_id, "c-1", Role.CUSTOMER, "2026-01-02T03:04:05.678Z", order_id)
    ConnectionTable(dynamodb, "connections").remember(connection, ttl_attribute="expires_at", expires_at=NOW // 1000 + seconds)


def test_a_batch_of_a_shard_goes_through_real_stores(aws: Any, redis_client: RedisCluster) -> None:
    """Positions of many drivers, out of order and over two batches, with a customer who follows one of them."""
    follow(aws, "d-7", "o-7", "c=")
    follow(aws, "d-7", "o-7", "old=", seconds=-60)
    channel = HeldChannel()
    followers = ConnectionIndex(aws, "connections", "order_id", key="order_id", ttl_attribute="expires_at")
    stores = Stores(locations(aws), RedisIndex(lambda: redis_client), DynamoAssignments(aws, "driver_orders"), followers, channel)
    newer = [fields(driver_id=f"d-{number}", recorded_at=NOW - 100 * number, latitude=52.5) for number in range(20)]
    older = [fields(driver_id=f"d-{number}", recorded_at=NOW - 100 * number - 50, latitude=0) for number in range(20)]

    answers = [process_locations(batch(*half, *other), SETTINGS, stores, now_ms=NOW) for half, other in ((newer, older[:10]), (older, ()))]

    assert [[], []] == [failed(answer) for answer in answers]
    assert {Decimal("52.5")} == {noted(f"d-{number}")["latitude"] for number in range(20)}
    assert 20 == len(redis_client.geosearch("geo:{berlin}", longitude=13.405, latitude=52.5, radius=1, unit="km"))
    assert {"c=": position(**newer[7]).to_message("o-7")} == channel.sent


@pytest.fixture
def environment(aws: Any, redis_cluster: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The function's environment, at the time of the positions, before its first call."""
    secret = boto3.client("secretsmanager").create_secret(Name="redis", SecretString=redis_cluster.secret)["ARN"]
    for name, value in (ENVIRON | redis_cluster.environ(secret)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(handler.time, "time_ns", lambda: NOW * 1_000_000)
    handler._connect.cache_clear()
    yield
    handler._connect.cache_clear()


def test_the_entry_point_connects_by_its_environment(aws: Any, environment: None, redis_client: RedisCluster) -> None:
    follow(aws, "d-1", "o-1", "c=")

    with reading_log(handler.logger) as log:
        answer = handle(batch(fields()), None)

    assert [] == failed(answer)
    assert 1 == log.of("positions_processed")[0]["pushed"]
    assert ["d-1"] == redis_client.zrange("geo:{berlin}", 0, -1)


def test_a_connection_that_is_gone_is_forgotten(aws: Any, environment: None, redis_client: RedisCluster) -> None:
    follow(aws, "d-1", "o-1", "c=")
    channel: Any = handler._connect()[1].channel

    with Stubber(channel._management) as stubber, reading_log(handler.logger) as log:
        stubber.add_client_error("post_to_connection", "GoneException", http_status_code=410)
        answer = handle(batch(fields()), None)

    assert [] == failed(answer)
    assert 1 == log.of("positions_processed")[0]["gone"]
    assert 0 == aws.scan(TableName="connections")["Count"]


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        assert SETTINGS == read_settings(ENVIRON)

    @pytest.mark.parametrize("name", ENVIRON)
    def test_a_missing_setting_is_named(self, name: str) -> None:
        with pytest.raises(KeyError, match=name):
            read_settings({other: value for other, value in ENVIRON.items() if other != name})
