"""The order validator: what it takes, what it refuses, what it answers, and what it writes."""

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from order_validator import handler as validator_handler
from order_validator.domain import Item, Order, Place, identify_order, validate_order
from order_validator.handler import handle, place_order
from order_validator.settings import Settings, read_settings
from order_validator.stores import KinesisOrders, OrderSink, OrdersUnavailableError
from shared.refusals import RefusedError

from tests.log_lines import LogLines, reading_log

FIXED_ID = uuid.UUID("00000000-0000-4000-8000-000000000001")
PLACED_AT = "2026-01-02T03:04:05.678+00:00"
SETTINGS = Settings(stream_name="orders", allowed_origin="https://eat.example")
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.fixture
def log() -> Iterator[LogLines]:
    """What is logged."""
    with reading_log(validator_handler.logger) as lines:
        yield lines


class ListedOrders(OrderSink):
    """Keeps the orders in a list."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def put(self, order: Order) -> None:
        self.orders.append(order)


class NoOrders(OrderSink):
    """Takes nothing."""

    def put(self, order: Order) -> None:
        raise OrdersUnavailableError("throttled")


def body(**changes: Any) -> dict[str, Any]:
    """A request body that is valid, but for the changes."""
    return {
        "customer_id": "c-1",
        "restaurant_id": "r-1",
        "region": "berlin",
        "destination": {"latitude": 52.52, "longitude": 13.405},
        "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}, {"sku": "bread", "quantity": 1, "price_cents": 0}],
    } | changes


def event(payload: object, **changes: Any) -> dict[str, Any]:
    """A REST API proxy event with this payload, signed by c-1."""
    return {
        "httpMethod": "POST",
        "path": "/orders",
        "headers": {},
        "requestContext": {"identity": {"userArn": "arn:aws:sts::123456789012:assumed-role/customers/c-1"}},
        "body": json.dumps(payload),
        "isBase64Encoded": False,
    } | changes


def validate(payload: object, idempotency_key: str | None = None, user_id: str = "c-1") -> Order:
    return validate_order(payload, user_id=user_id, idempotency_key=idempotency_key, random_id=lambda: FIXED_ID, placed_at=PLACED_AT)


def order() -> Order:
    return Order(
        order_id=str(FIXED_ID),
        customer_id="c-1",
        restaurant_id="r-1",
        region="berlin",
        destination=Place(52.52, 13.405),
        items=(Item("soup", 2, 450), Item("bread", 1, 0)),
        total_cents=900,
        placed_at=PLACED_AT,
    )


class TestDomain:
    def test_a_valid_body_becomes_an_order_with_its_total(self) -> None:
        assert order() == validate(body())

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"customer_id": ""}, "customer_id"),
            ({"customer_id": " c-1"}, "customer_id"),
            ({"customer_id": "c\n1"}, "customer_id"),
            ({"restaurant_id": "r" * 201}, "restaurant_id"),
            ({"region": None}, "region"),
            ({"destination": None}, "destination"),
            ({"destination": {"latitude": 90.1, "longitude": 0}}, "destination.latitude"),
            ({"destination": {"latitude": 0, "longitude": float("nan")}}, "destination.longitude"),
            ({"destination": {"latitude": True, "longitude": 0}}, "destination.latitude"),
            ({"items": []}, "items"),
            ({"items": {}}, "items"),
            ({"items": [{"sku": "a", "quantity": 1, "price_cents": 1}] * 101}, "items"),
            ({"items": [None]}, "items[0]"),
            ({"items": [{"sku": "a", "quantity": 0, "price_cents": 1}]}, "items[0].quantity"),
            ({"items": [{"sku": "a", "quantity": True, "price_cents": 1}]}, "items[0].quantity"),
            ({"items": [{"sku": "a", "quantity": 1, "price_cents": -1}]}, "items[0].price_cents"),
            ({"items": [{"sku": "a", "quantity": 1, "price_cents": 10**400}]}, "items[0].price_cents"),
            ({"items": [{"sku": "a", "quantity": 1, "price_cents": 0}]}, "items"),
            ({"items": [{"sku": "a", "quantity": 11, "price_cents": 1_000_000}]}, "items"),
        ],
    )
    def test_a_wrong_field_is_named_and_nothing_else(self, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(RefusedError) as caught:
            validate(body(**changes))

        assert [field] == list(caught.value.problems)

    def test_all_problems_are_told_at_once(self) -> None:
        with pytest.raises(RefusedError) as caught:
            validate({"items": [{"sku": "a"}]})

        assert [
            "customer_id",
            "restaurant_id",
            "region",
            "destination",
            "items[0].quantity",
            "items[0].price_cents",
        ] == list(caught.value.problems)

    @pytest.mark.parametrize("payload", [None, [], "text", 1])
    def test_a_body_that_is_no_object_is_refused(self, payload: object) -> None:
        with pytest.raises(RefusedError) as caught:
            validate(payload)

        assert {"body": "must be an object"} == caught.value.problems

    @pytest.mark.parametrize("user_id", ["c-2", "C-1", "", "c-1 "])
    def test_an_order_is_placed_by_its_own_customer_only(self, user_id: str) -> None:
        with pytest.raises(RefusedError) as caught:
            validate(body(), user_id=user_id)

        assert (403, "customer_wrong", {}) == (caught.value.status, caught.value.code, caught.value.problems)

    @given(payload=JSON_VALUES | st.fixed_dictionaries({}, optional=dict.fromkeys(body(), JSON_VALUES)))
    def test_whatever_comes_is_an_order_or_invalid(self, payload: object) -> None:
        try:
            outcome: object = validate(payload)
        except RefusedError as error:
            outcome = error.problems or error.code

        assert outcome

    def test_a_retry_with_the_same_key_is_the_same_order(self) -> None:
        assert validate(body(), "key").order_id == validate(body(), "key").order_id

    def test_another_customer_with_the_same_key_has_another_order(self) -> None:
        assert identify_order("c-1", "key", lambda: FIXED_ID) != identify_order("c-2", "key", lambda: FIXED_ID)

    def test_an_order_without_a_key_gets_a_random_id(self) -> None:
        assert str(FIXED_ID) == identify_order("c-1", None, lambda: FIXED_ID)

    def test_an_order_travels_as_one_line_of_json(self) -> None:
        text = order().to_json()

        assert "\n" not in text
        assert {
            "order_id": str(FIXED_ID),
            "customer_id": "c-1",
            "restaurant_id": "r-1",
            "region": "berlin",
            "destination": {"latitude": 52.52, "longitude": 13.405},
            "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}, {"sku": "bread", "quantity": 1, "price_cents": 0}],
            "total_cents": 900,
            "placed_at": PLACED_AT,
        } == json.loads(text)


class TestHandler:
    def test_a_valid_order_is_passed_on_and_accepted(self) -> None:
        sink = ListedOrders()

        answer = place_order(event(body()), SETTINGS, sink)

        assert 202 == answer["statusCode"]
        assert {"order_id": sink.orders[0].order_id, "status": "placed", "total_cents": 900} == json.loads(answer["body"])

    def test_an_invalid_order_is_answered_with_its_problems(self) -> None:
        sink = ListedOrders()

        answer = place_order(event(body(region="")), SETTINGS, sink)

        assert 400 == answer["statusCode"]
        assert {
            "code": "order_invalid",
            "message": "The order is not valid.",
            "problems": {"region": "must be a text of 1 to 200 printable characters"},
        } == json.loads(answer["body"])
        assert [] == sink.orders

    @pytest.mark.parametrize(
        ("identity", "code", "message"),
        [
            (
                {"userArn": "arn:aws:sts::123456789012:assumed-role/customers/c-2"},
                "customer_wrong",
                "The customer_id must be the user whose signature the request bears.",
            ),
            (None, "identity_unknown", "The request's signature names no user."),
            ({"userArn": None, "sourceIp": "192.0.2.1"}, "identity_unknown", "The request's signature names no user."),
        ],
    )
    def test_an_order_of_somebody_else_or_of_nobody_is_forbidden(self, identity: dict[str, Any] | None, code: str, message: str) -> None:
        sink = ListedOrders()

        answer = place_order(event(body(), requestContext={"identity": identity}), SETTINGS, sink)

        assert (403, {"code": code, "message": message}) == (answer["statusCode"], json.loads(answer["body"]))
        assert "https://eat.example" == answer["headers"]["Access-Control-Allow-Origin"]
        assert [] == sink.orders

    def test_who_is_nobody_learns_nothing_of_what_an_order_must_be(self) -> None:
        answer = place_order(event(None, body="{", requestContext={}), SETTINGS, ListedOrders())

        assert 403 == answer["statusCode"]

    def test_a_refusal_is_logged_as_the_metric_filter_counts_it_and_names_nobody(self, log: LogLines) -> None:
        place_order(event(body(region="")), SETTINGS, ListedOrders())
        place_order(event(body(customer_id="c-2")), SETTINGS, ListedOrders())

        assert [("INFO", "order_invalid"), ("INFO", "customer_wrong")] == [
            (line["level"], line["reason"]) for line in log.of("order_refused")
        ]
        assert "c-1" not in log.text
        assert "c-2" not in log.text

    @pytest.mark.parametrize(
        "changes",
        [
            {"body": None},
            {"body": "{"},
            {"body": "9" * 5000},
            {"body": "[" * 100_000},
            {"body": "%%%", "isBase64Encoded": True},
            {"body": base64.b64encode(b"\xff\xfe").decode(), "isBase64Encoded": True},
        ],
    )
    def test_a_body_that_is_not_json_is_answered_with_400(self, changes: dict[str, Any]) -> None:
        answer = place_order(event(None, **changes), SETTINGS, ListedOrders())

        assert 400 == answer["statusCode"]
        assert {"body": "must be JSON"} == json.loads(answer["body"])["problems"]

    def test_a_binary_body_is_decoded(self) -> None:
        encoded = base64.b64encode(json.dumps(body()).encode()).decode()

        answer = place_order(event(None, body=encoded, isBase64Encoded=True), SETTINGS, ListedOrders())

        assert 202 == answer["statusCode"]

    @pytest.mark.parametrize("header", ["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY"])
    def test_the_idempotency_key_is_found_in_any_case(self, header: str) -> None:
        answers = [place_order(event(body(), headers={header: "k"}), SETTINGS, ListedOrders()) for _ in range(2)]

        assert answers[0] == answers[1]

    @pytest.mark.parametrize("value", ["", "  "])
    def test_an_idempotency_key_that_says_nothing_is_none(self, value: str) -> None:
        sink = ListedOrders()
        for _ in range(2):
            place_order(event(body(), headers={"Idempotency-Key": value}), SETTINGS, sink)

        assert 2 == len({order.order_id for order in sink.orders})

    def test_an_event_without_headers_is_taken(self) -> None:
        assert 202 == place_order(event(body(), headers=None), SETTINGS, ListedOrders())["statusCode"]

    def test_a_stream_that_takes_nothing_is_answered_with_try_again(self) -> None:
        answer = place_order(event(body()), SETTINGS, NoOrders())

        assert (503, "unavailable") == (answer["statusCode"], json.loads(answer["body"])["code"])
        assert "2" == answer["headers"]["Retry-After"]

    @pytest.mark.parametrize(("payload", "sink"), [(body(), ListedOrders()), ({}, ListedOrders()), (body(), NoOrders())])
    def test_a_web_page_may_read_every_answer(self, payload: object, sink: OrderSink) -> None:
        answer = place_order(event(payload), SETTINGS, sink)

        assert "https://eat.example" == answer["headers"]["Access-Control-Allow-Origin"]

    def test_the_entry_point_reads_its_settings_on_the_first_call(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ORDERS_STREAM_NAME", "orders")
        monkeypatch.setenv("ALLOWED_ORIGIN", "*")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

        assert 400 == handle(event({}), None)["statusCode"]


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        environ = {"ORDERS_STREAM_NAME": "orders", "ALLOWED_ORIGIN": "https://eat.example"}

        assert SETTINGS == read_settings(environ)

    def test_a_missing_setting_is_named(self) -> None:
        with pytest.raises(KeyError, match="ALLOWED_ORIGIN"):
            read_settings({"ORDERS_STREAM_NAME": "orders"})


class TestKinesisOrders:
    def kinesis(self) -> Any:
        return boto3.client("kinesis", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")

    def test_orders_of_one_restaurant_share_a_partition(self) -> None:
        client = self.kinesis()
        with Stubber(client) as stubber:
            stubber.add_response(
                "put_record",
                {"ShardId": "shardId-000000000000", "SequenceNumber": "1"},
                {"StreamName": "orders", "PartitionKey": "r-1", "Data": order().to_json().encode()},
            )

            KinesisOrders(client, "orders").put(order())

            stubber.assert_no_pending_responses()

    def test_a_refusal_of_kinesis_is_told_as_unavailable(self) -> None:
        client = self.kinesis()
        with Stubber(client) as stubber:
            stubber.add_client_error("put_record", "ProvisionedThroughputExceededException")

            with pytest.raises(OrdersUnavailableError) as caught:
                KinesisOrders(client, "orders").put(order())

        assert isinstance(caught.value.__cause__, ClientError)

    def test_an_unreachable_kinesis_is_told_as_unavailable(self) -> None:
        class Unreachable:
            def put_record(self, **arguments: Any) -> None:
                raise EndpointConnectionError(endpoint_url="https://kinesis.invalid")

        with pytest.raises(OrdersUnavailableError):
            KinesisOrders(Unreachable(), "orders").put(order())
