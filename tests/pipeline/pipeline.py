"""The whole stack on this machine: what is planned for an environment runs, record by record, as fast as it can.

Nothing runs by itself: orders, messages and uploads come in through the planned APIs and the bucket, and `Pipeline.pump`
carries what they leave in streams and queues one step further.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import pymysql
from pymysql.cursors import DictCursor
from redis.cluster import RedisCluster

from tests.lambda_runner import Context, Runner, running
from tests.pipeline.applied import plan_as_applied
from tests.pipeline.asynchronous import AsynchronousCalls
from tests.pipeline.cloud import Cloud, answering_directly, localize, sharing_records
from tests.pipeline.faults import Crash, Faults, aurora_down, redis_down
from tests.pipeline.functions import Invocation, LocalFunction, Runtime, hosting
from tests.pipeline.gateway import Answer, Backend, Refused, RestGateway, WebSocketGateway
from tests.pipeline.outside import Outside
from tests.pipeline.pos import Pos, serving_pos
from tests.pipeline.queues import QueueReader, read_all
from tests.pipeline.reading import read_wiring
from tests.pipeline.refusals import check_wiring
from tests.pipeline.schedule import find_start, write_input
from tests.pipeline.streams import KinesisFeed, StreamReader, TableFeed
from tests.pipeline.transactions import copying_little
from tests.pipeline.uploads import Uploads
from tests.pipeline.wiring import Wiring
from tests.servers import AuroraServer, RedisServer, provide_mariadb, provide_redis

__all__ = ["Answer", "Pipeline", "Refused", "start_pipeline"]

NONE: Mapping[str, str] = MappingProxyType({})


class Pipeline:
    """The running stack."""

    wiring: Wiring
    redis: RedisCluster
    """A client of the Redis cluster, which answers texts."""
    notifications: list[dict[str, Any]]
    """What subscribers outside the stack got from its topics, in order: `endpoint`, `topic_arn`, `message` (decoded)."""
    pos: Pos
    """The restaurants' POS systems."""
    logs: list[dict[str, Any]]
    """All that functions logged, decoded, with the function's role as `function`."""
    invocations: list[Invocation]
    """Every call of a function."""
    functions: Mapping[str, LocalFunction]
    """By role: `invoke(event)` calls one directly, `restart()` has the next call begin with nothing kept."""
    faults: Faults
    """What is to go wrong."""
    cloud: Cloud
    """Clients of the AWS in memory."""

    def __init__(
        self,
        wiring: Wiring,
        cloud: Cloud,
        runtime: Runtime,
        functions: Mapping[str, LocalFunction],
        *,
        pos: Pos,
        outside: Outside,
        redis: RedisCluster,
        database: pymysql.Connection[DictCursor],
    ) -> None:
        self.wiring, self.cloud, self.functions, self.pos = wiring, cloud, functions, pos
        self.logs, self.invocations, self.faults = runtime.log.records, runtime.invocations, runtime.faults
        self.notifications, self.redis, self._database = outside.taken, redis, database
        self._outside, self._turn = outside, runtime.turn
        backend = Backend(wiring, functions)
        self.websocket = WebSocketGateway(wiring, backend)
        self._rest = RestGateway(wiring, backend)
        self.calls = AsynchronousCalls(functions, cloud.sqs)
        self._uploads = Uploads(wiring, self.calls)
        self._streams, self._queues = self._make_readers()

    def place_order(self, user: str | None, body: Mapping[str, Any] | str, headers: Mapping[str, str] = NONE) -> Answer:
        """POST /orders, signed by a user, or by nobody; a text is sent as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        return self._rest.request("POST", "/orders", user, text, headers)

    def open(self, user: str | None, role: str) -> str:
        """Open a WebSocket connection, signed by a user, and return its id; raise `Refused`."""
        return self.websocket.open(user, {"role": role})

    def say(self, connection_id: str, message: Mapping[str, Any] | str) -> Any:
        """Send a message with the action sendmessage, unless it names another; return the decoded answer, or None."""
        text = message if isinstance(message, str) else json.dumps({"action": "sendmessage", **message})
        return self.websocket.say(connection_id, text)

    def close_connection(self, connection_id: str) -> None:
        """Close a connection as a client does."""
        self.websocket.close(connection_id)

    def drop(self, connection_id: str) -> None:
        """Lose a connection: nobody calls $disconnect, and what is sent to it is answered with GoneException."""
        self.websocket.drop(connection_id)

    def inbox(self, connection_id: str) -> list[dict[str, Any]]:
        """Return what was pushed to a connection so far."""
        return self.websocket.inbox(connection_id)

    def upload(self, url: str, data: bytes, content_type: str = "image/jpeg") -> None:
        """PUT to a presigned URL, and have S3 tell whom it is to tell."""
        self._uploads.put(url, data, content_type)

    def pump(self) -> int:
        """Deliver what every source has for a function at once; return the number of records that functions were given."""
        sources: tuple[StreamReader | AsynchronousCalls | QueueReader, ...] = (*self._streams, self.calls, *self._queues)
        return sum(source.deliver() for source in sources)

    def settle_down(self, limit: int = 200) -> int:
        """Pump until nothing moves, and return how many records were delivered; raise `RuntimeError` if it never ends."""
        delivered = 0
        for _ in range(limit):
            moved = self.pump()
            if not moved:
                return delivered
            delivered += moved
        raise RuntimeError(f"after {limit} rounds and {delivered} records there are still more")

    def let_time_pass(self) -> None:
        """Wait as long as anything waits: messages in flight are visible again, failed asynchronous calls are due."""
        for stream in self._streams:
            stream.let_time_pass(max((queue.visibility_timeout_s for queue in self.wiring.queues.values()), default=0))
        for queue in self._queues:
            queue.let_time_pass()
        self.calls.let_time_pass()

    def settle_day(self, day: date) -> str:
        """Have the planned schedule start the settlement once a day is over; return how the execution ended."""
        schedule = self.wiring.schedule
        if not schedule.enabled:
            return "NEVER_STARTED"
        text = write_input(schedule, find_start(schedule.expression, day))
        # AWS in memory calls every execution that has no name the same.
        started = self.cloud.states.start_execution(stateMachineArn=schedule.target_arn, name=str(uuid.uuid4()), input=text)
        while (status := self._find_status(started["executionArn"])) == "RUNNING":
            time.sleep(0.01)
        return status

    def _find_status(self, execution_arn: str) -> str:
        # While no function runs: this is no call of one.
        with self._turn:
            return str(self.cloud.states.describe_execution(executionArn=execution_arn)["status"])

    def dead_letters(self) -> dict[str, list[dict[str, Any]]]:
        """Return the messages of the queues that nobody reads, by their names: `body` (decoded, if JSON) and `attributes`."""
        read = {source.source_arn for source in self.wiring.sources}
        return {queue.name: read_all(self.cloud.sqs, queue.name) for arn, queue in self.wiring.queues.items() if arn not in read}

    def items(self, table: str) -> list[dict[str, Any]]:
        """Return all items of a table by its role, such as orders; numbers are `Decimal`."""
        pages = self.cloud.tables.meta.client.get_paginator("scan").paginate(TableName=self.wiring.tables[table].name)
        return [item for page in pages for item in page["Items"]]

    def put(self, table: str, item: Mapping[str, Any]) -> None:
        """Write an item into a table by its role, as somebody outside the stack does."""
        self.cloud.tables.Table(self.wiring.tables[table].name).put_item(Item=dict(item))

    def query(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Run a statement in Aurora's stead, with %s for values, and return its rows."""
        with self._database.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    @contextmanager
    def notifications_down(self) -> Iterator[None]:
        """Have nobody outside answer to topics, as long as the context lasts; SNS tries for an hour, and it is over at once."""
        self._outside.down = True
        try:
            yield
        finally:
            self._outside.down = False

    def redis_down(self) -> AbstractContextManager[None]:
        """Have Redis break all connections, and take no new ones, as long as the context lasts."""
        return redis_down(self.redis)

    def aurora_down(self) -> AbstractContextManager[None]:
        """Have Aurora break all connections, and take no new ones, as long as the context lasts."""
        return aurora_down(self.query)

    def _make_readers(self) -> tuple[list[StreamReader], list[QueueReader]]:
        streams, queues = [], []
        by_arn = {function.planned.arn: function for function in self.functions.values()}
        for source in self.wiring.sources:
            function = by_arn[source.function_arn]
            if not source.enabled:
                continue
            if source.source_arn in self.wiring.queues:
                queues.append(QueueReader(source, self.wiring.queues[source.source_arn], function, self.cloud))
                continue
            is_kinesis = ":kinesis:" in source.source_arn
            feed = KinesisFeed(self.cloud, source, function.planned.arn) if is_kinesis else TableFeed(self.cloud, source)
            streams.append(StreamReader(source, feed, function, self.cloud, time.time))
        return streams, queues


