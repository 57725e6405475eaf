"""The driver consumer: an assignment is counted once and sent to the driver, however often its message comes."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber
from driver_consumer.domain import Assignment, read_assignment
from driver_consumer.handler import assign_drivers, handle, logger
from driver_consumer.settings import Settings, read_settings
from driver_consumer.stores import TRIES, Counted, Drivers, DynamoWorkload, WebSocketDrivers, Workload
from moto import mock_aws
from shared.assignments import find_active
from shared.connections import Connection, ConnectionIndex, ConnectionTable, Pusher, Role
from shared.order_events import OrderEvent
from shared.orders import PoisonError, Status

from tests.log_lines import LogLines, reading_log

NOW = 1_767_323_045
ENVIRON = {
    "DRIVER_ORDERS_TABLE": "driver-orders",
    "CONNECTIONS_TABLE": "connections",
    "USER_INDEX": "user_id",
    "TTL_ATTRIBUTE": "expires_at",
    "WEBSOCKET_URL": "https://abc.execute-api.us-east-1.amazonaws.com/v1",
}
ASSIGNMENT = Assignment("d-1", "o-1", {"distance_km": Decimal("1.25")})


class CountedWorkload(Workload):
    """Says what it is told to say."""

    def __init__(self, answer: Counted) -> None:
        self.answer = answer

    def count(self, assignment: Assignment) -> Counted:
        return self.answer


class ListedDrivers(Drivers):
    """Keeps what is sent in a list; everybody has as many connections as told."""

    def __init__(self, connections: int = 1) -> None:
        self.connections = connections
        self.told: list[str] = []

    def tell(self, assignment: Assignment) -> int:
        self.told.append(assignment.order_id)
        return self.connections


class ListedPusher(Pusher):
    """Keeps what is sent in a list; fails for the chosen connections."""

    def __init__(self, *, gone: tuple[str, ...] = (), failing: tuple[str, ...] = ()) -> None:
        self.gone, self.failing = gone, failing
        self.sent: list[tuple[str, Any]] = []

    def push(self, connection_id: str, message: Any) -> bool:
        if connection_id in self.failing:
            raise EndpointConnectionError(endpoint_url="https://abc.invalid")
        self.sent.append((connection_id, message))
        return connection_id not in self.gone


def order(**changes: Any) -> dict[str, Any]:
    """An assigned order, but for the changes."""
    return {
        "order_id": "o-1",
        "customer_id": "c-1",
        "restaurant_id": "r-1",
        "driver_id": "d-1",
        "status": "assigned",
        "destination": {"latitude": 52.52, "longitude": 13.405},
        "items": [{"sku": "soup", "quantity": 1, "price_cents": 450}],
        "distance_km": 1.25,
        "assigned_at": "2026-01-02T03:04:05.678+00:00",
    } | changes


def message(body: object, number: int = 1, stage: str = "assigned") -> dict[str, Any]:
    """A message of the queue."""
    return {
        "messageId": f"m-{number}",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {"order_stage": {"stringValue": stage, "dataType": "String"}},
        "eventSource": "aws:sqs",
    }


def failed(answer: dict[str, Any]) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.fixture
def log() -> Iterator[LogLines]:
    with reading_log(logger) as lines:
        yield lines


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The tables, empty."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("dynamodb")
        keys = {"driver-orders": ["driver_id", "order_id"], "connections": ["connection_id"]}
        for table, names in keys.items():
            user = [{"AttributeName": "user_id", "AttributeType": "S"}] if table == "connections" else []
            index = {
                "IndexName": "user_id",
                "KeySchema": [{"AttributeName": "user_id", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
            client.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names] + user,
                BillingMode="PAY_PER_REQUEST",
                **({"GlobalSecondaryIndexes": [index]} if user else {}),
            )
        yield client


def reserve(dynamodb: Any, reserved: int, active: int = 0) -> None:
    counts = {"reserved_count": {"N": str(reserved)}, "active_order_count": {"N": str(active)}}
    dynamodb.put_item(TableName="driver-orders", Item={"driver_id": {"S": "d-1"}, "order_id": {"S": "#workload"}, **counts})


def counts(dynamodb: Any) -> tuple[int, int]:
    """The driver's reserved and active orders."""
    item = dynamodb.get_item(TableName="driver-orders", Key={"driver_id": {"S": "d-1"}, "order_id": {"S": "#workload"}})["Item"]
    return int(item["reserved_count"]["N"]), int(item["active_order_count"]["N"])


def set_status(dynamodb: Any, status: str) -> None:
    item = {"driver_id": {"S": "d-1"}, "order_id": {"S": "o-1"}, "status": {"S": status}}
    dynamodb.put_item(TableName="driver-orders", Item=item)


def status(dynamodb: Any) -> str:
    item = dynamodb.get_item(TableName="driver-orders", Key={"driver_id": {"S": "d-1"}, "order_id": {"S": "o-1"}})["Item"]
    return str(item["status"]["S"])


