"""What is planned, made in AWS in memory."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.config import Config
from moto.core.serialize import AttributePicker, AttributePickerContext, ResponseSerializer
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import StreamShard
from moto.secretsmanager.models import secretsmanager_backends

from tests.pipeline.functions import make_session
from tests.pipeline.wiring import Queue, Table, Wiring
from tests.servers import AuroraServer, RedisServer

# Nothing here takes a second try.
_CONFIG = Config(retries={"total_max_attempts": 1})


class Cloud:
    """The planned resources, and clients with all rights."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        session = make_session("any", "any", region=wiring.region)
        self.dynamodb: Any = session.client("dynamodb", config=_CONFIG)
        self.tables: Any = session.resource("dynamodb", config=_CONFIG)
        self.kinesis: Any = session.client("kinesis", config=_CONFIG)
        self.s3: Any = session.client("s3", config=_CONFIG)
        self.secrets: Any = session.client("secretsmanager", config=_CONFIG)
        self.sns: Any = session.client("sns", config=_CONFIG)
        self.sqs: Any = session.client("sqs", config=_CONFIG)
        self.states: Any = session.client("stepfunctions", config=_CONFIG)

    def create(self, redis: RedisServer, aurora: AuroraServer) -> None:
        """Make everything; the secrets are those of the servers that run in Redis's and Aurora's stead."""
        for table in self._wiring.tables.values():
            self._create_table(table)
        for stream in self._wiring.streams:
            self.kinesis.create_stream(StreamName=stream.name, ShardCount=stream.shards)
        for queue in sorted(self._wiring.queues.values(), key=lambda queue: queue.dead_letter_arn is not None):
            self._create_queue(queue)
        self._create_topics()
        for bucket in self._wiring.buckets:
            self.s3.create_bucket(Bucket=bucket.name, **_place(self._wiring.region))
            if bucket.versioned:
                self.s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
        self._create_secrets(redis, aurora)
        machine = self._wiring.machine
        self.states.create_state_machine(name=machine.name, definition=machine.definition, roleArn=machine.role_arn)

    def read_stream(self, stream_arn: str) -> Callable[[], list[dict[str, Any]]]:
        """Return what reads a table's stream from its beginning.

        Past the API, whose iterators read an old copy once AWS in memory has rolled a transaction back, and take their time.
        """
        (table,) = (table for table in self._wiring.tables.values() if table.stream_arn == stream_arn)
        tables = dynamodb_backends[self._wiring.account][self._wiring.region].tables
        return lambda: [record.to_json() for record in tables[table.name].stream_shard.items]

    def _create_table(self, table: Table) -> None:
        options: dict[str, Any] = {}
        if table.indexes:
            options["GlobalSecondaryIndexes"] = [
                {"IndexName": name, "KeySchema": _describe_keys(*keys), "Projection": {"ProjectionType": "ALL"}}
                for name, keys in table.indexes.items()
            ]
        if table.stream_view is not None:
            options["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": table.stream_view}
        self.dynamodb.create_table(
            TableName=table.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in table.attributes.items()],
            KeySchema=_describe_keys(table.hash_key, *([table.range_key] if table.range_key else [])),
            **options,
        )
        if table.ttl_attribute is not None:
            specification = {"Enabled": True, "AttributeName": table.ttl_attribute}
            self.dynamodb.update_time_to_live(TableName=table.name, TimeToLiveSpecification=specification)

    def _create_queue(self, queue: Queue) -> None:
        attributes = {"VisibilityTimeout": str(queue.visibility_timeout_s), "MessageRetentionPeriod": str(queue.retention_s)}
        if queue.dead_letter_arn is not None:
            redrive = {"deadLetterTargetArn": queue.dead_letter_arn, "maxReceiveCount": queue.max_receives}
            attributes["RedrivePolicy"] = json.dumps(redrive)
        self.sqs.create_queue(QueueName=queue.name, Attributes=attributes)

    def _create_topics(self) -> None:
        for arn in self._wiring.topics:
            self.sns.create_topic(Name=arn.rpartition(":")[2])
        for subscription in self._wiring.subscriptions:
            attributes = {"RawMessageDelivery": "true"} if subscription.raw else {}
            if subscription.filter_policy is not None:
                attributes |= {"FilterPolicyScope": subscription.filter_scope, "FilterPolicy": subscription.filter_policy}
            self.sns.subscribe(
                TopicArn=subscription.topic_arn, Protocol=subscription.protocol, Endpoint=subscription.endpoint, Attributes=attributes
            )

    def _create_secrets(self, redis: RedisServer, aurora: AuroraServer) -> None:
        for secret in self._wiring.secrets:
            value = redis.secret if secret.value is not None else aurora.secret
            name = secret.arn.rpartition(":secret:")[2].rpartition("-")[0]
            self.secrets.create_secret(Name=name, SecretString=value)
            # The planned functions know the planned ARN, whose end is made up here and there.
            secretsmanager_backends[self._wiring.account][self._wiring.region].secrets[name].arn = secret.arn


