"""sendmessage: what customers and drivers may say, what is done about it, once, and what they hear."""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import websocket_message.handler as message_handler
from aws_lambda_powertools import Logger
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from driver_consumer.domain import read_assignment
from hypothesis import given
from hypothesis import strategies as st
from shared.connections import Connection, ConnectionTable, Role
from shared.order_events import OrderEvent
from shared.orders import Status
from shared.refusals import RefusedError
from websocket_message.answers import Answering
from websocket_message.domain import OrderFacts, read_message
from websocket_message.handler import answer_event, handle
from websocket_message.settings import Settings, read_settings
from websocket_message.stores import DynamoOrders, KinesisPositions, Orders, S3Photos

from tests.lambdas.websocket_tables import ENVIRON, empty_tables, emulated_tables

NOW = datetime(2026, 1, 2, 23, 59, 5, 678_000, tzinfo=UTC)
NOW_TEXT = "2026-01-02T23:59:05.678+00:00"
NOW_MS = 1_767_398_345_678
VARIABLES = {
    "CONNECTIONS_TABLE": "connections",
    "ORDERS_TABLE": "orders",
    "DRIVER_ORDERS_TABLE": "driver_orders",
    "LOCATIONS_STREAM_NAME": "locations",
    "DELIVERY_PHOTOS_BUCKET": "photos-123456789012",
}
WRITE = TypeSerializer().serialize
POSITION = {"latitude": 52.52, "longitude": 13.405, "recorded_at": NOW_MS}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, Any]]:
    """Clients of an AWS that has the tables: making them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (ENVIRON | VARIABLES).items():
            environment.setenv(name, value)
        with emulated_tables() as dynamodb:
            s3 = boto3.client("s3", config=message_handler._SIGNING)
            yield {"dynamodb": dynamodb, "kinesis": boto3.client("kinesis"), "s3": s3}


@pytest.fixture
def dynamodb(aws: dict[str, Any]) -> Any:
    """A client that sees the tables; a customer, a driver and strangers are connected, and nothing else is there."""
    client = aws["dynamodb"]
    empty_tables(client)
    table = ConnectionTable(client, "connections")
    for connection_id, user_id, role in [
        ("customer-1", "customer-1", Role.CUSTOMER),
        ("driver-1", "driver-1", Role.DRIVER),
        ("customer-2", "customer-2", Role.CUSTOMER),
        ("driver-2", "driver-2", Role.DRIVER),
        # Who drives may order too, and who orders may drive: the same ids in the other role.
        ("driver-as-customer", "driver-1", Role.CUSTOMER),
        ("customer-as-driver", "customer-1", Role.DRIVER),
    ]:
        connection = Connection(connection_id, user_id, role, NOW_TEXT)
        table.remember(connection, ttl_attribute="expires_at", expires_at=2**31)
    return client


@pytest.fixture
def kinesis(aws: dict[str, Any]) -> Iterator[Any]:
    """A client that sees the locations stream, empty."""
    aws["kinesis"].create_stream(StreamName="locations", ShardCount=1)
    yield aws["kinesis"]
    aws["kinesis"].delete_stream(StreamName="locations")


@pytest.fixture
def answering(aws: dict[str, Any], dynamodb: Any, kinesis: Any) -> Answering:
    numbers = itertools.count(1)
    return Answering(
        connections=ConnectionTable(dynamodb, "connections"),
        orders=DynamoOrders(dynamodb, "orders", "driver_orders"),
        positions=KinesisPositions(kinesis, "locations", sleep=lambda seconds: None),
        photos=S3Photos(aws["s3"], "photos-123456789012"),
        make_id=lambda: f"photo-{next(numbers)}",
        sleep=lambda seconds: None,
    )


Send = Callable[..., tuple[int, dict[str, Any]]]


def make_event(connection_id: str, body: object) -> dict[str, Any]:
    return {
        "requestContext": {"routeKey": "sendmessage", "eventType": "MESSAGE", "connectionId": connection_id},
        "body": body if isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


@pytest.fixture
def send(answering: Answering) -> Send:
    """Send a message over a connection, and return the answer's status and body."""

    def send(connection_id: str, type_: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        answer = answer_event(make_event(connection_id, {"action": "sendmessage", "type": type_, **fields}), answering, NOW)
        return answer["statusCode"], json.loads(answer["body"])

    return send


@pytest.fixture
def orders(dynamodb: Any) -> "TableOrders":
    return TableOrders(dynamodb)


class TableOrders:
    """Puts orders and workloads into the tables, and reads them."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def put(self, status: str, **texts: str) -> None:
        """An order of customer-1 with this status, carried by driver-1."""
        item = {"order_id": "o-1", "customer_id": "customer-1", "status": status} | texts
        if status != "placed":
            item["driver_id"] = "driver-1"
        self._dynamodb.put_item(TableName="orders", Item={name: {"S": text} for name, text in item.items()})

    def assign(self, driver_id: str, order_id: str, *, assignment: str = "active", status: str = "assigned", **further: Any) -> None:
        """An order that somebody has to deliver, and the item of its assignment."""
        order = {"order_id": order_id, "customer_id": "customer-1", "driver_id": driver_id, "status": status} | further
        self._dynamodb.put_item(TableName="orders", Item={name: WRITE(value) for name, value in order.items()})
        item = {"driver_id": driver_id, "order_id": order_id, "status": assignment}
        self._dynamodb.put_item(TableName="driver_orders", Item={name: WRITE(value) for name, value in item.items()})

    def get(self) -> dict[str, Any]:
        item = self._dynamodb.get_item(TableName="orders", Key={"order_id": {"S": "o-1"}})["Item"]
        return {name: next(iter(value.values())) for name, value in item.items()}

    def load(self, active: int = 0, reserved: int = 0, assignment: str | None = None) -> None:
        """The workload of driver-1, and what is known of the order's assignment."""
        key = {"driver_id": {"S": "driver-1"}}
        counts = {"active_order_count": {"N": str(active)}, "reserved_count": {"N": str(reserved)}}
        self._dynamodb.put_item(TableName="driver_orders", Item=key | {"order_id": {"S": "#workload"}} | counts)
        if assignment is not None:
            self._dynamodb.put_item(TableName="driver_orders", Item=key | {"order_id": {"S": "o-1"}, "status": {"S": assignment}})

    def workload(self) -> tuple[int, int, str | None]:
        """The counts of active and reserved orders of driver-1, and the state of the order's assignment."""
        items = {item["order_id"]["S"]: item for item in self._dynamodb.scan(TableName="driver_orders")["Items"]}
        load = items["#workload"]
        state = items["o-1"]["status"]["S"] if "o-1" in items else None
        return int(load["active_order_count"]["N"]), int(load["reserved_count"]["N"]), state


class TestMessages:
    @pytest.mark.parametrize("type_", ["subscribe", "picked_up", "delivered", "photo_url", "rating"])
    @pytest.mark.parametrize("order_id", [None, "", " o-1", "o\n1", 1, "o" * 201, ["o-1"]])
    def test_an_order_id_that_is_none_is_named(self, type_: str, order_id: object) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": type_, "order_id": order_id, "rating": 5, "content_type": "image/jpeg"}, NOW_MS)

        assert (400, "message_invalid", ["order_id"]) == (caught.value.status, caught.value.code, list(caught.value.problems))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"latitude": 90.1}, "positions[1]"),
            ({"latitude": float("nan")}, "positions[1]"),
            ({"latitude": True}, "positions[1]"),
            ({"latitude": "52"}, "positions[1]"),
            ({"longitude": -180.5}, "positions[1]"),
            ({"longitude": 10**400}, "positions[1]"),
            ({"recorded_at": NOW_MS + 60_001}, "positions[1]"),
            ({"recorded_at": 0}, "positions[1]"),
            ({"recorded_at": 1.5}, "positions[1]"),
            ({"recorded_at": None}, "positions[1]"),
        ],
    )
    def test_a_position_that_is_none_is_named(self, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "locations", "region": "berlin", "positions": [POSITION, POSITION | changes]}, NOW_MS)

        assert [field] == list(caught.value.problems)

    def test_a_position_that_is_no_object_is_named(self) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "locations", "region": "berlin", "positions": [None, POSITION, [52.52, 13.405]]}, NOW_MS)

        assert ["positions[0]", "positions[2]"] == list(caught.value.problems)

    @pytest.mark.parametrize("positions", [None, [], {}, [POSITION] * 101])
    def test_no_positions_or_too_many_are_refused(self, positions: object) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "locations", "region": "berlin", "positions": positions}, NOW_MS)

        assert ["positions"] == list(caught.value.problems)

    @pytest.mark.parametrize("region", [None, "", "a}b", "{"])
    def test_a_region_that_cannot_name_keys_is_refused(self, region: object) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "locations", "region": region, "positions": [POSITION]}, NOW_MS)

        assert ["region"] == list(caught.value.problems)

    @pytest.mark.parametrize("rating", [None, 0, 6, 4.5, "5", True])
    def test_a_rating_that_is_none_is_refused(self, rating: object) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "rating", "order_id": "o-1", "rating": rating}, NOW_MS)

        assert ["rating"] == list(caught.value.problems)

    @pytest.mark.parametrize("tip_cents", [None, -1, 100_001, 4.5, "5", True, 10**400])
    def test_a_tip_that_is_none_is_refused(self, tip_cents: object) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "rating", "order_id": "o-1", "rating": 5, "tip_cents": tip_cents}, NOW_MS)

        assert {"tip_cents": "must be a whole number from 0 to 100000"} == caught.value.problems

    @pytest.mark.parametrize("content_type", [None, "image/png", "text/html"])
    def test_a_photo_of_another_type_is_refused(self, content_type: object) -> None:
        with pytest.raises(RefusedError) as caught:
            read_message({"type": "photo_url", "order_id": "o-1", "content_type": content_type}, NOW_MS)

        assert ["content_type"] == list(caught.value.problems)

    @given(
        body=JSON_VALUES
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["subscribe", "locations", "picked_up", "photo_url", "rating", "assignments"])},
            optional=dict.fromkeys(["order_id", "rating", "tip_cents", "region", "positions", "content_type"], JSON_VALUES),
        )
    )
    def test_whatever_comes_is_a_message_or_refused(self, body: object) -> None:
        try:
            outcome: object = read_message(body, NOW_MS)
        except RefusedError as error:
            outcome = error.problems

        assert outcome

    @pytest.mark.parametrize(
        ("body", "of"),
        [
            (None, None),
            ("", None),
            ("{", None),
            ("[" * 100_000, None),
            ("9" * 5000, None),
            ("[]", None),
            ('{"type": {}}', None),
            ('{"type": "order"}', "order"),
            (json.dumps({"type": "x" * 30_000}), None),
        ],
    )
    def test_nonsense_is_answered_with_its_problem(self, answering: Answering, body: str | None, of: str | None) -> None:
        answer = answer_event(make_event("driver-1", "") | {"body": body}, answering, NOW)

        told = json.loads(answer["body"])
        assert (400, "error", "message_invalid", of) == (answer["statusCode"], told["type"], told["code"], told["of"])
        assert told["problems"].keys() <= {"body", "type"}

    def test_a_client_whose_connection_was_removed_is_told_to_connect_again(self, send: Send) -> None:
        status, told = send("absent", "subscribe", order_id="o-1")

        assert (410, "connection_unknown") == (status, told["code"])