@contextmanager
def start_pipeline(
    environment: str = "staging",
    *,
    plan: Mapping[str, Any] | None = None,
    redis: RedisServer | None = None,
    aurora: AuroraServer | None = None,
) -> Iterator[Pipeline]:
    """Run the stack as it is planned for an environment, or by another plan, on servers that are there or on its own.

    Raises:
        RefusedPlanError: AWS would refuse the plan.
    """
    wiring = read_wiring(plan or plan_as_applied(environment))
    check_wiring(wiring)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = redis or stack.enter_context(provide_redis(_make_directory(directory / "redis")))
        aurora = aurora or stack.enter_context(provide_mariadb(_make_directory(directory / "mariadb")))
        database = stack.enter_context(aurora.empty_database())
        pos = Pos()
        gateway = stack.enter_context(serving_pos(wiring.rest, wiring.region, pos))
        runtime = Runtime(wiring.region)
        functions = {
            role: LocalFunction(
                planned,
                localize(planned.environment, wiring, redis=redis, aurora=aurora, database=database, gateway=gateway),
                runtime,
            )
            for role, planned in wiring.functions.items()
        }
        runner = stack.enter_context(running({function.planned.name: _behind(function) for function in functions.values()}))
        # For clients that whoever drives the pipeline makes.
        stack.enter_context(patch.dict(os.environ, {"AWS_DEFAULT_REGION": wiring.region}))
        stack.enter_context(hosting(functions, runtime))
        stack.enter_context(sharing_records())
        stack.enter_context(answering_directly())
        stack.enter_context(copying_little())
        cloud = Cloud(wiring)
        cloud.create(redis, aurora)
        client = redis.connect()
        stack.callback(client.close)
        client.flushall(target_nodes=RedisCluster.PRIMARIES)
        connection = stack.enter_context(aurora.connect(database))
        outside = Outside(wiring, cloud)
        stack.enter_context(outside.listening())
        pipeline = Pipeline(wiring, cloud, runtime, functions, pos=pos, outside=outside, redis=client, database=connection)
        stack.enter_context(_queueing(runner, pipeline))
        stack.enter_context(pipeline.websocket.taking_posts())
        functions["schema_migrator"].invoke({})
        yield pipeline


def _behind(function: LocalFunction) -> Callable[[Any, Context], Any]:
    """Return what stands behind a function's name for those who wait for its answer, such as Step Functions."""

    def call(event: Any, context: Context) -> Any:
        try:
            return function.invoke(event)
        except Crash as error:
            # Nobody else dies of it.
            raise RuntimeError(str(error)) from error

    return call


@contextmanager
def _queueing(runner: Runner, pipeline: Pipeline) -> Iterator[None]:
    """Have events for whose answer nobody waits queued, instead of handled while their sender runs."""
    with patch.object(runner, "later", pipeline.calls.submit):
        yield


def _make_directory(path: Path) -> Path:
    path.mkdir()
    return path
