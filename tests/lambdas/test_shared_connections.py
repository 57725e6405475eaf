"""Connections: what is stored, who is found, and what becomes of a connection that is gone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from shared.connections import (
    MAX_MESSAGE_BYTES,
    Connection,
    ConnectionIndex,
    ConnectionTable,
    Pusher,
    Role,
    connect_pusher,
)
from shared.orders import PoisonError

from tests.lambdas.websocket_tables import ENVIRON, emulated_tables

NOW = 1_767_323_045
CONNECTION = Connection("c=1", "driver-1", Role.DRIVER, "2026-01-02T03:04:05.678+00:00")
URL = "https://api123.execute-api.us-east-1.amazonaws.com/v1"


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


def index(dynamodb: Any, key: str) -> ConnectionIndex:
    return ConnectionIndex(dynamodb, "connections", key, key=key, ttl_attribute="expires_at")


def remember(table: ConnectionTable, *connections: Connection, expires_at: int = NOW + 1) -> None:
    for connection in connections:
        table.remember(connection, ttl_attribute="expires_at", expires_at=expires_at)


class TestTable:
    @pytest.mark.parametrize("connection", [CONNECTION, replace(CONNECTION, order_id="o-1", role=Role.CUSTOMER)])
    def test_a_remembered_connection_is_found(self, table: ConnectionTable, connection: Connection) -> None:
        remember(table, connection)

        assert connection == table.find("c=1")

    def test_a_connection_ends_at_the_time_that_the_table_deletes_by(self, dynamodb: Any, table: ConnectionTable) -> None:
        remember(table, CONNECTION)

        (item,) = dynamodb.scan(TableName="connections")["Items"]
        assert {"N": str(NOW + 1)} == item["expires_at"]

    def test_an_unknown_connection_is_not_found(self, table: ConnectionTable) -> None:
        assert table.find("c=1") is None

    def test_a_connection_may_be_forgotten_twice(self, table: ConnectionTable) -> None:
        remember(table, CONNECTION)

        table.forget("c=1")
        table.forget("c=1")

        assert table.find("c=1") is None

    def test_a_connection_follows_the_order_that_it_asked_for_last(self, table: ConnectionTable) -> None:
        remember(table, CONNECTION)

        assert table.subscribe("c=1", "o-1")
        assert table.subscribe("c=1", "o-2")

        assert replace(CONNECTION, order_id="o-2") == table.find("c=1")

    def test_a_subscription_does_not_bring_a_closed_connection_back(self, table: ConnectionTable) -> None:
        assert not table.subscribe("c=1", "o-1")
        assert table.find("c=1") is None

    def test_a_subscription_that_fails_for_another_reason_raises(self, table: ConnectionTable) -> None:
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            ConnectionTable(table._dynamodb, "absent").subscribe("c=1", "o-1")


class TestIndex:
    def test_all_connections_of_a_user_are_found_and_no_others(self, dynamodb: Any, table: ConnectionTable) -> None:
        second = replace(CONNECTION, connection_id="c=2")
        remember(table, CONNECTION, second, replace(CONNECTION, connection_id="c=3", user_id="driver-2"))

        found = index(dynamodb, "user_id").find("driver-1", now=NOW)

        assert [CONNECTION, second] == sorted(found, key=lambda connection: connection.connection_id)

    def test_connections_that_follow_an_order_are_found(self, dynamodb: Any, table: ConnectionTable) -> None:
        remember(table, CONNECTION, replace(CONNECTION, connection_id="c=2"))
        table.subscribe("c=2", "o-1")

        assert [replace(CONNECTION, connection_id="c=2", order_id="o-1")] == index(dynamodb, "order_id").find("o-1", now=NOW)

    def test_a_connection_whose_time_is_over_is_not_found(self, dynamodb: Any, table: ConnectionTable) -> None:
        remember(table, CONNECTION, expires_at=NOW)

        assert [] == index(dynamodb, "user_id").find("driver-1", now=NOW)

    def test_connections_beyond_the_first_page_are_found(self, dynamodb: Any, table: ConnectionTable) -> None:
        long_ago = "9" * 300_000
        connections = [replace(CONNECTION, connection_id=f"c={number}", connected_at=long_ago) for number in range(5)]
        remember(table, *connections)
        pages: list[object] = []
        dynamodb.meta.events.register("after-call.dynamodb.Query", lambda **arguments: pages.append(arguments))

        found = index(dynamodb, "user_id").find("driver-1", now=NOW)

        assert {connection.connection_id for connection in connections} == {connection.connection_id for connection in found}
        assert 2 <= len(pages)


class TestPusher:
    def management(self) -> Any:
        return boto3.client("apigatewaymanagementapi", endpoint_url=URL)

    def test_a_message_is_sent_as_json(self, table: ConnectionTable) -> None:
        client = self.management()
        with Stubber(client) as stubber:
            stubber.add_response("post_to_connection", {}, {"ConnectionId": "c=1", "Data": b'{"type":"assigned"}'})

            assert Pusher(client, table).push("c=1", {"type": "assigned"})
            stubber.assert_no_pending_responses()

    def test_a_connection_that_is_gone_is_forgotten(self, table: ConnectionTable) -> None:
        remember(table, CONNECTION)
        client = self.management()
        with Stubber(client) as stubber:
            stubber.add_client_error("post_to_connection", "GoneException", http_status_code=410)

            assert not Pusher(client, table).push("c=1", {})

        assert table.find("c=1") is None

    @pytest.mark.parametrize("code", ["LimitExceededException", "ForbiddenException", "InternalServerError"])
    def test_any_other_failure_is_the_callers_and_the_connection_stays(self, table: ConnectionTable, code: str) -> None:
        remember(table, CONNECTION)
        client = self.management()
        with Stubber(client) as stubber:
            stubber.add_client_error("post_to_connection", code)

            with pytest.raises(ClientError, match=code):
                Pusher(client, table).push("c=1", {})

        assert CONNECTION == table.find("c=1")

    def test_a_message_that_is_too_long_is_poison_and_is_not_sent(self, table: ConnectionTable) -> None:
        text = "x" * (MAX_MESSAGE_BYTES - len('{"text":""}'))
        client = self.management()
        with Stubber(client) as stubber:
            stubber.add_response("post_to_connection", {})

            assert Pusher(client, table).push("c=1", {"text": text})
            with pytest.raises(PoisonError, match="131073 bytes"):
                Pusher(client, table).push("c=1", {"text": f"{text}x"})

    def test_the_pusher_of_a_url_sends_to_the_connection_behind_it(self, table: ConnectionTable) -> None:
        urls: list[str] = []
        pusher = connect_pusher(URL, table)
        pusher._management.meta.events.register("before-send", lambda request, **arguments: urls.append(request.url))

        assert pusher.push("c=1", {"type": "assigned"})

        assert [f"{URL}/@connections/c%3D1"] == urls