def cancel(stubber: Stubber, code: str) -> None:
    reasons = {"CancellationReasons": [{"Code": "None"}, {"Code": code}]}
    stubber.add_client_error("transact_write_items", "TransactionCanceledException", modeled_fields=reasons)


def connect(dynamodb: Any, connection_id: str, *, role: Role = Role.DRIVER, expires_at: int = 2**33) -> None:
    connection = Connection(connection_id, "d-1", role, "2026-01-02T03:04:05.678+00:00")
    ConnectionTable(dynamodb, "connections").remember(connection, ttl_attribute="expires_at", expires_at=expires_at)


class TestDomain:
    def test_a_driver_is_told_what_he_needs_and_nothing_of_the_customer(self) -> None:
        assert {
            "type": "assignment",
            "order_id": "o-1",
            "restaurant_id": "r-1",
            "destination": {"latitude": 52.52, "longitude": 13.405},
            "distance_km": 1.25,
            "assigned_at": "2026-01-02T03:04:05.678+00:00",
        } == read_assignment(OrderEvent(Status.ASSIGNED, order())).message()

    def test_another_stage_is_poison(self) -> None:
        with pytest.raises(PoisonError, match="stage"):
            read_assignment(OrderEvent(Status.PLACED, order()))

    @pytest.mark.parametrize("changes", [{"driver_id": None}, {"driver_id": 7}, {"order_id": ""}])
    def test_an_assignment_without_its_ids_is_poison(self, changes: dict[str, Any]) -> None:
        with pytest.raises(PoisonError, match="is not an id"):
            read_assignment(OrderEvent(Status.ASSIGNED, order(**changes)))


class TestBatch:
    @pytest.mark.parametrize("counted", [Counted.NOW, Counted.BEFORE])
    def test_a_driver_is_told_again_when_the_message_comes_again(self, counted: Counted, log: LogLines) -> None:
        drivers = ListedDrivers(connections=2)

        answer = assign_drivers({"Records": [message(order())]}, CountedWorkload(counted), drivers)

        assert [] == failed(answer)
        assert ["o-1"] == drivers.told
        (line,) = log.of("driver_told")
        assert ("o-1", "d-1", 2) == (line["order_id"], line["driver_id"], line["connections"])

    def test_nobody_is_told_of_what_is_delivered(self, log: LogLines) -> None:
        drivers = ListedDrivers()

        assign_drivers({"Records": [message(order())]}, CountedWorkload(Counted.OVER), drivers)

        assert [] == drivers.told
        assert 1 == len(log.of("assignment_over"))

    def test_a_driver_without_a_connection_is_noted_and_no_failure(self, log: LogLines) -> None:
        answer = assign_drivers({"Records": [message(order())]}, CountedWorkload(Counted.NOW), ListedDrivers(connections=0))

        assert [] == failed(answer)
        assert ["o-1"] == [line["order_id"] for line in log.of("driver_not_connected")]

    def test_poison_fails_alone_and_with_its_reason(self, log: LogLines) -> None:
        drivers = ListedDrivers()
        records = [message([], 1), message(order(), 2), message(order(), 3, "placed"), message(order(driver_id=None), 4)]

        answer = assign_drivers({"Records": records}, CountedWorkload(Counted.NOW), drivers)

        assert ["m-1", "m-3", "m-4"] == failed(answer)
        assert ["o-1"] == drivers.told
        assert ["m-1", "m-3", "m-4"] == [line["record_id"] for line in log.of("poison_record")]

    def test_logs_name_no_place_and_no_customer(self, log: LogLines) -> None:
        assign_drivers({"Records": [message(order())]}, CountedWorkload(Counted.NOW), ListedDrivers())

        assert "52.52" not in log.text
        assert "c-1" not in log.text


