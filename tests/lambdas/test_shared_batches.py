"""Batches: which records fail, which are held back, and what the log says of them."""

import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch import EventType
from shared.batches import process_batch, process_batch_at_once
from shared.observability import make_logger
from shared.orders import PoisonError

from tests.log_lines import LogLines, reading_log

Event = dict[str, Any]

LOGGER = make_logger("batches")


def queue(*names: str) -> Event:
    return {"Records": [{"eventSource": "aws:sqs", "messageId": f"id-{name}", "body": name} for name in names]}


def stream(*names: str) -> Event:
    def data(name: str) -> str:
        return base64.b64encode(name.encode()).decode()

    return {"Records": [{"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": f"id-{name}", "data": data(name)}} for name in names]}


def table(*names: str) -> Event:
    changes = [{"SequenceNumber": f"number-{name}", "Keys": {"key": {"S": name}}} for name in names]
    return {
        "Records": [
            {"eventSource": "aws:dynamodb", "eventID": f"id-{name}", "dynamodb": change}
            for name, change in zip(names, changes, strict=True)
        ]
    }


def read_name(record: Any) -> str:
    match record.raw_event:
        case {"body": name}:
            return str(name)
        case {"kinesis": {"data": data}}:
            return base64.b64decode(data).decode()
        case {"dynamodb": {"Keys": {"key": {"S": name}}}}:
            return str(name)
    raise AssertionError(record.raw_event)


def handle(record: Any) -> None:
    """Process a record as its name says."""
    name = read_name(record)
    if name.startswith("poison"):
        raise PoisonError(f"{name} is never processed")
    if name.startswith("fault"):
        raise ConnectionError(name)


def failed(answer: Event) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.fixture
def log() -> Iterator[LogLines]:
    with reading_log(LOGGER) as lines:
        yield lines


SOURCES = pytest.mark.parametrize(
    ("make", "source", "reported"),
    [(queue, EventType.SQS, "id"), (stream, EventType.KinesisDataStreams, "id"), (table, EventType.DynamoDBStreams, "number")],
    ids=["queue", "stream", "table"],
)


@SOURCES
def test_what_fails_is_reported_and_the_rest_is_processed(
    make: Callable[..., Event], source: EventType, reported: str, log: LogLines
) -> None:
    answer = process_batch(make("poison", "good", "fault"), source, handle, logger=LOGGER)

    assert [f"{reported}-poison", f"{reported}-fault"] == failed(answer)
    assert [("id-poison", "poison is never processed", False)] == [
        (line["record_id"], line["reason"], "exception" in line) for line in log.of("poison_record")
    ]
    assert [("id-fault", True)] == [(line["record_id"], "exception" in line) for line in log.of("record_failed")]


@SOURCES
def test_a_batch_that_fails_as_a_whole_is_answered_too(make: Callable[..., Event], source: EventType, reported: str, log: LogLines) -> None:
    assert [f"{reported}-fault", f"{reported}-poison"] == failed(process_batch(make("fault", "poison"), source, handle, logger=LOGGER))


def test_after_a_fault_those_that_follow_are_held_back_untried(log: LogLines) -> None:
    tried: list[str] = []

    def note(record: Any) -> None:
        tried.append(read_name(record))
        handle(record)

    names = ["good-a", "poison-a", "fault-a", "good-a2", "good-b", "poison-a2"]
    answer = process_batch(
        table(*names), EventType.DynamoDBStreams, note, logger=LOGGER, follows=lambda record: read_name(record).partition("-")[2][0]
    )

    assert ["good-a", "poison-a", "fault-a", "good-b"] == tried
    assert ["number-poison-a", "number-fault-a", "number-good-a2", "number-poison-a2"] == failed(answer)
    assert ["ConnectionError", "HeldBackError", "HeldBackError"] == [line["exception_name"] for line in log.of("record_failed")]


def test_records_that_need_not_follow_each_other_are_processed_at_once(log: LogLines) -> None:
    together = threading.Barrier(10, timeout=10)

    def meet(record: Any) -> None:
        together.wait()
        handle(record)

    names = ["poison", "fault", *(f"good-{number}" for number in range(8))]
    answer = process_batch_at_once(queue(*names), EventType.SQS, meet, logger=LOGGER)

    assert {"id-poison", "id-fault"} == set(failed(answer))
    assert ["id-poison"] == [line["record_id"] for line in log.of("poison_record")]