ALL = [
    ("subscribe", {}),
    ("picked_up", {}),
    ("delivered", {}),
    ("photo_url", {"content_type": "image/jpeg"}),
    ("rating", {"rating": 5}),
]


class TestParts:
    """Who may speak of an order."""

    @pytest.mark.parametrize(("type_", "fields"), ALL)
    @pytest.mark.parametrize("stranger", ["customer-2", "driver-2", "driver-as-customer", "customer-as-driver"])
    def test_strangers_are_refused_and_nothing_changes(
        self, send: Send, orders: TableOrders, stranger: str, type_: str, fields: dict[str, Any]
    ) -> None:
        orders.put("delivered" if type_ == "rating" else "picked_up")
        before = orders.get()

        status, told = send(stranger, type_, order_id="o-1", **fields)

        assert told["code"] in {"order_unknown", "role_wrong"}
        assert status in {403, 404}
        assert before == orders.get()

    @pytest.mark.parametrize(("type_", "fields"), ALL)
    def test_a_stranger_hears_the_same_of_an_order_as_of_none(
        self, send: Send, orders: TableOrders, type_: str, fields: dict[str, Any]
    ) -> None:
        orders.put("delivered")
        stranger = "customer-2" if type_ == "rating" else "driver-2"

        assert send(stranger, type_, order_id="absent", **fields) == send(stranger, type_, order_id="o-1", **fields)

    def test_nobody_drives_an_order_without_a_driver(self, send: Send, orders: TableOrders) -> None:
        orders.put("placed")

        assert "order_unknown" == send("driver-1", "picked_up", order_id="o-1")[1]["code"]

    @pytest.mark.parametrize(
        ("client", "type_", "fields"),
        [
            ("driver-1", "rating", {"rating": 5, "order_id": "o-1"}),
            ("customer-1", "locations", {"region": "b", "positions": [POSITION]}),
            ("driver-as-customer", "assignments", {}),
        ]
        + [("customer-1", type_, {"order_id": "o-1", **fields}) for type_, fields in ALL[1:4]],
    )
    def test_the_other_role_is_refused(self, send: Send, orders: TableOrders, client: str, type_: str, fields: dict[str, Any]) -> None:
        orders.put("delivered")

        status, told = send(client, type_, **fields)

        assert (403, "role_wrong", type_) == (status, told["code"], told["of"])


