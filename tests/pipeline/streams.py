"""Event source mappings of Kinesis streams and of tables' streams, as Lambda polls them.

What AWS spreads over seconds, pauses between tries above all, happens with every call of `StreamReader.deliver`: each
lane of each shard has its next batch tried once.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.pipeline.cloud import Cloud
from tests.pipeline.filters import passes
from tests.pipeline.functions import LocalFunction, Result
from tests.pipeline.wiring import EventSource

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are tried together."""

    records: Sequence[Record]
    tries: int = 0


@dataclass(slots=True)
class Lane:
    """A part of a shard whose records stay in order."""

    waiting: deque[Record] = field(default_factory=deque)
    failed: deque[Batch] = field(default_factory=deque)
    """What is tried again before anything else."""

    def next_batch(self, size: int) -> Batch | None:
        """Take what is to be tried next."""
        if self.failed:
            return self.failed.popleft()
        records = [self.waiting.popleft() for _ in range(min(size, len(self.waiting)))]
        return Batch(records) if records else None


class Feed:
    """The shards of a stream, read from a position on."""

    def poll(self) -> Iterator[tuple[str, str, Record]]:
        """Yield the new records, each with its shard and the key by which its order is kept."""
        raise NotImplementedError

    sequence: Callable[[Record], str]
    """A record's sequence number."""
    arrival: Callable[[Record], float]
    """When it came, in epoch seconds."""
    batch_info: str
    """What a letter calls the place of a batch in the stream."""


class KinesisFeed(Feed):
    """A Kinesis stream."""

    batch_info = "KinesisBatchInfo"

    def __init__(self, cloud: Cloud, source: EventSource, role_arn: str) -> None:
        self._kinesis = cloud.kinesis
        self._source = source
        self._role_arn = role_arn
        name = source.source_arn.rpartition("/")[2]
        shards = self._kinesis.list_shards(StreamName=name)["Shards"]
        position = source.position or "LATEST"
        self._iterators = {
            shard["ShardId"]: self._kinesis.get_shard_iterator(StreamName=name, ShardId=shard["ShardId"], ShardIteratorType=position)[
                "ShardIterator"
            ]
            for shard in shards
        }

    def poll(self) -> Iterator[tuple[str, str, Record]]:
        """See `Feed.poll`."""
        for shard, iterator in self._iterators.items():
            answer = self._kinesis.get_records(ShardIterator=iterator, Limit=1000)
            self._iterators[shard] = answer["NextShardIterator"]
            for record in answer["Records"]:
                yield shard, record["PartitionKey"], self._describe(shard, record)

    def _describe(self, shard: str, record: Mapping[str, Any]) -> Record:
        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": record["SequenceNumber"],
                "data": base64.b64encode(record["Data"]).decode(),
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard}:{record['SequenceNumber']}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": self._role_arn,
            "awsRegion": self._source.source_arn.split(":")[3],
            "eventSourceARN": self._source.source_arn,
        }

    @staticmethod
    def sequence(record: Record) -> str:
        """See `Feed.sequence`."""
        return str(record["kinesis"]["sequenceNumber"])

    @staticmethod
    def arrival(record: Record) -> float:
        """See `Feed.arrival`."""
        return float(record["kinesis"]["approximateArrivalTimestamp"])


class TableFeed(Feed):
    """A table's stream."""

    batch_info = "DDBStreamBatchInfo"

    def __init__(self, cloud: Cloud, source: EventSource) -> None:
        self._read = cloud.read_stream(source.source_arn)
        self._source = source
        self._next = 0 if source.position == "TRIM_HORIZON" else len(self._read())

    def poll(self) -> Iterator[tuple[str, str, Record]]:
        """See `Feed.poll`; the stream has one shard."""
        records = self._read()
        new, self._next = records[self._next :], len(records)
        for record in new:
            change = {**record["dynamodb"]}
            change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
            yield "shardId-1", json.dumps(change["Keys"]), {**record, "dynamodb": change, "eventSourceARN": self._source.source_arn}

    @staticmethod
    def sequence(record: Record) -> str:
        """See `Feed.sequence`."""
        return str(record["dynamodb"]["SequenceNumber"])

    @staticmethod
    def arrival(record: Record) -> float:
        """See `Feed.arrival`."""
        return float(record["dynamodb"]["ApproximateCreationDateTime"])


