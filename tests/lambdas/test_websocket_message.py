"""sendmessage: what customers and drivers may say, what is done about it, once, and what they hear."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import websocket_message.handler as message_handler
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from shared.orders import Status
from shared.refusals import RefusedError
from websocket_message.answers import Answering
from websocket_message.domain import OrderFacts, read_message
from websocket_message.handler import answer_event, handle
from websocket_message.settings import Settings, read_settings
from websocket_message.stores import DynamoOrders, Orders

from tests.lambdas.messaging import (
    NOW,
    NOW_MS,
    NOW_TEXT,
    VARIABLES,
    Send,
    TableOrders,
    connect_people,
    emulated_clients,
    make_answering,
    make_event,
    make_send,
)

POSITION = {"latitude": 52.52, "longitude": 13.405, "recorded_at": NOW_MS}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


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
def kinesis(aws: dict[str, Any]) -> Iterator[Any]:
    """A client that sees the locations stream, empty."""
    aws["kinesis"].create_stream(StreamName="locations", ShardCount=1)
    yield aws["kinesis"]
    aws["kinesis"].delete_stream(StreamName="locations")


@pytest.fixture
def answering(aws: dict[str, Any], dynamodb: Any, kinesis: Any) -> Answering:
    return make_answering(aws)


@pytest.fixture
def send(answering: Answering) -> Send:
    return make_send(answering)


@pytest.fixture
def orders(dynamodb: Any) -> TableOrders:
    return TableOrders(dynamodb)


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

    def test_a_pickup_that_meets_a_transaction_is_tried_again(
        self, dynamodb: Any, send: Send, orders: TableOrders, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders.put("assigned")
        update, conflicts = dynamodb.update_item, [True]

        def meet(**request: Any) -> Any:
            if conflicts:
                conflicts.clear()
                raise ClientError({"Error": {"Code": "TransactionConflictException"}}, "UpdateItem")
            return update(**request)

        monkeypatch.setattr(dynamodb, "update_item", meet)

        assert 200 == send("driver-1", "picked_up", order_id="o-1")[0]
        assert "picked_up" == orders.get()["status"]


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

    @pytest.mark.parametrize("assignment", [None, "active"])
    def test_an_assignment_that_is_done_is_kept_for_longer_than_a_message_of_it_may_wait(
        self, send: Send, orders: TableOrders, assignment: str | None
    ) -> None:
        orders.put("picked_up")
        orders.load(active=1, reserved=1, assignment=assignment)

        send("driver-1", "delivered", order_id="o-1")

        expires_at = datetime.fromtimestamp(int(orders.assignment()["expires_at"]), UTC)
        assert timedelta(days=29) < expires_at - NOW < timedelta(days=31)

    def test_an_assignment_that_is_not_done_never_expires(self, send: Send, orders: TableOrders) -> None:
        orders.put("assigned")
        orders.load(active=1, assignment="active")

        send("driver-1", "picked_up", order_id="o-1")

        assert {"driver_id": "driver-1", "order_id": "o-1", "status": "active"} == orders.assignment()

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
        assert Settings("connections", "orders", "driver_orders", "locations", "photos-123456789012", "expires_at") == read_settings(
            VARIABLES
        )

    @pytest.mark.parametrize("missing", VARIABLES)
    def test_a_missing_setting_is_named(self, missing: str) -> None:
        with pytest.raises(KeyError, match=missing):
            read_settings({name: value for name, value in VARIABLES.items() if name != missing})
