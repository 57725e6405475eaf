"""The order processor: what it keeps, whom it finds, what it charges, and that it may be repeated."""

import base64
import io
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from order_processor.domain import MAX_CANDIDATES, Profile, make_item, price, read_order, survey
from order_processor.handler import Processor, _connect, handle, process_orders
from order_processor.profiles import AuroraProfiles, CachedProfiles, Profiles
from order_processor.settings import read_settings
from order_processor.stores import DynamoDrivers, DynamoOrders, LambdaMatching, Matching, RedisZones
from redis.cluster import RedisCluster
from shared.aurora import Aurora
from shared.geo import Place, cell_of, cells_within
from shared.matching import Candidate, MatchRequest, read_rules
from shared.orders import PoisonError

from tests.servers import AuroraServer, RedisServer

ROOT = Path(__file__).parents[2]
MATCHING = json.dumps(
    {
        "radius_km": 5,
        "max_active_orders": 3,
        "weights": {"distance": 0.5, "workload": 0.3, "price": 0.2},
        "surge": {"step": 0.25, "limit": 2.5},
    }
)
ENVIRON = {
    "ORDERS_TABLE": "orders",
    "DRIVER_LOCATIONS_TABLE": "driver_locations",
    "GEOHASH_INDEX": "geohash5",
    "TTL_ATTRIBUTE": "expires_at",
    "MATCHER_FUNCTION": "matcher",
    "MATCHING": MATCHING,
}
RULES = read_rules(MATCHING)
NOW = 1_767_323_045.678
NOW_MS = 1_767_323_045_678
PICKUP = Place(52.52, 13.405)
ZONE = cell_of(PICKUP)
PROFILE = Profile("berlin", 52.52, 13.405, open=True, preparation_minutes=15)


def fields(**changes: Any) -> dict[str, Any]:
    """An order as it comes through the stream, but for the changes."""
    return {
        "order_id": "o-1",
        "customer_id": "c-1",
        "restaurant_id": "r-1",
        "region": "berlin",
        "destination": {"latitude": 52.53, "longitude": 13.405},
        "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}],
        "total_cents": 900,
        "placed_at": "2026-01-02T03:04:05.678+00:00",
    } | changes


def batch(*payloads: object) -> dict[str, Any]:
    """A Kinesis event with a record for each of these values; bytes are taken as they are."""
    texts = [payload if isinstance(payload, bytes) else json.dumps(payload).encode() for payload in payloads]
    return {
        "Records": [
            {"kinesis": {"sequenceNumber": str(number), "partitionKey": "r-1", "data": base64.b64encode(text).decode()}}
            for number, text in enumerate(texts)
        ]
    }


