"""$connect and $disconnect: who is let in, what is stored, and that a closed connection is forgotten."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import websocket_connect.handler as connect_handler
import websocket_disconnect.handler as disconnect_handler
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from shared.connections import Connection, ConnectionTable, Role
from shared.refusals import RefusedError
from websocket_connect.domain import read_role
from websocket_connect.handler import handle as connect
from websocket_connect.handler import open_connection
from websocket_connect.settings import Settings, read_settings
from websocket_connect.stores import Drivers, DynamoDrivers
from websocket_disconnect.handler import close_connection
from websocket_disconnect.handler import handle as disconnect

from tests.lambdas.websocket_tables import ENVIRON, emulated_tables

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
SETTINGS = Settings(connections_table="connections", profiles_table="driver_profiles", ttl_attribute="expires_at", ttl_seconds=7200)
DRIVER_ARN = "arn:aws:sts::123456789012:assumed-role/drivers/driver-1"


VARIABLES = {
    "CONNECTIONS_TABLE": "connections",
    "DRIVER_PROFILES_TABLE": "driver_profiles",
    "TTL_ATTRIBUTE": "expires_at",
    "CONNECTION_TTL_SECONDS": "7200",
}


class ListedDrivers(Drivers):
    """Knows the drivers in a list, and who was asked for."""

    def __init__(self, *drivers: str) -> None:
        self.drivers = drivers
        self.asked: list[str] = []

    def knows(self, user_id: str) -> bool:
        self.asked.append(user_id)
        return user_id in self.drivers


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client that sees the tables, empty."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    with emulated_tables() as client:
        yield client


@pytest.fixture
def table(dynamodb: Any) -> ConnectionTable:
    return ConnectionTable(dynamodb, "connections")


def event(parameters: dict[str, str] | None = None, **identity: Any) -> dict[str, Any]:
    """A $connect event, signed with these credentials."""
    return {
        "headers": {"Host": "api123.execute-api.eu-central-1.amazonaws.com"},
        "queryStringParameters": {"role": "driver"} if parameters is None else parameters,
        "requestContext": {
            "routeKey": "$connect",
            "eventType": "CONNECT",
            "connectionId": "c=1",
            "identity": {"sourceIp": "192.0.2.1", "userArn": DRIVER_ARN} | identity,
        },
    }


class TestRole:
    @pytest.mark.parametrize("parameters", [None, {}, {"role": ""}, {"role": "Driver"}, {"role": "admin"}, {"Role": "driver"}])
    def test_a_role_that_is_none_is_refused(self, parameters: dict[str, str] | None) -> None:
        with pytest.raises(RefusedError) as caught:
            read_role(parameters)

        assert (400, "role_invalid") == (caught.value.status, caught.value.code)


class TestConnect:
    def test_a_connection_is_stored_with_its_user_role_and_end(self, dynamodb: Any, table: ConnectionTable) -> None:
        answer = open_connection(event(), SETTINGS, table, ListedDrivers("driver-1"), NOW)

        (item,) = dynamodb.scan(TableName="connections")["Items"]
        assert {"statusCode": 200} == answer
        assert {
            "connection_id": {"S": "c=1"},
            "user_id": {"S": "driver-1"},
            "role": {"S": "driver"},
            "connected_at": {"S": "2026-01-02T03:04:05.678+00:00"},
            "expires_at": {"N": "1767330245"},
        } == item

    def test_no_parameter_makes_somebody_another_user(self, table: ConnectionTable) -> None:
        parameters = {"role": "customer", "user_id": "victim", "userArn": "victim", "cognitoIdentityId": "victim", "driver_id": "victim"}

        open_connection(event(parameters), SETTINGS, table, ListedDrivers("driver-1"), NOW)

        assert Connection("c=1", "driver-1", Role.CUSTOMER, "2026-01-02T03:04:05.678+00:00") == table.find("c=1")

    @pytest.mark.parametrize(
        ("refused", "status", "code"),
        [
            (event({"role": "admin"}), 400, "role_invalid"),
            (event() | {"queryStringParameters": None}, 400, "role_invalid"),
            (event(userArn=None), 403, "identity_unknown"),
            (event() | {"requestContext": {"connectionId": "c=1"}}, 403, "identity_unknown"),
        ],
    )
    def test_a_refused_connection_is_told_why_and_not_stored(
        self, table: ConnectionTable, refused: dict[str, Any], status: int, code: str
    ) -> None:
        answer = open_connection(refused, SETTINGS, table, ListedDrivers("driver-1"), NOW)

        assert (status, code) == (answer["statusCode"], json.loads(answer["body"])["code"])
        assert table.find("c=1") is None

    def test_the_log_names_nobody(self, table: ConnectionTable, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = io.StringIO()
        monkeypatch.setattr(connect_handler, "logger", Logger(service="websocket_connect_test", stream=lines))

        open_connection(event(), SETTINGS, table, ListedDrivers("driver-1"), NOW)
        open_connection(event({}), SETTINGS, table, ListedDrivers("driver-1"), NOW)

        entries = [json.loads(line) for line in lines.getvalue().splitlines()]
        assert [("connection_opened", None), ("connection_refused", "role_invalid")] == [
            (entry["event"], entry.get("reason")) for entry in entries
        ]
        assert "driver-1" not in lines.getvalue()

    def test_a_driver_without_a_profile_is_no_driver(self, table: ConnectionTable) -> None:
        answer = open_connection(event({"role": "driver"}), SETTINGS, table, ListedDrivers("driver-2"), NOW)

        assert {
            "statusCode": 403,
            "body": '{"code": "driver_unknown", "message": "You are not known as a driver."}',
        } == answer
        assert table.find("c=1") is None

    def test_nobody_asks_whether_a_customer_drives(self, table: ConnectionTable) -> None:
        drivers = ListedDrivers()

        assert {"statusCode": 200} == open_connection(event({"role": "customer"}), SETTINGS, table, drivers, NOW)
        assert [] == drivers.asked

    def test_who_signs_is_looked_up_and_no_one_else(self, table: ConnectionTable) -> None:
        drivers = ListedDrivers("victim")

        assert 403 == open_connection(event({"role": "driver", "driver_id": "victim"}), SETTINGS, table, drivers, NOW)["statusCode"]
        assert ["driver-1"] == drivers.asked

    def test_profiles_that_cannot_be_read_let_no_driver_in(self, dynamodb: Any, table: ConnectionTable) -> None:
        dynamodb.delete_table(TableName="driver_profiles")

        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            open_connection(event(), SETTINGS, table, DynamoDrivers(dynamodb, "driver_profiles"), NOW)

        assert table.find("c=1") is None

    def test_a_table_that_fails_lets_nobody_in(self, dynamodb: Any) -> None:
        dynamodb.delete_table(TableName="connections")

        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            open_connection(event(), SETTINGS, ConnectionTable(dynamodb, "connections"), ListedDrivers("driver-1"), NOW)


class TestDrivers:
    def test_a_driver_is_who_has_a_profile(self, dynamodb: Any) -> None:
        drivers = DynamoDrivers(dynamodb, "driver_profiles")
        profile = {"driver_id": {"S": "driver-1"}, "balance_cents": {"N": "-5"}, "settled": {"SS": ["2026-01-01"]}}
        dynamodb.put_item(TableName="driver_profiles", Item=profile)

        assert [True, False] == [drivers.knows(user_id) for user_id in ("driver-1", "driver-2")]


class TestDisconnect:
    def test_a_closed_connection_is_forgotten_though_it_closes_twice(self, table: ConnectionTable) -> None:
        open_connection(event(), SETTINGS, table, ListedDrivers("driver-1"), NOW)

        answers = [close_connection(event(), table) for _ in range(2)]

        assert [{"statusCode": 200}] * 2 == answers
        assert table.find("c=1") is None


class TestEntryPoints:
    def test_a_connection_comes_and_goes_through_the_entry_points(
        self, dynamodb: Any, table: ConnectionTable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in VARIABLES.items():
            monkeypatch.setenv(name, value)
        dynamodb.put_item(TableName="driver_profiles", Item={"driver_id": {"S": "driver-1"}})
        connect_handler._connect.cache_clear()
        disconnect_handler._connect.cache_clear()

        assert 200 == connect(event(), None)["statusCode"]
        stored = table.find("c=1")
        assert 200 == disconnect(event(), None)["statusCode"]

        assert stored is not None
        assert "driver-1" == stored.user_id
        assert table.find("c=1") is None
        assert SETTINGS == read_settings(VARIABLES)

    @pytest.mark.parametrize("missing", VARIABLES)
    def test_a_missing_setting_is_named(self, missing: str) -> None:
        with pytest.raises(KeyError, match=missing):
            read_settings({name: value for name, value in VARIABLES.items() if name != missing})
