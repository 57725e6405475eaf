"""The restaurant consumer: what POS systems are sent, what their answers do to the order, and what is tried again."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from restaurant_consumer.domain import Handover, PosUnavailableError, read_acceptance, read_handover
from restaurant_consumer.handler import handle, logger, send_orders
from restaurant_consumer.pos import HttpPos, Patience, Pos
from restaurant_consumer.settings import Settings, read_settings
from restaurant_consumer.stores import TRIES, AcceptedOrders, DynamoOrders
from shared.order_events import OrderEvent
from shared.orders import PoisonError, Status

from tests.lambda_runner import Context
from tests.log_lines import LogLines, reading_log

ACCEPTED_AT = "2026-01-02T03:04:05.678+00:00"
LATER = "2026-01-02T03:09:05.678+00:00"
QUICK = Patience(connect=0.3, read=0.3, tries=3, pause=0.01, reserve=0)
HANDOVER = Handover("o-1", "r-1", Status.PLACED, {"total_cents": 900})

Answer = tuple[int, bytes]
ACCEPTS: Answer = (200, b'{"accepted": true}')


@dataclass
class PosServer:
    """A POS system on this machine."""

    url: str = ""
    answers: list[Answer | float] = field(default_factory=list)
    """What comes next: an answer, or seconds of silence; the last one stays."""
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    def next_answer(self) -> Answer | float:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def pos_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PosServer]:
    state = PosServer()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, json.loads(body)))
            answer = state.next_answer()
            if isinstance(answer, float):
                over.wait(answer)
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1/pos"
    # It stands for the API's address, below which the function may call.
    monkeypatch.setenv("POS_URL", state.url)
    yield state
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()


class AnsweringPos(Pos):
    """Answers what it is told to answer, by the order's id."""

    def __init__(self, answers: dict[str, bool | Exception | None]) -> None:
        self.answers = answers
        self.sent: list[Handover] = []

    def send(self, handover: Handover, time_left: Callable[[], float]) -> bool | None:
        self.sent.append(handover)
        answer = self.answers[handover.order_id]
        if isinstance(answer, Exception):
            raise answer
        return answer