def failed(answer: Mapping[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def candidate(driver_id: str, north_km: float = 1.0, age_ms: int = 0) -> Candidate:
    return Candidate(driver_id, PICKUP.latitude + north_km / 111.195, PICKUP.longitude, NOW_MS - age_ms)


class KnownProfiles(Profiles):
    """Profiles in a dictionary; counts how often it is asked."""

    def __init__(self, **profiles: Profile) -> None:
        self.profiles = {name.replace("_", "-"): profile for name, profile in profiles.items()}
        self.asked = 0

    def find(self, restaurant_id: str) -> Profile | None:
        self.asked += 1
        return self.profiles.get(restaurant_id)


class ListedMatches(Matching):
    """Keeps the requests in a list; fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.requests: list[MatchRequest] = []
        self.failures = failures

    def start(self, request: MatchRequest) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("lambda is away")
        self.requests.append(request)


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB with both tables."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
        client.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        keys = [{"AttributeName": "geohash5", "KeyType": "HASH"}, {"AttributeName": "driver_id", "KeyType": "RANGE"}]
        client.create_table(
            TableName="driver_locations",
            KeySchema=[{"AttributeName": "driver_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("driver_id", "geohash5")],
            GlobalSecondaryIndexes=[{"IndexName": "geohash5", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def locate(dynamodb: Any, driver: Candidate, expires: int | None = None) -> None:
    """Write a driver's position as the location processor does."""
    numbers = {
        "latitude": driver.latitude,
        "longitude": driver.longitude,
        "recorded_at": driver.recorded_at,
        "expires_at": driver.recorded_at // 1000 + 300 if expires is None else expires,
    }
    item = {"driver_id": {"S": driver.driver_id}, "geohash5": {"S": cell_of(driver.place)}}
    dynamodb.put_item(TableName="driver_locations", Item=item | {name: {"N": str(value)} for name, value in numbers.items()})


def order_of(dynamodb: Any) -> dict[str, Any]:
    item: dict[str, Any] = dynamodb.get_item(TableName="orders", Key={"order_id": {"S": "o-1"}}).get("Item", {})
    return item


class TestDomain:
    @given(st.binary() | st.recursive(st.none() | st.text() | st.integers() | st.floats(), st.lists).map(lambda v: json.dumps(v).encode()))
    def test_whatever_is_no_order_is_poison(self, data: bytes) -> None:
        with pytest.raises(PoisonError):
            read_order(data)

    @pytest.mark.parametrize(
        "changes",
        [
            {"order_id": ""},
            {"customer_id": 7},
            {"region": None},
            {"destination": {"latitude": 91, "longitude": 0}},
            {"destination": {"latitude": "52", "longitude": 0}},
            {"destination": {"latitude": float("nan"), "longitude": 0}},
            {"placed_at": "yesterday"},
            {"placed_at": "2026-01-02T03:04:05.678"},
            {"restaurant_id": "\ud800"},
            {"order_id": "o" * 201},
            {"customer_id": "c\n1"},
            {"items": []},
            {"items": {}},
            {"items": [5]},
            {"items": [{"sku": "soup", "quantity": 2}]},
            {"items": [{"sku": "\ud800", "quantity": 2, "price_cents": 450}]},
            {"items": [{"sku": "soup", "quantity": True, "price_cents": 900}]},
            {"items": [{"sku": "soup", "quantity": 2.0, "price_cents": 450}]},
            {"items": [{"sku": "soup", "quantity": -2, "price_cents": -450}]},
            {"total_cents": 901},
            {"total_cents": 900.0},
            {"total_cents": True, "items": [{"sku": "soup", "quantity": 1, "price_cents": 1}]},
            {"total_cents": 0, "items": [{"sku": "soup", "quantity": 1, "price_cents": 0}]},
            {"total_cents": 10_000_001, "items": [{"sku": "soup", "quantity": 1, "price_cents": 10_000_001}]},
        ],
    )
    def test_an_order_with_a_wrong_field_is_poison(self, changes: dict[str, Any]) -> None:
        with pytest.raises(PoisonError):
            read_order(json.dumps(fields(**changes)).encode())

    def test_what_no_order_has_when_it_is_placed_is_not_kept(self) -> None:
        order = read_order(json.dumps(fields(accepted_at="2026-01-02T03:04:05.678+00:00", tip_cents=900, rating=5)).encode())

        assert fields().keys() == order.fields.keys()

    def test_an_order_for_a_closed_restaurant_says_why_it_is_held(self) -> None:
        item = make_item(read_order(json.dumps(fields()).encode()), Profile("berlin", 52.52, 13.405, open=False, preparation_minutes=15))

        assert ("placed", "restaurant_closed") == (item["status"], item["held_reason"])

    @pytest.mark.parametrize(
        ("waiting", "drivers", "expected"),
        [(0, 0, "1.00"), (1, 0, "1.00"), (1, 5, "1.00"), (2, 1, "1.25"), (3, 2, "1.13"), (7, 1, "2.50"), (90, 1, "2.50"), (4, 3, "1.08")],
    )
    def test_prices_rise_as_documented(self, waiting: int, drivers: int, expected: str) -> None:
        assert expected == str(price(waiting, drivers, RULES.surge))

    @given(waiting=st.integers(0, 100), drivers=st.integers(0, 100))
    def test_more_orders_or_fewer_drivers_are_never_cheaper(self, waiting: int, drivers: int) -> None:
        now = price(waiting, drivers, RULES.surge)

        assert price(waiting, drivers + 1, RULES.surge) <= now <= price(waiting + 1, drivers, RULES.surge)

    def test_drivers_near_enough_with_fresh_positions_are_candidates(self) -> None:
        found = [
            candidate("far", 5.1),
            candidate("late", 1, 300_001),
            candidate("b", 2),
            candidate("a", 2),
            candidate("c", 1),
            candidate("c", 9, 5),
        ]

        around = survey(found, PICKUP, RULES, NOW_MS)

        assert ["c", "a", "b"] == [driver.driver_id for driver in around.candidates]
        assert 4 == sum(around.drivers.values())

    def test_the_nearest_fit_into_the_matchers_event(self) -> None:
        around = survey([candidate(f"{number:036}", number / 1000) for number in range(1500)], PICKUP, RULES, NOW_MS)
        event = MatchRequest("o" * 36, "berlin", PICKUP, PICKUP, around.candidates).to_event()

        assert [f"{number:036}" for number in range(MAX_CANDIDATES)] == [driver.driver_id for driver in around.candidates]
        assert 256_000 > len(json.dumps(event, separators=(",", ":")))


class TestProcessing:
    @pytest.fixture
    def matches(self) -> ListedMatches:
        return ListedMatches()

    @pytest.fixture
    def processor(self, dynamodb: Any, redis_client: RedisCluster, matches: ListedMatches) -> Processor:
        return Processor(
            rules=RULES,
            profiles=KnownProfiles(r_1=PROFILE, r_2=Profile("berlin", 52.52, 13.405, open=False, preparation_minutes=15)),
            orders=DynamoOrders(dynamodb, "orders"),
            drivers=DynamoDrivers(dynamodb, "driver_locations", "geohash5", "expires_at"),
            zones=RedisZones(redis_client),
            matching=matches,
            now=lambda: NOW,
        )

    def test_an_order_is_kept_and_matched_with_the_drivers_around(
        self, processor: Processor, matches: ListedMatches, dynamodb: Any
    ) -> None:
        locate(dynamodb, candidate("d-1", 4.9))
        locate(dynamodb, candidate("d-2", -3))
        locate(dynamodb, candidate("d-3", 5.1))
        locate(dynamodb, candidate("d-4", 0, age_ms=300_001))
        locate(dynamodb, candidate("d-5", 0), expires=int(NOW))

        assert [] == failed(process_orders(batch(fields()), processor))

        (request,) = matches.requests
        assert (["d-2", "d-1"], "o-1", "berlin") == ([found.driver_id for found in request.candidates], request.order_id, request.region)
        order = order_of(dynamodb)
        assert ({"S": "placed"}, {"N": "15"}, {"N": "900"}) == (order["status"], order["preparation_minutes"], order["total_cents"])
        assert {"M": {"latitude": {"N": "52.52"}, "longitude": {"N": "13.405"}}} == order["pickup"]

    def test_prices_are_set_in_every_zone_around(self, processor: Processor, redis_client: RedisCluster) -> None:
        redis_client.zadd("surge:{berlin}", {"u33d0": 2.5})
        redis_client.zadd(f"waiting:{{berlin}}:{ZONE}", {"o-7": NOW_MS - 1_800_000, "o-8": NOW_MS - 1_800_001, "o-9": NOW_MS})

        process_orders(batch(fields()), processor)

        expected = dict.fromkeys(cells_within(52.52, 13.405, 5), 1.0) | {ZONE: 1.5}
        prices = dict(redis_client.zrange("surge:{berlin}", 0, -1, withscores=True))
        assert expected == {zone: prices[zone] for zone in expected}
        assert ["o-7", "o-1", "o-9"] == redis_client.zrange(f"waiting:{{berlin}}:{ZONE}", 0, -1)

    def test_an_order_of_a_clock_that_is_ahead_waits_from_now_on(self, processor: Processor, redis_client: RedisCluster) -> None:
        process_orders(batch(fields(placed_at="2026-01-02T03:05:05.678+00:00")), processor)

        assert NOW_MS == redis_client.zscore(f"waiting:{{berlin}}:{ZONE}", "o-1")

    def test_an_order_that_is_yet_to_be_placed_is_poison(
        self, processor: Processor, dynamodb: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = process_orders(batch(fields(placed_at="2026-01-02T03:05:05.679+00:00")), processor)

        assert ["0"] == failed(answer)
        assert ["placed_at is in the future"] == [line.reason for line in caplog.records if line.levelname == "ERROR"]  # type: ignore[attr-defined]
        assert {} == order_of(dynamodb)

    def test_a_crash_before_the_match_is_made_good_by_the_retry(self, processor: Processor, matches: ListedMatches) -> None:
        matches.failures = 1

        assert [["0"], []] == [failed(process_orders(batch(fields()), processor)) for _ in range(2)]
        assert 1 == len(matches.requests)

    def test_an_order_that_has_a_driver_is_left_alone(
        self, processor: Processor, matches: ListedMatches, dynamodb: Any, redis_client: RedisCluster
    ) -> None:
        item = make_item(read_order(json.dumps(fields()).encode()), PROFILE) | {"status": "assigned"}
        boto3.resource("dynamodb", region_name="us-east-1").Table("orders").put_item(Item=item)
        before = order_of(dynamodb)

        assert [] == failed(process_orders(batch(fields(placed_at="2026-01-02T03:04:07.000+00:00")), processor))
        assert before == order_of(dynamodb)
        assert [] == matches.requests
        assert not redis_client.exists(f"waiting:{{berlin}}:{ZONE}")

    @pytest.mark.parametrize("changes", [{"customer_id": "c-2"}, {"destination": {"latitude": 52.54, "longitude": 13.405}}])
    def test_another_order_under_the_same_id_is_not_lost_in_silence(
        self, processor: Processor, dynamodb: Any, caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
    ) -> None:
        process_orders(batch(fields()), processor)
        before = order_of(dynamodb)

        assert ["0"] == failed(process_orders(batch(fields(**changes)), processor))
        assert before == order_of(dynamodb)
        assert ["another order has this id"] == [
            line.reason  # type: ignore[attr-defined]
            for line in caplog.records
            if line.levelname == "ERROR"
        ]

    def test_an_order_for_a_closed_restaurant_is_kept_and_sends_nobody(
        self, processor: Processor, matches: ListedMatches, dynamodb: Any
    ) -> None:
        assert [] == failed(process_orders(batch(fields(restaurant_id="r-2")), processor))
        assert ({"S": "placed"}, {"S": "restaurant_closed"}) == (order_of(dynamodb)["status"], order_of(dynamodb)["held_reason"])
        assert [] == matches.requests

    @pytest.mark.parametrize(
        ("place", "destination", "reason"),
        [
            (Place(52.52, 13.405), Place(-37.81, 144.96), "the destination is too far from the restaurant"),
            (Place(89.99, 0), Place(89.99, 0), "the restaurant is too near to a pole"),
        ],
    )
    def test_an_order_that_nobody_can_deliver_is_poison(
        self, processor: Processor, dynamodb: Any, caplog: pytest.LogCaptureFixture, place: Place, destination: Place, reason: str
    ) -> None:
        there = replace(PROFILE, latitude=place.latitude, longitude=place.longitude)

        answer = process_orders(batch(fields(destination=asdict(destination))), replace(processor, profiles=KnownProfiles(r_1=there)))

        assert ["0"] == failed(answer)
        assert [reason] == [line.reason for line in caplog.records if line.levelname == "ERROR"]  # type: ignore[attr-defined]
        assert {} == order_of(dynamodb)

    def test_poison_fails_alone_and_is_not_kept(self, processor: Processor, matches: ListedMatches, dynamodb: Any) -> None:
        poison = (b"{", fields(order_id="o-2", restaurant_id="r-9"), fields(order_id="o-3", region="paris"))

        assert ["0", "1", "2"] == failed(process_orders(batch(*poison, fields()), processor))
        assert ["o-1"] == [request.order_id for request in matches.requests]
        assert 1 == dynamodb.scan(TableName="orders")["Count"]


class TestDynamoOrders:
    @pytest.mark.parametrize(
        "changes",
        [
            {"destination": {"latitude": 52.53, "longitude": 13.405, "floor": 10**40}},
            {"items": [{"sku": "s" * 200, "quantity": 1, "price_cents": 1}] * 2000, "total_cents": 2000},
        ],
    )
    def test_what_dynamodb_can_never_keep_is_poison(self, dynamodb: Any, changes: dict[str, Any]) -> None:
        order = read_order(json.dumps(fields(**changes)).encode())

        with pytest.raises(PoisonError):
            DynamoOrders(dynamodb, "orders").place(make_item(order, PROFILE))

    def test_a_throttled_table_is_no_poison(self, dynamodb: Any) -> None:
        with Stubber(dynamodb) as stubber:
            stubber.add_client_error("put_item", "ProvisionedThroughputExceededException")

            with pytest.raises(ClientError):
                DynamoOrders(dynamodb, "orders").place({"order_id": "o-1"})


class TestDynamoDrivers:
    def test_cells_are_asked_for_at_once(self, dynamodb: Any) -> None:
        both = threading.Barrier(2, timeout=5)
        there = candidate("d-1", 4.9)
        locate(dynamodb, candidate("d-0", 0))
        locate(dynamodb, there)

        def meet(**call: Any) -> None:
            both.wait()

        dynamodb.meta.events.register("before-call.dynamodb.Query", meet)

        found = DynamoDrivers(dynamodb, "driver_locations", "geohash5", "expires_at").find([ZONE, cell_of(there.place)], NOW)

        assert ["d-0", "d-1"] == sorted(driver.driver_id for driver in found)

    def test_a_throttled_index_is_an_error_and_not_an_empty_cell(self, dynamodb: Any) -> None:
        with Stubber(dynamodb) as stubber:
            stubber.add_client_error("query", "ProvisionedThroughputExceededException")

            with pytest.raises(ClientError):
                DynamoDrivers(dynamodb, "driver_locations", "geohash5", "expires_at").find([ZONE], NOW)


class TestCachedProfiles:
    def test_a_profile_is_asked_for_once_until_its_copy_expires(self, redis_client: RedisCluster) -> None:
        source = KnownProfiles(r_1=PROFILE)
        cached = CachedProfiles(redis_client, source)

        assert [PROFILE] * 3 == [cached.find("r-1") for _ in range(3)]
        assert 1 == source.asked
        assert 300 <= redis_client.ttl("profile:{r-1}") <= 330
        assert not redis_client.exists("profile:{r-1}:lock")

    def test_a_restaurant_that_opens_is_open_at_once(self, redis_client: RedisCluster) -> None:
        source = KnownProfiles(r_1=replace(PROFILE, open=False))
        cached = CachedProfiles(redis_client, source)
        before = cached.find("r-1")
        source.profiles["r-1"] = PROFILE

        assert (replace(PROFILE, open=False), PROFILE) == (before, cached.find("r-1"))

    def test_a_copy_that_cannot_be_read_counts_as_none(self, redis_client: RedisCluster) -> None:
        redis_client.set("profile:{r-1}", '{"region": "berlin"}')

        assert PROFILE == CachedProfiles(redis_client, KnownProfiles(r_1=PROFILE)).find("r-1")

    def test_an_unknown_restaurant_is_asked_for_again(self, redis_client: RedisCluster) -> None:
        source = KnownProfiles()

        assert [None, None] == [CachedProfiles(redis_client, source).find("r-1") for _ in range(2)]
        assert 2 == source.asked

    def test_many_at_once_ask_once(self, redis_client: RedisCluster) -> None:
        start = threading.Barrier(8)

        class SlowProfiles(KnownProfiles):
            def find(self, restaurant_id: str) -> Profile | None:
                threading.Event().wait(0.2)
                return super().find(restaurant_id)

        source = SlowProfiles(r_1=PROFILE)

        def find(_: int) -> Profile | None:
            start.wait()
            return CachedProfiles(redis_client, source).find("r-1")

        with ThreadPoolExecutor(8) as pool:
            assert [PROFILE] * 8 == list(pool.map(find, range(8)))
        assert 1 == source.asked

    def test_who_had_the_lock_and_died_holds_nobody_up_for_long(self, redis_client: RedisCluster) -> None:
        redis_client.set("profile:{r-1}:lock", 1)

        assert PROFILE == CachedProfiles(redis_client, KnownProfiles(r_1=PROFILE), sleep=lambda seconds: None).find("r-1")


class TestAuroraProfiles:
    def test_a_profile_is_read_from_the_table(self, aurora: AuroraServer, database: str) -> None:
        with aurora.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute((ROOT / "lambdas/schema_migrator/sql/001_restaurant_profiles.sql").read_text(encoding="utf-8"))
            cursor.execute(
                "INSERT INTO restaurant_profiles (restaurant_id, name, region, latitude, longitude, open, preparation_minutes)"
                " VALUES ('r-1', 'Soup', 'berlin', 52.52, 13.405, TRUE, 15)"
            )
        profiles = AuroraProfiles(Aurora(aurora.environ("arn", database), lambda arn: json.loads(aurora.secret)))

        assert [PROFILE, None] == [profiles.find("r-1"), profiles.find("r-2")]


class TestLambdaMatching:
    REQUEST = MatchRequest("o-1", "berlin", PICKUP, PICKUP, (candidate("d-1"),))

    def client(self) -> Any:
        return boto3.client("lambda", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")

    def test_the_matcher_is_called_without_waiting(self) -> None:
        client = self.client()
        payload = json.dumps(self.REQUEST.to_event(), separators=(",", ":")).encode()
        with Stubber(client) as stubber:
            answer = {"StatusCode": 202, "Payload": StreamingBody(io.BytesIO(b""), 0)}
            stubber.add_response("invoke", answer, {"FunctionName": "matcher", "InvocationType": "Event", "Payload": payload})

            LambdaMatching(client, "matcher").start(self.REQUEST)

            stubber.assert_no_pending_responses()

    def test_a_refused_call_is_raised(self) -> None:
        client = self.client()
        with Stubber(client) as stubber:
            stubber.add_client_error("invoke", "TooManyRequestsException")

            with pytest.raises(ClientError):
                LambdaMatching(client, "matcher").start(self.REQUEST)


class TestEntryPoint:
    @pytest.mark.parametrize("name", ENVIRON)
    def test_a_missing_setting_is_named(self, name: str) -> None:
        with pytest.raises(KeyError, match=name):
            read_settings({key: value for key, value in ENVIRON.items() if key != name})

    def test_it_connects_to_what_the_environment_names(
        self, dynamodb: Any, redis_cluster: RedisServer, aurora: AuroraServer, database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        secret = boto3.client("secretsmanager").create_secret(Name="redis", SecretString=redis_cluster.secret)["ARN"]
        for name, value in {**ENVIRON, **redis_cluster.environ(secret), **aurora.environ("arn", database)}.items():
            monkeypatch.setenv(name, value)
        _connect.cache_clear()

        assert ["0"] == failed(handle(batch(b"{"), None))

        _connect.cache_clear()
