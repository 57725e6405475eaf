"""How batches of a stream are cut, repeated and given up, by what a function answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.pipeline.functions import Result
from tests.pipeline.streams import Feed, Record, StreamReader
from tests.pipeline.wiring import EventSource

QUEUE = "arn:aws:sqs:us-east-1:123456789012:letters"


class ListedFeed(Feed):
    """Records that are numbers, all there from the beginning."""

    batch_info = "Place"

    def __init__(self, numbers: Sequence[int]) -> None:
        self.new = list(numbers)

    def poll(self) -> Iterator[tuple[str, str, Record]]:
        while self.new:
            number = self.new.pop(0)
            yield "shard", "key", {"number": str(number)}

    @staticmethod
    def sequence(record: Record) -> str:
        return str(record["number"])

    @staticmethod
    def arrival(record: Record) -> float:
        return 0.0


class Consumer:
    """A function that cannot process some records, and says so, or fails as a whole; a sink of letters as well."""

    def __init__(self, poison: Sequence[int], *, reports: bool) -> None:
        self.poison, self.reports = set(map(str, poison)), reports
        self.calls: list[list[int]] = []
        self.letters: list[str] = []
        self.planned = self
        self.arn = "arn"
        self.sqs = self

    def try_invoke(self, event: Any) -> Result:
        numbers = [record["number"] for record in event["Records"]]
        self.calls.append([int(number) for number in numbers])
        failed = [number for number in numbers if number in self.poison]
        if failed and not self.reports:
            return Result(error={"errorType": "Any", "errorMessage": "any"})
        return Result({"batchItemFailures": [{"itemIdentifier": number} for number in failed]})

    def get_queue_url(self, **names: str) -> dict[str, str]:
        return {"QueueUrl": names["QueueName"]}

    def send_message(self, **message: str) -> None:
        self.letters.append(message["MessageBody"])


def run(numbers: Sequence[int], poison: Sequence[int], *, reports: bool = True, bisects: bool = True, now: float = 0.0) -> Consumer:
    """Deliver until nothing is left."""
    source = EventSource("stream", "arn", 4, (), reports, True, bisects, 2, 60, QUEUE, 1, "TRIM_HORIZON")
    consumer = Consumer(poison, reports=reports)
    fake: Any = consumer
    reader = StreamReader(source, ListedFeed(numbers), fake, fake, lambda: now)
    while reader.deliver():
        pass
    return consumer


def test_a_batch_without_failures_is_delivered_once() -> None:
    assert [[1, 2, 3, 4], [5]] == run([1, 2, 3, 4, 5], []).calls


@pytest.mark.parametrize("reports", [True, False])
def test_poison_is_cut_out_and_tried_alone_as_often_as_planned(reports: bool) -> None:
    consumer = run([1, 2, 3, 4], [2], reports=reports)

    assert 3 == consumer.calls.count([2])
    assert {1, 3, 4} == {number for call in consumer.calls if 2 not in call for number in call} | ({1} if reports else set())
    assert ['"startSequenceNumber": "2", "endSequenceNumber": "2"'] == [
        letter[letter.index('"startSequence') : letter.index(', "approximateArrivalOfFirst')] for letter in consumer.letters
    ]


def test_what_follows_poison_waits_for_it() -> None:
    consumer = run([1, 2, 3, 4], [2])

    assert consumer.calls.index([3, 4]) > max(place for place, call in enumerate(consumer.calls) if 2 in call)


def test_without_bisection_what_follows_poison_is_given_up_with_it() -> None:
    consumer = run([1, 2, 3, 4], [2], bisects=False)

    assert [[1, 2, 3, 4], [2, 3, 4], [2, 3, 4]] == consumer.calls
    assert 1 == len(consumer.letters)
    assert '"batchSize": 3' in consumer.letters[0]


def test_old_records_are_given_up_untried() -> None:
    consumer = run([1, 2], [], now=61)

    assert ([], 1) == (consumer.calls, len(consumer.letters))
    assert "RecordAgeExceeded" in consumer.letters[0]
