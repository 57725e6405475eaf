"""The customer consumer: who is told what, what a receipt says, and what a repeated message does."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from customer_consumer.domain import Link, Notification, Receipt, make_receipt, read_notification
from customer_consumer.handler import handle, logger, notify_customers
from customer_consumer.settings import Settings, read_settings
from customer_consumer.stores import Notifications, Receipts
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from shared.order_events import OrderEvent
from shared.orders import STAGES, PoisonError, Status

from tests.log_lines import LogLines, reading_log

ITEMS = st.fixed_dictionaries({"sku": st.text(min_size=1), "quantity": st.integers(1, 50), "price_cents": st.integers(0, 10**6)})


class ListedNotifications(Notifications):
    """Keeps what is published in a list."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def publish(self, notification: Notification, receipt: Link | None) -> None:
        self.messages.append(notification.message(receipt))


class ListedReceipts(Receipts):
    """Keeps receipts by their keys; fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.filed: dict[str, Receipt] = {}

    def file(self, receipt: Receipt) -> Link:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the bucket does not answer")
        self.filed[receipt.key] = receipt
        return Link(f"https://receipts.example/{receipt.key}", 3600)


def order(**changes: Any) -> dict[str, Any]:
    """A delivered order, but for the changes."""
    return {
        "order_id": "o-1",
        "customer_id": "c-1",
        "restaurant_id": "r-1",
        "driver_id": "d-1",
        "destination": {"latitude": 52.52, "longitude": 13.405},
        "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}, {"sku": "bread", "quantity": 1, "price_cents": 0}],
        "total_cents": 900,
        "placed_at": "2026-01-02T03:04:05.678+00:00",
        "delivered_at": "2026-01-02T03:44:05.678+00:00",
    } | changes


def message(body: object, number: int = 1, stage: str = "delivered") -> dict[str, Any]:
    """A message of the queue."""
    return {
        "messageId": f"m-{number}",
        "body": json.dumps(body),
        "messageAttributes": {"order_stage": {"stringValue": stage, "dataType": "String"}},
        "eventSource": "aws:sqs",
    }


def notify(notifications: Notifications, receipts: Receipts, *messages: dict[str, Any]) -> list[str]:
    """Process a batch; return the messages that failed."""
    answer = notify_customers({"Records": list(messages)}, notifications, receipts)
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.fixture
def log() -> Iterator[LogLines]:
    with reading_log(logger) as lines:
        yield lines


class TestNotification:
    @pytest.mark.parametrize("stage", STAGES)
    def test_a_notification_names_the_order_and_nothing_personal(self, stage: Status) -> None:
        notification = read_notification(OrderEvent(stage, order()))

        assert {
            "notification_id": notification.notification_id,
            "user_id": "c-1",
            "order_id": "o-1",
            "order_stage": stage.value,
            "text_key": f"order.{stage.value}",
        } == notification.message(None)

    def test_every_stage_of_every_order_has_an_id_that_stays(self) -> None:
        events = [OrderEvent(stage, order(order_id=order_id)) for stage in STAGES for order_id in ("o-1", "o-2")]
        ids = [read_notification(event).notification_id for event in events]

        assert len(events) == len(set(ids))
        assert ids == [read_notification(event).notification_id for event in events]

    @pytest.mark.parametrize("changes", [{"customer_id": None}, {"order_id": ""}])
    def test_an_order_without_its_ids_is_poison(self, changes: dict[str, Any]) -> None:
        with pytest.raises(PoisonError, match="is not an id"):
            read_notification(OrderEvent(Status.PLACED, order(**changes)))


class TestReceipt:
    def test_a_receipt_says_what_was_bought(self) -> None:
        expected = {
            "order_id": "o-1",
            "customer_id": "c-1",
            "restaurant_id": "r-1",
            "items": [
                {"sku": "soup", "quantity": 2, "price_cents": 450, "amount_cents": 900},
                {"sku": "bread", "quantity": 1, "price_cents": 0, "amount_cents": 0},
            ],
            "total_cents": 900,
            "placed_at": "2026-01-02T03:04:05.678+00:00",
            "delivered_at": "2026-01-02T03:44:05.678+00:00",
        }

        assert Receipt("o-1", expected) == make_receipt(OrderEvent(Status.DELIVERED, order()))
        assert "receipts/o-1.json" == Receipt("o-1", expected).key

    @given(items=st.lists(ITEMS, min_size=1))
    def test_its_lines_add_up_to_its_total(self, items: list[dict[str, Any]]) -> None:
        total = sum(item["quantity"] * item["price_cents"] for item in items)
        contents = make_receipt(OrderEvent(Status.DELIVERED, order(items=items, total_cents=total))).contents

        assert contents["total_cents"] == total == sum(line["amount_cents"] for line in contents["items"])

    @pytest.mark.parametrize(
        "changes",
        [
            {"items": None},
            {"items": []},
            {"items": ["soup"]},
            {"items": [{"sku": "soup", "quantity": 0, "price_cents": 450}]},
            {"items": [{"sku": "soup", "quantity": True, "price_cents": 900}]},
            {"items": [{"sku": "soup", "quantity": 2, "price_cents": -450}]},
            {"items": [{"sku": None, "quantity": 2, "price_cents": 450}]},
            {"items": [{"sku": "soup", "quantity": 2, "price_cents": 450.5}], "total_cents": 901},
            {"total_cents": 901},
            {"total_cents": None},
            {"delivered_at": None},
            {"restaurant_id": 7},
        ],
    )
    def test_an_order_whose_amounts_are_wrong_is_poison(self, changes: dict[str, Any]) -> None:
        with pytest.raises(PoisonError):
            make_receipt(OrderEvent(Status.DELIVERED, order(**changes)))


class TestBatch:
    @pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != Status.DELIVERED])
    def test_a_stage_before_the_delivery_is_told_without_a_receipt(self, stage: Status) -> None:
        notifications, receipts = ListedNotifications(), ListedReceipts()

        assert [] == notify(notifications, receipts, message(order(), stage=stage.value))
        assert [stage.value] == [told["order_stage"] for told in notifications.messages]
        assert {} == receipts.filed
        assert "receipt_url" not in notifications.messages[0]

    def test_a_delivery_is_told_with_a_link_to_its_receipt(self) -> None:
        notifications, receipts = ListedNotifications(), ListedReceipts()

        assert [] == notify(notifications, receipts, message(order()))
        assert ["receipts/o-1.json"] == list(receipts.filed)
        (told,) = notifications.messages
        assert ("https://receipts.example/receipts/o-1.json", 3600) == (told["receipt_url"], told["receipt_url_seconds"])

    def test_nobody_hears_of_a_receipt_that_is_not_filed(self, log: LogLines) -> None:
        notifications, receipts = ListedNotifications(), ListedReceipts(failures=1)

        assert ["m-1"] == notify(notifications, receipts, message(order()))
        assert [] == notifications.messages
        assert [] == log.of("customer_notified")
        assert [] == notify(notifications, receipts, message(order()))
        assert 1 == len(notifications.messages)

    def test_a_repeated_message_files_the_same_and_says_the_same(self) -> None:
        notifications, receipts = ListedNotifications(), ListedReceipts()

        notify(notifications, receipts, message(order()))
        first = dict(receipts.filed)
        notify(notifications, receipts, message(order(), 2))

        assert first == receipts.filed
        assert notifications.messages[0] == notifications.messages[1]

    def test_poison_fails_alone_and_with_its_reason(self, log: LogLines) -> None:
        notifications = ListedNotifications()
        messages = [message(None, 1), message(order(), 2), message(order(items=[]), 3), message(order(), 4, "cooked")]

        assert ["m-1", "m-3", "m-4"] == notify(notifications, ListedReceipts(), *messages)
        assert 1 == len(notifications.messages)
        assert ["m-1", "m-3", "m-4"] == [line["record_id"] for line in log.of("poison_record") if line["reason"]]

    def test_logs_hold_no_link_no_place_and_no_customer(self, log: LogLines) -> None:
        notify(ListedNotifications(), ListedReceipts(), message(order()))

        (line,) = log.of("customer_notified")
        assert ("o-1", "delivered") == (line["order_id"], line["order_stage"])
        assert [] == [text for text in ("receipts.example", "52.52", "c-1") if text in log.text]


class TestEntryPoint:
    @pytest.fixture(autouse=True)
    def aws(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        monkeypatch.setenv("RECEIPTS_BUCKET", "receipts-of-dev")
        with mock_aws():
            boto3.client("s3").create_bucket(Bucket="receipts-of-dev", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
            yield
        handle.__globals__["_connect"].cache_clear()

    @pytest.fixture
    def queue(self, monkeypatch: pytest.MonkeyPatch, aws: None) -> str:
        """A queue that stands for the external service."""
        topic = boto3.client("sns").create_topic(Name="notifications")["TopicArn"]
        monkeypatch.setenv("NOTIFICATIONS_TOPIC_ARN", topic)
        url: str = boto3.client("sqs").create_queue(QueueName="service")["QueueUrl"]
        arn = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return url

    def receive(self, queue: str) -> list[dict[str, Any]]:
        messages = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    def test_a_delivery_reaches_the_service_with_an_id_to_know_it_by(self, queue: str) -> None:
        for _ in range(2):
            assert {"batchItemFailures": []} == handle({"Records": [message(order())]}, None)

        first, second = self.receive(queue)
        notification = json.loads(first["Message"])
        ids = [envelope["MessageAttributes"]["notification_id"]["Value"] for envelope in (first, second)]
        assert [notification["notification_id"]] * 2 == ids
        assert "delivered" == first["MessageAttributes"]["order_stage"]["Value"]
        assert ("c-1", "o-1", "order.delivered") == tuple(notification[name] for name in ("user_id", "order_id", "text_key"))

    def test_the_link_leads_to_the_receipt_for_an_hour(self, queue: str) -> None:
        handle({"Records": [message(order())]}, None)

        (envelope,) = self.receive(queue)
        link = urlsplit(json.loads(envelope["Message"])["receipt_url"])
        query = parse_qs(link.query)
        assert ("receipts-of-dev.s3.eu-west-1.amazonaws.com", "/receipts/o-1.json") == (link.netloc, link.path)
        assert (["AWS4-HMAC-SHA256"], ["3600"], ["host"]) == tuple(
            query[name] for name in ("X-Amz-Algorithm", "X-Amz-Expires", "X-Amz-SignedHeaders")
        )

    def test_the_receipt_is_filed_as_the_bucket_encrypts_it(self, queue: str) -> None:
        asked: list[dict[str, str]] = []
        _, receipts = handle.__globals__["_connect"]()
        receipts._s3.meta.events.register("before-send.s3.PutObject", lambda request, **_: asked.append(dict(request.headers)))

        handle({"Records": [message(order())]}, None)

        stored = boto3.client("s3").get_object(Bucket="receipts-of-dev", Key="receipts/o-1.json")
        assert 900 == json.loads(stored["Body"].read())["total_cents"]
        assert "application/json" == stored["ContentType"]
        assert [] == [name for headers in asked for name in headers if "encryption" in name.lower()]
        assert 1 == len(asked)

    def test_a_bucket_that_is_not_there_fails_the_message_for_now(self, queue: str, monkeypatch: pytest.MonkeyPatch, log: LogLines) -> None:
        monkeypatch.setenv("RECEIPTS_BUCKET", "receipts-of-nobody")

        assert {"batchItemFailures": [{"itemIdentifier": "m-1"}]} == handle({"Records": [message(order())]}, None)
        assert [] == self.receive(queue)
        assert 1 == len(log.of("record_failed"))


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        assert Settings("arn:t", "receipts") == read_settings({"NOTIFICATIONS_TOPIC_ARN": "arn:t", "RECEIPTS_BUCKET": "receipts"})

    def test_a_missing_setting_is_named(self) -> None:
        with pytest.raises(KeyError, match="RECEIPTS_BUCKET"):
            read_settings({"NOTIFICATIONS_TOPIC_ARN": "arn:t"})