class ListedOrders(AcceptedOrders):
    """Keeps what is noted in a list."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.confirmed: list[str] = []

    def accept(self, order_id: str, accepted_at: str) -> bool:
        self.accepted.append(order_id)
        return self.accepted.count(order_id) == 1

    def confirm(self, order_id: str) -> None:
        self.confirmed.append(order_id)


def order(order_id: str = "o-1", **changes: Any) -> dict[str, Any]:
    """An order, but for the changes."""
    return {
        "order_id": order_id,
        "customer_id": "c-1",
        "restaurant_id": "r-1",
        "driver_id": "d-1",
        "destination": {"latitude": 52.52, "longitude": 13.405},
        "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}],
        "total_cents": 900,
    } | changes


def message(body: object, number: int = 1, stage: str = "placed") -> dict[str, Any]:
    """A message of the queue."""
    return {
        "messageId": f"m-{number}",
        "body": json.dumps(body),
        "messageAttributes": {"order_stage": {"stringValue": stage, "dataType": "String"}},
        "eventSource": "aws:sqs",
    }


def send(pos: Pos, orders: AcceptedOrders, *messages: dict[str, Any]) -> list[str]:
    """Process a batch; return the messages that failed."""
    answer = send_orders({"Records": list(messages)}, pos, orders, time_left=lambda: 30)
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.fixture
def log() -> Iterator[LogLines]:
    with reading_log(logger) as lines:
        yield lines


@pytest.fixture
def session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret", aws_session_token="token", region_name="eu-west-1"
    )


class TestHandover:
    def test_a_placed_order_is_announced_without_its_customer(self) -> None:
        handover = read_handover(OrderEvent(Status.PLACED, order(total_cents=Decimal(900))))

        assert {
            "order_id": "o-1",
            "restaurant_id": "r-1",
            "stage": "placed",
            "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}],
            "total_cents": 900,
        } == json.loads(handover.to_json())

    def test_an_assigned_order_is_confirmed_with_its_driver(self) -> None:
        handover = read_handover(OrderEvent(Status.ASSIGNED, order()))

        assert ("assigned", "d-1") == (json.loads(handover.to_json())["stage"], handover.details["driver_id"])

    @pytest.mark.parametrize("stage", [Status.PICKED_UP, Status.DELIVERED])
    def test_another_stage_is_poison(self, stage: Status) -> None:
        with pytest.raises(PoisonError, match="stage"):
            read_handover(OrderEvent(stage, order()))

    @pytest.mark.parametrize("changes", [{"restaurant_id": None}, {"restaurant_id": "."}, {"restaurant_id": ".."}, {"order_id": 7}])
    def test_an_order_without_its_ids_is_poison(self, changes: dict[str, Any]) -> None:
        with pytest.raises(PoisonError, match="is not an id"):
            read_handover(OrderEvent(Status.PLACED, order() | changes))


class TestAcceptance:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (b'{"accepted": true}', True),
            (b'{"accepted": false}', False),
            (b'{"accepted": "yes"}', None),
            (b'{"accepted": 1}', None),
            (b"{}", None),
            (b"[true]", None),
            (b"", None),
            (b"<html>", None),
            (b"\xff", None),
            (b"[" * 100_000, None),
        ],
    )
    def test_only_a_plain_word_accepts_or_refuses(self, body: bytes, expected: bool | None) -> None:
        assert expected is read_acceptance(200, body)

    @given(status=st.integers(100, 599))
    def test_every_status_is_an_answer_or_a_passing_fault_or_poison(self, status: int) -> None:
        try:
            outcome: object = read_acceptance(status, b'{"accepted": true}')
        except (PoisonError, PosUnavailableError) as error:
            outcome = type(error)

        expected: object = True
        if not 200 <= status < 300:
            expected = PosUnavailableError if status >= 500 or status in {408, 429} else PoisonError
        assert expected == outcome


class TestHttpPos:
    def pos(self, server: PosServer, session: boto3.Session, patience: Patience = QUICK) -> HttpPos:
        return HttpPos(server.url, session, patience)

    def test_a_request_is_signed_for_the_api(self, pos_server: PosServer, session: boto3.Session) -> None:
        pos_server.answers = [ACCEPTS]

        assert True is self.pos(pos_server, session).send(HANDOVER, lambda: 30)

        ((path, headers, body),) = pos_server.requests
        assert "/v1/pos/r-1" == path
        assert {"order_id": "o-1", "restaurant_id": "r-1", "stage": "placed", "total_cents": 900} == body
        assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert "/eu-west-1/execute-api/aws4_request" in headers["authorization"]
        assert "token" == headers["x-amz-security-token"]
        assert headers["x-amz-date"]
        assert "application/json" == headers["content-type"]
        assert "o-1/placed" == headers["idempotency-key"]

    def test_an_id_stays_one_part_of_the_path(self, pos_server: PosServer, session: boto3.Session) -> None:
        pos_server.answers = [ACCEPTS]

        self.pos(pos_server, session).send(Handover("ö-1", "a/../b?ü", Status.PLACED, {}), lambda: 30)

        ((path, headers, _),) = pos_server.requests
        assert "/v1/pos/a%2F..%2Fb%3F%C3%BC" == path
        assert "%C3%B6-1/placed" == headers["idempotency-key"]

    def test_a_fault_that_passes_is_tried_again(self, pos_server: PosServer, session: boto3.Session) -> None:
        pos_server.answers = [(500, b""), (429, b""), ACCEPTS]

        assert True is self.pos(pos_server, session).send(HANDOVER, lambda: 30)
        assert 3 == len(pos_server.requests)

    def test_a_system_that_stays_broken_is_given_up_for_now(self, pos_server: PosServer, session: boto3.Session) -> None:
        pos_server.answers = [(500, b"")]

        with pytest.raises(PosUnavailableError, match="500"):
            self.pos(pos_server, session).send(HANDOVER, lambda: 30)

        assert QUICK.tries == len(pos_server.requests)

    def test_a_system_that_never_answers_is_given_up_for_now(self, pos_server: PosServer, session: boto3.Session) -> None:
        pos_server.answers = [30.0]
        started = time.monotonic()

        with pytest.raises(PosUnavailableError, match="ReadTimeoutError"):
            self.pos(pos_server, session).send(HANDOVER, lambda: 30)

        assert QUICK.tries == len(pos_server.requests)
        assert time.monotonic() - started < 5

    def test_nobody_listening_is_a_passing_fault(self, session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POS_URL", "http://127.0.0.1:9/pos")

        with pytest.raises(PosUnavailableError, match="EndpointConnectionError"):
            HttpPos("http://127.0.0.1:9/pos", session, QUICK).send(HANDOVER, lambda: 30)

    @pytest.mark.parametrize("status", [400, 403, 404, 302])
    def test_a_refusal_is_not_repeated(self, pos_server: PosServer, session: boto3.Session, status: int) -> None:
        pos_server.answers = [(status, b"")]

        with pytest.raises(PoisonError, match=str(status)):
            self.pos(pos_server, session).send(HANDOVER, lambda: 30)

        assert 1 == len(pos_server.requests)

    def test_no_try_starts_that_the_function_could_not_finish(self, pos_server: PosServer, session: boto3.Session) -> None:
        pos_server.answers = [(500, b"")]
        left = iter([10.0, 0.5, 0.5])

        with pytest.raises(PosUnavailableError, match="500"):
            self.pos(pos_server, session).send(HANDOVER, lambda: next(left))
        with pytest.raises(PosUnavailableError, match="no time"):
            self.pos(pos_server, session, Patience(tries=1)).send(HANDOVER, lambda: 15.9)

        assert 1 == len(pos_server.requests)


class TestBatch:
    def test_an_acceptance_is_noted_and_logged_once(self, log: LogLines) -> None:
        orders = ListedOrders()

        for _ in range(2):
            assert [] == send(AnsweringPos({"o-1": True}), orders, message(order()))

        assert ["o-1", "o-1"] == orders.accepted
        (line,) = log.of("order_accepted")
        assert ("INFO", "o-1", "r-1") == (line["level"], line["order_id"], line["restaurant_id"])

    def test_a_refusal_changes_nothing_and_is_logged(self, log: LogLines) -> None:
        orders = ListedOrders()

        assert [] == send(AnsweringPos({"o-1": False}), orders, message(order()))
        assert [] == orders.accepted + orders.confirmed
        assert 1 == len(log.of("order_not_accepted"))

    def test_an_answer_that_does_not_say_accepts_nothing(self) -> None:
        orders = ListedOrders()

        assert [] == send(AnsweringPos({"o-1": None}), orders, message(order(), stage="assigned"))
        assert ([], ["o-1"]) == (orders.accepted, orders.confirmed)

    def test_failures_fail_alone(self, log: LogLines) -> None:
        orders = ListedOrders()
        pos = AnsweringPos({"o-1": PosUnavailableError("500"), "o-2": True, "o-3": PoisonError("the POS system answered 404")})
        messages = [message(order("o-1"), 1), message(order("o-2"), 2), message(order("o-3"), 3), message([], 4)]

        assert ["m-1", "m-3", "m-4"] == sorted(send(pos, orders, *messages))
        assert ["o-2"] == orders.accepted
        assert ["m-1"] == [line["record_id"] for line in log.of("record_failed")]
        reasons = {line["record_id"]: line["reason"] for line in log.of("poison_record")}
        assert {"m-3": "the POS system answered 404", "m-4": "the body is not an order"} == reasons

    def test_a_slow_restaurant_takes_no_time_from_the_others(self) -> None:
        everybody = threading.Barrier(10, timeout=10)

        class WaitingPos(Pos):
            def send(self, handover: Handover, time_left: Callable[[], float]) -> bool | None:
                everybody.wait()
                return True

        orders = ListedOrders()

        assert [] == send(WaitingPos(), orders, *(message(order(f"o-{number}"), number) for number in range(10)))
        assert 10 == len(orders.accepted)

    def test_logs_name_no_place_and_no_customer(self, log: LogLines) -> None:
        send(AnsweringPos({"o-1": PosUnavailableError("500")}), ListedOrders(), message(order()))

        assert "52.52" not in log.text
        assert "c-1" not in log.text


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The orders table, empty."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield boto3.resource("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def stored(table: Any) -> tuple[str, str | None]:
    """The order's status, and when it was accepted."""
    item = table.get_item(Key={"order_id": "o-1"})["Item"]
    return item["status"], item.get("accepted_at")


