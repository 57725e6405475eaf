"""The order publisher: which writes are told, how, and what happens to the records that fail."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from order_publisher.domain import find_stage
from order_publisher.handler import handle, logger, publish_changes
from order_publisher.settings import Settings, read_settings
from order_publisher.stores import StageSink
from shared.order_events import OrderEvent
from shared.orders import STAGES, PoisonError, Status

from tests.log_lines import LogLines, reading_log

STATUSES = st.none() | st.sampled_from(Status)


class ListedStages(StageSink):
    """Keeps what it takes in a list; fails for the chosen orders as often as told."""

    def __init__(self, failures: dict[str, int] | None = None) -> None:
        self.failures = failures or {}
        self.events: list[tuple[str, str]] = []

    def publish(self, event: OrderEvent) -> None:
        order_id = event.order["order_id"]
        if self.failures.get(order_id, 0) > 0:
            self.failures[order_id] -= 1
            raise ConnectionError("the topic does not answer")
        self.events.append((order_id, event.stage.value))


def image(order_id: str, status: str | None, **fields: Any) -> dict[str, Any]:
    """A stored order in DynamoDB's form."""
    item = {"order_id": order_id, "total_cents": 900, "surge": Decimal("1.25"), **fields} | ({"status": status} if status else {})
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in item.items()}


def record(number: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    """A stream record of this sequence number."""
    images = {"OldImage": before, "NewImage": after}
    some = after or before or {}
    return {
        "eventID": f"e-{number}",
        "eventName": "MODIFY" if before and after else "INSERT" if after else "REMOVE",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"order_id": some.get("order_id", {"S": "?"})},
            "SequenceNumber": str(number),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **{name: value for name, value in images.items() if value is not None},
        },
    }


def move(number: int, order_id: str, before: str | None, after: str) -> dict[str, Any]:
    """The record of a write that took an order from one status into another one."""
    return record(number, image(order_id, before) if before else None, image(order_id, after))


def publish(sink: StageSink, *records: dict[str, Any]) -> list[str]:
    """Publish a batch; return the sequence numbers of what failed."""
    return [item["itemIdentifier"] for item in publish_changes({"Records": list(records)}, sink)["batchItemFailures"]]


@pytest.fixture
def log() -> Iterator[LogLines]:
    with reading_log(logger) as lines:
        yield lines


class TestDomain:
    @given(before=STATUSES, after=st.sampled_from(Status))
    def test_a_stage_is_told_exactly_when_the_status_became_it(self, before: Status | None, after: Status) -> None:
        expected = after if after in STAGES and before != after else None

        assert expected == find_stage({"status": before} if before else None, {"status": after})

    def test_a_deleted_order_reached_no_stage(self) -> None:
        assert find_stage({"status": "delivered"}, None) is None

    @pytest.mark.parametrize(
        ("order", "reason"), [({"order_id": "o-1"}, "no status"), ({"status": "cooked"}, "unknown"), ({"status": 7}, "unknown")]
    )
    def test_an_order_without_a_known_status_is_poison(self, order: dict[str, Any], reason: str) -> None:
        with pytest.raises(PoisonError, match=reason):
            find_stage(None, order)