class TestSubscribe:
    @pytest.mark.parametrize("client", ["customer-1", "driver-1"])
    def test_customer_and_driver_follow_their_order(self, send: Send, answering: Answering, orders: TableOrders, client: str) -> None:
        orders.put("assigned")

        assert (200, {"type": "subscribe", "order_id": "o-1", "status": "assigned"}) == send(client, "subscribe", order_id="o-1")

        connection = answering.connections.find(client)
        assert connection is not None
        assert "o-1" == connection.order_id

    def test_a_connection_that_closes_meanwhile_is_not_brought_back(
        self, send: Send, answering: Answering, orders: TableOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders.put("assigned")
        find = DynamoOrders.find

        def close_and_find(self: DynamoOrders, order_id: str) -> OrderFacts | None:
            answering.connections.forget("customer-1")
            return find(self, order_id)

        monkeypatch.setattr(DynamoOrders, "find", close_and_find)

        assert 410 == send("customer-1", "subscribe", order_id="o-1")[0]
        assert answering.connections.find("customer-1") is None


class TestLocations:
    def read(self, kinesis: Any) -> list[dict[str, Any]]:
        (shard,) = kinesis.list_shards(StreamName="locations")["Shards"]
        iterator = kinesis.get_shard_iterator(StreamName="locations", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
        records: list[dict[str, Any]] = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
        return records

    def test_positions_travel_under_the_drivers_own_id(self, send: Send, kinesis: Any) -> None:
        positions = [POSITION, POSITION | {"latitude": -90, "recorded_at": NOW_MS + 60_000, "driver_id": "driver-2"}]

        answer = send("driver-1", "locations", region="berlin", positions=positions, driver_id="driver-2")

        records = self.read(kinesis)
        own = {"driver_id": "driver-1", "region": "berlin", "longitude": 13.405}
        assert (200, {"type": "locations", "positions": 2}) == answer
        assert ["driver-1", "driver-1"] == [record["PartitionKey"] for record in records]
        assert [
            own | {"latitude": 52.52, "recorded_at": NOW_MS},
            own | {"latitude": -90.0, "recorded_at": NOW_MS + 60_000},
        ] == [json.loads(record["Data"]) for record in records]

    def results(self, *failed: bool) -> dict[str, Any]:
        taken = {"SequenceNumber": "1", "ShardId": "shardId-000000000000"}
        refused = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"}
        return {"Records": [refused if each else taken for each in failed]}

    def record(self, time: int) -> dict[str, Any]:
        data = f'{{"driver_id":"driver-1","region":"berlin","latitude":52.52,"longitude":13.405,"recorded_at":{time}}}'
        return {"PartitionKey": "driver-1", "Data": data.encode()}

    def test_only_the_positions_that_were_refused_go_again(self, send: Send, kinesis: Any) -> None:
        with Stubber(kinesis) as stubber:
            for times, failed in [((1, 2, 3), (True, False, True)), ((1, 3), (False, True)), ((3,), (False,))]:
                stubber.add_response(
                    "put_records", self.results(*failed), {"StreamName": "locations", "Records": [self.record(time) for time in times]}
                )

            answer = send("driver-1", "locations", region="berlin", positions=[POSITION | {"recorded_at": time} for time in (1, 2, 3)])

            stubber.assert_no_pending_responses()
        assert (200, {"type": "locations", "positions": 3}) == answer

    def test_a_stream_that_goes_on_refusing_is_told_as_try_again(self, send: Send, kinesis: Any) -> None:
        with Stubber(kinesis) as stubber:
            for _ in range(4):
                stubber.add_response("put_records", self.results(True))

            status, told = send("driver-1", "locations", region="berlin", positions=[POSITION])

            stubber.assert_no_pending_responses()
        assert (503, "unavailable") == (status, told["code"])

    def test_a_stream_that_is_not_reached_is_told_without_its_inside(self, send: Send, kinesis: Any) -> None:
        with Stubber(kinesis) as stubber:
            stubber.add_client_error("put_records", "AccessDeniedException", "arn:aws:iam::123456789012:role/secret")

            status, told = send("driver-1", "locations", region="berlin", positions=[POSITION])

        assert (503, "unavailable") == (status, told["code"])
        assert "arn:" not in json.dumps(told)


class TestPickedUp:
    @pytest.mark.parametrize("before", ["assigned", "accepted"])
    def test_the_driver_picks_up_from_a_legal_status(self, send: Send, orders: TableOrders, before: str) -> None:
        orders.put(before)

        assert (200, {"type": "picked_up", "order_id": "o-1", "at": NOW_TEXT}) == send("driver-1", "picked_up", order_id="o-1")

        assert ("picked_up", NOW_TEXT) == (orders.get()["status"], orders.get()["picked_up_at"])

    @pytest.mark.parametrize("status", ["picked_up", "delivered"])
    def test_a_repetition_is_answered_as_before_and_changes_nothing(self, send: Send, orders: TableOrders, status: str) -> None:
        orders.put(status, picked_up_at="2026-01-02T20:00:00.000+00:00")
        before = orders.get()

        assert (200, {"type": "picked_up", "order_id": "o-1", "at": "2026-01-02T20:00:00.000+00:00"}) == send(
            "driver-1", "picked_up", order_id="o-1"
        )
        assert before == orders.get()

    def test_an_order_that_the_restaurant_accepts_meanwhile_is_picked_up_all_the_same(
        self, answering: Answering, orders: TableOrders
    ) -> None:
        orders.put("assigned")
        order = answering.orders.find("o-1")
        orders.put("accepted")

        assert order is not None
        assert answering.orders.advance(order, Status.PICKED_UP, NOW_TEXT)

    def test_an_order_given_to_another_driver_meanwhile_is_not_picked_up(self, answering: Answering, orders: TableOrders) -> None:
        orders.put("assigned")
        order = answering.orders.find("o-1")
        assert order is not None

        assert not answering.orders.advance(replace(order, driver_id="driver-2"), Status.PICKED_UP, NOW_TEXT)
        assert "assigned" == orders.get()["status"]


class TestDelivered:
    @pytest.mark.parametrize("before", ["assigned", "accepted"])
    def test_an_order_that_was_not_picked_up_is_not_delivered(self, send: Send, orders: TableOrders, before: str) -> None:
        orders.put(before)
        orders.load(active=1, assignment="active")

        status, told = send("driver-1", "delivered", order_id="o-1")

        assert (409, "status_wrong") == (status, told["code"])
        assert (1, 0, "active") == orders.workload()

    def test_a_delivery_is_noted_with_its_day_and_taken_off_the_workload(self, send: Send, orders: TableOrders) -> None:
        orders.put("picked_up", picked_up_at="2026-01-02T20:00:00.000+00:00")
        orders.load(active=2, reserved=1, assignment="active")

        assert (200, {"type": "delivered", "order_id": "o-1", "at": NOW_TEXT}) == send("driver-1", "delivered", order_id="o-1")

        order = orders.get()
        assert ("delivered", NOW_TEXT, "2026-01-02") == (order["status"], order["delivered_at"], order["delivery_date"])
        assert (1, 1, "done") == orders.workload()

    def test_a_delivery_that_is_told_twice_counts_once(self, send: Send, orders: TableOrders) -> None:
        orders.put("picked_up")
        orders.load(active=2, assignment="active")

        assert send("driver-1", "delivered", order_id="o-1") == send("driver-1", "delivered", order_id="o-1")

        assert (1, 0, "done") == orders.workload()

    def test_two_deliveries_at_once_count_once(self, answering: Answering, orders: TableOrders) -> None:
        orders.put("picked_up")
        orders.load(active=2, assignment="active")
        order = answering.orders.find("o-1")
        assert order is not None

        assert [True, False] == [answering.orders.advance(order, Status.DELIVERED, NOW_TEXT) for _ in range(2)]

        assert (1, 0, "done") == orders.workload()

    @pytest.mark.parametrize("assignment", [None, "reserved"])
    def test_a_delivery_before_its_assignment_is_counted_takes_the_reservation_off(
        self, send: Send, orders: TableOrders, assignment: str | None
    ) -> None:
        orders.put("picked_up")
        orders.load(active=1, reserved=1, assignment=assignment)

        assert 200 == send("driver-1", "delivered", order_id="o-1")[0]

        assert (1, 0, "done") == orders.workload()

    def test_a_delivery_whose_transaction_goes_wrong_changes_nothing(self, send: Send, orders: TableOrders) -> None:
        orders.put("picked_up")
        orders.load(active=1, assignment="done")

        status, told = send("driver-1", "delivered", order_id="o-1")

        assert (503, "unavailable") == (status, told["code"])
        assert "picked_up" == orders.get()["status"]
        assert (1, 0, "done") == orders.workload()

    def test_a_delivery_that_meets_another_transaction_is_tried_again(
        self, dynamodb: Any, send: Send, orders: TableOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders.put("picked_up")
        orders.load(active=1, assignment="active")
        advance, conflicts = DynamoOrders.advance, iter([False])
        monkeypatch.setattr(DynamoOrders, "advance", lambda *arguments: next(conflicts, None) is None and advance(*arguments))

        assert 200 == send("driver-1", "delivered", order_id="o-1")[0]
        assert (0, 0, "done") == orders.workload()

    @pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "InternalServerError"])
    def test_a_table_that_fails_is_told_as_try_again_and_logged(
        self, send: Send, dynamodb: Any, monkeypatch: pytest.MonkeyPatch, code: str
    ) -> None:
        def fail(self: Orders, order_id: str) -> None:
            raise ClientError({"Error": {"Code": code, "Message": "arn:aws:dynamodb:table/orders"}}, "GetItem")

        lines = io.StringIO()
        monkeypatch.setattr(message_handler, "logger", Logger(service=f"test-{code}", stream=lines))
        monkeypatch.setattr(DynamoOrders, "find", fail)

        status, told = send("driver-1", "delivered", order_id="o-1")

        assert (503, "unavailable") == (status, told["code"])
        assert "arn:" not in json.dumps(told)
        assert ("ERROR", "message_failed") == (json.loads(lines.getvalue())["level"], json.loads(lines.getvalue())["event"])


class TestPhotoUrl:
    def test_the_driver_may_put_one_photo_for_a_short_time(self, send: Send, orders: TableOrders) -> None:
        orders.put("picked_up")

        status, told = send("driver-1", "photo_url", order_id="o-1", content_type="image/jpeg")

        url = urlsplit(told["url"])
        query = {name: value for name, (value,) in parse_qs(url.query).items()}
        assert (200, "photos/o-1/photo-1.jpg", 300) == (status, told["key"], told["expires_in"])
        assert ("https", "photos-123456789012.s3.eu-central-1.amazonaws.com") == (url.scheme, url.netloc)
        assert "/photos/o-1/photo-1.jpg" == url.path
        assert ("AWS4-HMAC-SHA256", "300") == (query["X-Amz-Algorithm"], query["X-Amz-Expires"])

    def test_the_url_asks_for_the_type_and_says_nothing_of_encryption(self, send: Send, orders: TableOrders) -> None:
        orders.put("picked_up")

        _, told = send("driver-1", "photo_url", order_id="o-1", content_type="image/jpeg")

        assert ["content-type;host"] == parse_qs(urlsplit(told["url"]).query)["X-Amz-SignedHeaders"]
        assert "encryption" not in told["url"].lower()
        assert "checksum" not in told["url"].lower()

    def test_every_photo_has_a_key_of_its_own(self, send: Send, orders: TableOrders) -> None:
        orders.put("delivered")

        keys = {send("driver-1", "photo_url", order_id="o-1", content_type="image/jpeg")[1]["key"] for _ in range(2)}

        assert {"photos/o-1/photo-1.jpg", "photos/o-1/photo-2.jpg"} == keys

    def test_there_is_no_proof_of_delivery_before_the_pickup(self, send: Send, orders: TableOrders) -> None:
        orders.put("accepted")

        status, told = send("driver-1", "photo_url", order_id="o-1", content_type="image/jpeg")

        assert (409, "status_wrong") == (status, told["code"])


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
        orders.assign("driver-1", "o-0", assignment="reserved")
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
        orders.assign("driver-2", "o-1")
        dynamodb.put_item(
            TableName="driver_orders", Item={"driver_id": {"S": "driver-1"}, "order_id": {"S": "o-1"}, "status": {"S": "active"}}
        )

        assert (200, {"type": "assignments", "assignments": []}) == send("driver-1", "assignments")

    def test_a_driver_without_orders_hears_so(self, send: Send) -> None:
        assert (200, {"type": "assignments", "assignments": []}) == send("driver-1", "assignments")

    def test_old_assignments_hide_no_new_one(self, send: Send, dynamodb: Any, orders: TableOrders) -> None:
        """A page of the answer ends after a megabyte of what was looked at, filtered out or not."""
        for number in range(4):
            item = {"driver_id": "driver-1", "order_id": f"a-{number}", "status": "done", "note": "x" * 390_000}
            dynamodb.put_item(TableName="driver_orders", Item={name: WRITE(value) for name, value in item.items()})
        orders.assign("driver-1", "o-1")

        assert ["o-1"] == [order["order_id"] for order in send("driver-1", "assignments")[1]["assignments"]]

    def test_a_table_that_fails_is_told_as_try_again(self, send: Send, dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(self: Orders, driver_id: str) -> None:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "arn:aws:dynamodb"}}, "Query")

        monkeypatch.setattr(DynamoOrders, "find_assigned", fail)

        status, told = send("driver-1", "assignments")

        assert (503, "unavailable") == (status, told["code"])