class TestDynamoOrders:
    def store(self, table: Any) -> DynamoOrders:
        return DynamoOrders(boto3.client("dynamodb"), "orders")

    def test_an_assigned_order_becomes_accepted(self, table: Any) -> None:
        table.put_item(Item={"order_id": "o-1", "status": "assigned"})

        assert True is self.store(table).accept("o-1", ACCEPTED_AT)
        assert ("accepted", ACCEPTED_AT) == stored(table)

    def test_a_placed_order_keeps_its_status_until_it_has_a_driver(self, table: Any) -> None:
        table.put_item(Item={"order_id": "o-1", "status": "placed"})
        store = self.store(table)

        assert True is store.accept("o-1", ACCEPTED_AT)
        assert ("placed", ACCEPTED_AT) == stored(table)

        table.update_item(
            Key={"order_id": "o-1"},
            UpdateExpression="SET #s = :s",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":s": "assigned"},
        )
        store.confirm("o-1")
        assert ("accepted", ACCEPTED_AT) == stored(table)

    def test_an_acceptance_that_is_said_twice_is_known_the_second_time(self, table: Any) -> None:
        table.put_item(Item={"order_id": "o-1", "status": "assigned", "accepted_at": ACCEPTED_AT})

        assert False is self.store(table).accept("o-1", LATER)
        assert ("accepted", ACCEPTED_AT) == stored(table)

    @pytest.mark.parametrize("status", Status)
    def test_a_repeated_message_changes_nothing(self, table: Any, status: Status) -> None:
        table.put_item(Item={"order_id": "o-1", "status": status.value})
        store = self.store(table)
        store.accept("o-1", ACCEPTED_AT)
        before = stored(table)

        assert False is store.accept("o-1", LATER)
        assert before == stored(table)

    @pytest.mark.parametrize("status", [Status.ACCEPTED, Status.PICKED_UP, Status.DELIVERED])
    def test_an_order_that_went_on_stays_as_it_is(self, table: Any, status: Status) -> None:
        table.put_item(Item={"order_id": "o-1", "status": status.value})
        store = self.store(table)

        assert False is store.accept("o-1", ACCEPTED_AT)
        store.confirm("o-1")
        assert (status.value, None) == stored(table)

    def test_an_order_that_was_never_accepted_is_not_confirmed(self, table: Any) -> None:
        table.put_item(Item={"order_id": "o-1", "status": "assigned"})

        self.store(table).confirm("o-1")

        assert ("assigned", None) == stored(table)

    def test_an_order_that_gets_its_driver_in_between_becomes_accepted(self, table: Any) -> None:
        table.put_item(Item={"order_id": "o-1", "status": "placed"})
        client = boto3.client("dynamodb")
        calls: list[str] = []

        def assign(**arguments: Any) -> None:
            calls.append("update")
            if len(calls) == 2:
                table.put_item(Item={"order_id": "o-1", "status": "assigned"})

        client.meta.events.register("before-call.dynamodb.UpdateItem", assign)

        assert True is DynamoOrders(client, "orders").accept("o-1", ACCEPTED_AT)
        assert ("accepted", ACCEPTED_AT) == stored(table)

    def test_a_write_that_meets_the_assignment_is_tried_again(self, table: Any) -> None:
        client = boto3.client("dynamodb")
        with Stubber(client) as stubber:
            for _ in range(TRIES - 1):
                stubber.add_client_error("update_item", "TransactionConflictException")
            stubber.add_response("update_item", {"Attributes": {"status": {"S": "assigned"}}})

            assert True is DynamoOrders(client, "orders", sleep=lambda seconds: None).accept("o-1", ACCEPTED_AT)

    def test_a_write_that_always_meets_others_is_left_to_the_queue(self, table: Any) -> None:
        client = boto3.client("dynamodb")
        with Stubber(client) as stubber:
            for _ in range(TRIES):
                stubber.add_client_error("update_item", "TransactionConflictException")

            with pytest.raises(ClientError, match="TransactionConflictException"):
                DynamoOrders(client, "orders", sleep=lambda seconds: None).accept("o-1", ACCEPTED_AT)

    def test_an_unknown_order_is_poison(self, table: Any) -> None:
        with pytest.raises(PoisonError, match="not stored"):
            self.store(table).accept("o-1", ACCEPTED_AT)
        with pytest.raises(PoisonError, match="not stored"):
            self.store(table).confirm("o-1")
        assert 0 == table.scan()["Count"]


class TestEntryPoint:
    def test_a_restaurant_is_asked_and_its_acceptance_stored(
        self, table: Any, pos_server: PosServer, monkeypatch: pytest.MonkeyPatch, log: LogLines
    ) -> None:
        monkeypatch.setenv("ORDERS_TABLE", "orders")
        table.put_item(Item={"order_id": "o-1", "status": "assigned"})
        pos_server.answers = [ACCEPTS]

        answers = [handle({"Records": [message(order(), stage="assigned")]}, Context("restaurant_consumer")) for _ in range(2)]
        handle.__globals__["_connect"].cache_clear()

        assert [{"batchItemFailures": []}] * 2 == answers
        assert "accepted" == stored(table)[0]
        assert 1 == len(log.of("order_accepted"))
        assert 2 == len(pos_server.requests)


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        assert Settings("orders", "https://x/pos") == read_settings({"ORDERS_TABLE": "orders", "POS_URL": "https://x/pos"})

    def test_a_missing_setting_is_named(self) -> None:
        with pytest.raises(KeyError, match="POS_URL"):
            read_settings({"ORDERS_TABLE": "orders"})