class TestBatch:
    def test_new_stages_are_told_in_their_order(self) -> None:
        sink = ListedStages()

        failed = publish(sink, move(1, "o-1", None, "placed"), move(2, "o-2", None, "placed"), move(3, "o-1", "placed", "assigned"))

        assert [] == failed
        assert [("o-1", "placed"), ("o-2", "placed"), ("o-1", "assigned")] == sink.events

    def test_what_consumers_write_is_not_told_whatever_the_filter_lets_through(self) -> None:
        sink = ListedStages()
        accepted = record(2, image("o-1", "placed"), image("o-1", "placed", accepted_at="2026-01-02T03:04:05.678+00:00"))

        failed = publish(sink, move(1, "o-1", "assigned", "accepted"), accepted, record(3, image("o-1", "delivered"), None))

        assert [] == failed
        assert [] == sink.events

    def test_a_stage_is_logged_once_it_is_told(self, log: LogLines) -> None:
        publish(ListedStages({"o-2": 1}), move(1, "o-1", None, "placed"), move(2, "o-2", None, "placed"))

        (line,) = log.of("order_stage")
        assert ("INFO", "o-1", "placed") == (line["level"], line["order_id"], line["order_stage"])

    def test_a_passing_fault_holds_back_its_order_and_no_other(self) -> None:
        sink = ListedStages({"o-1": 1})
        records = [move(1, "o-1", None, "placed"), move(2, "o-2", None, "placed"), move(3, "o-1", "placed", "assigned")]

        failed = publish(sink, *records)

        assert ["1", "3"] == failed
        assert [("o-2", "placed")] == sink.events

    def test_the_retry_tells_all_stages_of_an_order_as_they_happened(self) -> None:
        sink = ListedStages({"o-1": 1})
        records = [move(1, "o-1", None, "placed"), move(2, "o-1", "placed", "assigned")]

        assert ["1", "2"] == publish(sink, *records)
        assert [] == publish(sink, *records)
        assert [("o-1", "placed"), ("o-1", "assigned")] == sink.events

    @pytest.mark.parametrize(
        "poison",
        [
            record(1, None, image("o-1", None)),
            record(1, None, image("o-1", "cooked")),
            record(1, None, {"status": {"S": "placed"}}),
            record(1, None, {"order_id": {"S": ""}, "status": {"S": "placed"}}),
            record(1, None, {"order_id": {"S": "o-1"}, "status": {"S": "placed"}, "total_cents": {"N": "many"}}),
            record(1, None, {"order_id": {"S": "o-1"}, "status": {"S": "placed"}, "extra": {"X": "?"}}),
            record(1, None, {"order_id": {"S": "o-1"}, "status": "placed"}),
        ],
    )
    def test_poison_fails_alone_and_with_its_reason(self, poison: dict[str, Any], log: LogLines) -> None:
        sink = ListedStages()

        failed = publish(sink, poison, move(2, "o-1", "placed", "assigned"))

        assert ["1"] == failed
        assert [("o-1", "assigned")] == sink.events
        (line,) = log.of("poison_record")
        assert line["reason"]
        assert "e-1" == line["record_id"]
        assert "exception" not in line

    def test_a_batch_of_failures_is_answered_and_does_not_raise(self) -> None:
        assert ["1"] == publish(ListedStages({"o-1": 1}), move(1, "o-1", None, "placed"))


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        assert Settings(topic_arn="arn:t") == read_settings({"ORDER_EVENTS_TOPIC_ARN": "arn:t"})

    def test_a_missing_setting_is_named(self) -> None:
        with pytest.raises(KeyError, match="ORDER_EVENTS_TOPIC_ARN"):
            read_settings({})


class TestEntryPoint:
    @pytest.fixture(autouse=True)
    def aws(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        with mock_aws():
            yield
        handle.__globals__["_connect"].cache_clear()

    def subscribe(self, topic: str, stages: list[str]) -> str:
        sqs, sns = boto3.client("sqs"), boto3.client("sns")
        url: str = sqs.create_queue(QueueName="customers")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"order_stage": stages})}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        return url

    def test_a_write_to_the_table_reaches_the_queues_that_hear_of_its_stage(self, monkeypatch: pytest.MonkeyPatch) -> None:
        topic = boto3.client("sns").create_topic(Name="order-events")["TopicArn"]
        monkeypatch.setenv("ORDER_EVENTS_TOPIC_ARN", topic)
        queue = self.subscribe(topic, ["assigned"])
        table = boto3.resource("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        order = {"order_id": "o-1", "status": "placed", "distance_km": Decimal("1.234"), "total_cents": 900}
        for status in ("placed", "assigned", "accepted"):
            table.put_item(Item={**order, "status": status})

        answer = handle({"Records": self.read_stream(table.latest_stream_arn)}, None)

        assert {"batchItemFailures": []} == answer
        (message,) = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])["Messages"]
        assert {**order, "status": "assigned", "distance_km": 1.234} == json.loads(message["Body"])
        assert "assigned" == message["MessageAttributes"]["order_stage"]["StringValue"]

    def read_stream(self, arn: str) -> list[dict[str, Any]]:
        # moto does not know the address that carries the account's number.
        streams = boto3.client("dynamodbstreams", config=Config(account_id_endpoint_mode="disabled"))
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records: list[dict[str, Any]] = streams.get_records(ShardIterator=iterator)["Records"]
        return records