class TestEntryPoint:
    def test_a_message_goes_through_the_entry_point(self, dynamodb: Any, orders: TableOrders) -> None:
        orders.put("assigned")
        message_handler._connect.cache_clear()

        answer = handle(make_event("driver-1", {"action": "sendmessage", "type": "picked_up", "order_id": "o-1"}), None)

        assert 200 == answer["statusCode"]
        assert "picked_up" == orders.get()["status"]

    def test_the_log_names_nobody_and_no_place(self, send: Send, orders: TableOrders, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = io.StringIO()
        monkeypatch.setattr(message_handler, "logger", Logger(service="websocket_message_test", stream=lines))

        send("driver-2", "picked_up", order_id="o-1")
        send("driver-2", "locations", region="berlin", positions=[POSITION | {"latitude": 95.25}])

        assert ["order_unknown", "message_invalid"] == [json.loads(line)["reason"] for line in lines.getvalue().splitlines()]
        assert not [word for word in ("driver-2", "95.25", "13.405") if word in lines.getvalue()]

    def test_settings_are_read_from_the_environment(self) -> None:
        assert Settings("connections", "orders", "driver_orders", "locations", "photos-123456789012") == read_settings(VARIABLES)

    @pytest.mark.parametrize("missing", VARIABLES)
    def test_a_missing_setting_is_named(self, missing: str) -> None:
        with pytest.raises(KeyError, match=missing):
            read_settings({name: value for name, value in VARIABLES.items() if name != missing})