class TestDynamoWorkload:
    def test_a_reservation_becomes_an_active_order(self, dynamodb: Any) -> None:
        reserve(dynamodb, reserved=2, active=1)

        assert Counted.NOW == DynamoWorkload(dynamodb, "driver-orders").count(ASSIGNMENT)
        assert (1, 2) == counts(dynamodb)
        assert "active" == status(dynamodb)
        assert ["o-1"] == find_active(dynamodb, "driver-orders", "d-1", up_to_date=True)

    def test_it_is_counted_once_however_often_it_comes(self, dynamodb: Any) -> None:
        reserve(dynamodb, reserved=1)
        workload = DynamoWorkload(dynamodb, "driver-orders")

        assert [Counted.NOW, Counted.BEFORE, Counted.BEFORE] == [workload.count(ASSIGNMENT) for _ in range(3)]
        assert (0, 1) == counts(dynamodb)

    def test_an_assignment_that_is_reserved_becomes_active(self, dynamodb: Any) -> None:
        reserve(dynamodb, reserved=1)
        set_status(dynamodb, "reserved")

        assert Counted.NOW == DynamoWorkload(dynamodb, "driver-orders").count(ASSIGNMENT)
        assert (0, 1) == counts(dynamodb)
        assert "active" == status(dynamodb)

    def test_an_assignment_that_is_done_stays_so(self, dynamodb: Any) -> None:
        reserve(dynamodb, reserved=0)
        set_status(dynamodb, "done")

        assert Counted.OVER == DynamoWorkload(dynamodb, "driver-orders").count(ASSIGNMENT)
        assert (0, 0) == counts(dynamodb)
        assert [] == find_active(dynamodb, "driver-orders", "d-1", up_to_date=True)
        assert "done" == status(dynamodb)

    @pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError"])
    def test_a_conflict_passes_and_is_tried_again(self, dynamodb: Any, code: str) -> None:
        with Stubber(dynamodb) as stubber:
            cancel(stubber, code)
            stubber.add_response("transact_write_items", {})

            assert Counted.NOW == DynamoWorkload(dynamodb, "driver-orders", sleep=lambda seconds: None).count(ASSIGNMENT)

    def test_a_conflict_that_does_not_pass_is_left_to_the_queue(self, dynamodb: Any) -> None:
        with Stubber(dynamodb) as stubber:
            for _ in range(TRIES):
                cancel(stubber, "TransactionConflict")

            with pytest.raises(ClientError, match="TransactionCanceledException"):
                DynamoWorkload(dynamodb, "driver-orders", sleep=lambda seconds: None).count(ASSIGNMENT)


class TestWebSocketDrivers:
    def drivers(self, dynamodb: Any, pusher: Pusher) -> WebSocketDrivers:
        index = ConnectionIndex(dynamodb, "connections", "user_id", key="user_id", ttl_attribute="expires_at")
        return WebSocketDrivers(index, pusher, lambda: NOW + 0.5)

    def test_every_open_connection_of_the_driver_gets_the_assignment(self, dynamodb: Any) -> None:
        connect(dynamodb, "a")
        connect(dynamodb, "b")
        connect(dynamodb, "over", expires_at=NOW)
        connect(dynamodb, "as-customer", role=Role.CUSTOMER)
        pusher = ListedPusher()

        assert 2 == self.drivers(dynamodb, pusher).tell(ASSIGNMENT)
        expected = {"type": "assignment", "order_id": "o-1", "distance_km": 1.25}
        assert [("a", expected), ("b", expected)] == sorted(pusher.sent, key=lambda sent: sent[0])

    def test_a_connection_that_is_gone_does_not_count(self, dynamodb: Any) -> None:
        connect(dynamodb, "a")

        assert 0 == self.drivers(dynamodb, ListedPusher(gone=("a",))).tell(ASSIGNMENT)

    def test_a_failing_connection_keeps_nothing_from_the_others_and_is_tried_again(self, dynamodb: Any) -> None:
        for connection_id in "abc":
            connect(dynamodb, connection_id)
        pusher = ListedPusher(failing=("b",))

        with pytest.raises(EndpointConnectionError):
            self.drivers(dynamodb, pusher).tell(ASSIGNMENT)

        assert {"a", "c"} == {connection_id for connection_id, _ in pusher.sent}


class TestEntryPoint:
    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch, dynamodb: Any) -> Iterator[None]:
        for name, value in ENVIRON.items():
            monkeypatch.setenv(name, value)
        yield
        handle.__globals__["_connect"].cache_clear()

    def test_repeated_messages_count_once_and_reach_the_connection(self, dynamodb: Any, log: LogLines) -> None:
        reserve(dynamodb, reserved=1)
        connect(dynamodb, "a")

        answers = [handle({"Records": [message(order(), 1), message(order(), 2)]}, None) for _ in range(2)]

        assert [[], []] == [failed(answer) for answer in answers]
        assert (0, 1) == counts(dynamodb)
        assert 4 == len(log.of("driver_told"))

    def test_a_gone_connection_is_forgotten(self, dynamodb: Any, log: LogLines) -> None:
        reserve(dynamodb, reserved=1)
        connect(dynamodb, "a")
        _, drivers = handle.__globals__["_connect"]()

        with Stubber(drivers._pusher._management) as stubber:
            stubber.add_client_error("post_to_connection", "GoneException")
            answer = handle({"Records": [message(order())]}, None)

        assert [] == failed(answer)
        assert 1 == len(log.of("driver_not_connected"))
        assert 0 == dynamodb.scan(TableName="connections")["Count"]


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        assert Settings("driver-orders", "connections", "user_id", "expires_at", ENVIRON["WEBSOCKET_URL"]) == read_settings(ENVIRON)

    @pytest.mark.parametrize("name", ENVIRON)
    def test_a_missing_setting_is_named(self, name: str) -> None:
        with pytest.raises(KeyError, match=name):
            read_settings({key: value for key, value in ENVIRON.items() if key != name})