class StreamReader:
    """One event source mapping of a stream."""

    def __init__(self, source: EventSource, feed: Feed, function: LocalFunction, cloud: Cloud, now: Callable[[], float]) -> None:
        self._source = source
        self._feed = feed
        self._function = function
        self._sqs = cloud.sqs
        self._now = now
        self._lanes: dict[tuple[str, int], Lane] = {}
        self._passed_s = 0.0
        self._passed_before: dict[str, float] = {}
        """By sequence number: what has passed before the record came does not make it older."""

    def deliver(self) -> int:
        """Read what is new, try a batch of each lane, and return how many records the function was given."""
        self._read()
        return sum(self._try_batch(shard, lane) for (shard, _), lane in list(self._lanes.items()))

    def let_time_pass(self, seconds: float) -> None:
        """Let what is there grow older."""
        self._read()
        self._passed_s += seconds

    def _read(self) -> None:
        for shard, key, record in self._feed.poll():
            if passes(self._visible(record), self._source.patterns):
                lane = (shard, zlib.crc32(key.encode()) % self._source.lanes)
                self._lanes.setdefault(lane, Lane()).waiting.append(record)
                self._passed_before[self._feed.sequence(record)] = self._passed_s

    def _visible(self, record: Record) -> Record:
        """Return what filters see: of Kinesis the decoded data, and nothing of a record whose data are no JSON."""
        if "kinesis" not in record or not self._source.patterns:
            return record
        try:
            return {**record["kinesis"], "data": json.loads(base64.b64decode(record["kinesis"]["data"]))}
        except (ValueError, RecursionError):
            return {}

    def _try_batch(self, shard: str, lane: Lane) -> int:
        batch = lane.next_batch(self._source.batch_size)
        if batch is None:
            return 0
        if self._is_old(batch):
            self._give_up(shard, batch, "RecordAgeExceeded")
            return 0
        result = self._function.try_invoke({"Records": list(batch.records)})
        failed = self._find_failure(batch, result)
        if failed is not None:
            self._note_failure(shard, lane, batch, failed)
        return len(batch.records)

    def _is_old(self, batch: Batch) -> bool:
        limit = self._source.max_age_s
        return limit is not None and min(map(self._age, batch.records)) > limit

    def _age(self, record: Record) -> float:
        return self._now() - self._feed.arrival(record) + self._passed_s - self._passed_before[self._feed.sequence(record)]

    def _find_failure(self, batch: Batch, result: Result) -> int | None:
        """Return the place of the first record that failed; the first of all if the answer cannot be understood."""
        if result.error is not None:
            return 0
        failures = (result.answer or {}).get("batchItemFailures") if self._source.reports_failures else None
        if not failures:
            return None
        numbers = [self._feed.sequence(record) for record in batch.records]
        names = {failure.get("itemIdentifier") for failure in failures}
        return min(map(numbers.index, names)) if names <= set(numbers) else 0

    def _note_failure(self, shard: str, lane: Lane, batch: Batch, failed: int) -> None:
        rest = batch.records[failed:]
        if self._source.bisects and (failed or len(rest) > 1):
            # A batch that is cut, where the answer says or else in the middle, costs no try.
            half = len(rest) if failed else len(rest) // 2
            lane.failed.extendleft(Batch(part, batch.tries) for part in (rest[half:], rest[:half]) if part)
        elif self._source.max_retries is not None and batch.tries >= self._source.max_retries:
            self._give_up(shard, Batch(rest, batch.tries + 1), "RetryAttemptsExhausted")
        else:
            lane.failed.appendleft(Batch(rest, batch.tries + 1))

    def _give_up(self, shard: str, batch: Batch, condition: str) -> None:
        """Send a letter that says where the records are, but not what they say."""
        if self._source.failure_arn is None:
            return
        first, last = batch.records[0], batch.records[-1]
        letter = {
            "requestContext": {
                "functionArn": f"{self._function.planned.arn}:$LATEST",
                "condition": condition,
                "approximateInvokeCount": batch.tries,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": _write_time(self._now()),
            self._feed.batch_info: {
                "shardId": shard,
                "startSequenceNumber": self._feed.sequence(first),
                "endSequenceNumber": self._feed.sequence(last),
                "approximateArrivalOfFirstRecord": _write_time(self._feed.arrival(first)),
                "approximateArrivalOfLastRecord": _write_time(self._feed.arrival(last)),
                "batchSize": len(batch.records),
                "streamArn": self._source.source_arn,
            },
        }
        name = self._source.failure_arn.rpartition(":")[2]
        self._sqs.send_message(QueueUrl=self._sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=json.dumps(letter))


def _write_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