def _describe_keys(*names: str) -> list[Mapping[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]


def _place(region: str) -> dict[str, Any]:
    return {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}


def localize(
    environment: Mapping[str, str], wiring: Wiring, *, redis: RedisServer, aurora: AuroraServer, database: str, gateway: str
) -> dict[str, str]:
    """Return a planned environment in which what runs on this machine is named instead of what is planned.

    That is all that differs from the plan: where Redis, Aurora and the REST API are. A variable that names another place
    than the planned one is left alone, and leads nowhere.
    """
    values = dict(environment)
    for prefix, planned, server in (("REDIS", wiring.redis, redis), ("AURORA", wiring.aurora, aurora)):
        if (values.get(f"{prefix}_HOST"), values.get(f"{prefix}_PORT")) == (planned.host, str(planned.port)):
            values |= {f"{prefix}_HOST": server.host, f"{prefix}_PORT": str(server.port), f"{prefix}_CA_FILE": server.ca_file}
    if values.get("AURORA_DATABASE") == wiring.database:
        values["AURORA_DATABASE"] = database
    api = f"https://{wiring.rest.id}.execute-api.{wiring.region}.amazonaws.com/"
    return {name: value.replace(api, f"{gateway}/") if value.startswith(api) else value for name, value in values.items()}


@contextmanager
def sharing_records() -> Iterator[None]:
    """Have AWS in memory copy no stream's records, which never change, when it keeps a table in case a transaction fails."""

    def copy_shard(shard: StreamShard, memo: dict[int, Any]) -> StreamShard:
        copied = copy.copy(shard)
        copied.items = list(shard.items)
        copied.table = memo.get(id(shard.table), shard.table)
        return copied

    with patch.object(StreamShard, "__deepcopy__", copy_shard, create=True):
        yield


@contextmanager
def answering_directly() -> Iterator[None]:
    """Have AWS in memory take a part of its answer that has the API's own name, before it makes up other names it could have.

    A text or a number of DynamoDB's is taken as a whole: it is one of ten kinds, of which none need be looked for.
    """
    pick, serialize = AttributePicker.__call__, ResponseSerializer._serialize

    def pick_directly(picker: AttributePicker, context: AttributePickerContext) -> Any:
        answer = context.obj
        if isinstance(answer, dict) and context.key in answer and not picker.response_transformers:
            return answer[context.key]
        return pick(picker, context)

    def serialize_directly(serializer: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and type(value) is dict and value.keys() <= {"S", "N"}:
            serializer._default_serialize(serialized, value, shape, key)
        else:
            serialize(serializer, serialized, value, shape, key)

    with patch.object(AttributePicker, "__call__", pick_directly), patch.object(ResponseSerializer, "_serialize", serialize_directly):
        yield
