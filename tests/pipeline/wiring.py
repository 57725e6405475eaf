"""Who calls whom, as an environment is planned: values that `tests.pipeline.reading` takes from the plan, and nothing else."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function."""

    role: str
    """What the stack calls it, such as order_processor."""
    name: str
    arn: str
    handler: str
    environment: Mapping[str, str]
    timeout_s: int
    dead_letter_arn: str | None
    """The queue for events that failed for good when nobody waited for the answer."""
    retries: int
    """Further tries of an event for whose answer nobody waits."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """An event source mapping."""

    source_arn: str
    function_arn: str
    batch_size: int
    patterns: tuple[Mapping[str, Any], ...]
    """Records that match one of them are delivered; without any, all are."""
    reports_failures: bool
    """Whether the function's answer says which records failed."""
    enabled: bool
    bisects: bool
    max_retries: int | None
    """None for as many as there is time for; queues have no say in it."""
    max_age_s: int | None
    failure_arn: str | None
    lanes: int
    """Batches of one shard, or of a queue, that are processed at the same time."""
    position: str | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of a topic."""

    topic_arn: str
    protocol: str
    endpoint: str
    filter_policy: str | None
    filter_scope: str
    raw: bool
    dead_letter_arn: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue."""

    name: str
    arn: str
    url: str
    visibility_timeout_s: int
    retention_s: int
    dead_letter_arn: str | None
    max_receives: int | None
    policy: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A DynamoDB table."""

    role: str
    name: str
    hash_key: str
    range_key: str | None
    attributes: Mapping[str, str]
    """Types of the attributes that are keys, by their names."""
    indexes: Mapping[str, tuple[str, ...]]
    """The keys of the indexes, by their names."""
    ttl_attribute: str | None
    stream_arn: str | None
    stream_view: str | None


@dataclass(frozen=True, slots=True)
class Stream:
    """A Kinesis stream."""

    name: str
    arn: str
    shards: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket."""

    name: str
    versioned: bool


@dataclass(frozen=True, slots=True)
class Notification:
    """A function that a bucket calls for events of objects."""

    bucket: str
    function_arn: str
    events: tuple[str, ...]
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may call a function."""

    function: str
    """Its name, or its ARN."""
    action: str
    principal: str
    source_arn: str | None
    source_account: str | None


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine."""

    name: str
    arn: str
    definition: str
    role_arn: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule that starts something at certain times."""

    expression: str
    arn: str
    enabled: bool
    target_arn: str
    paths: Mapping[str, str]
    template: str | None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, whose value may be RDS's own affair."""

    arn: str
    value: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server that is no AWS API is planned to be."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the REST API."""

    verb: str
    path: str
    """With names of parameters in braces."""
    authorization: str
    kind: str
    """Of the integration: AWS_PROXY, HTTP_PROXY, MOCK."""
    uri: str
    sends: str | None
    """The method that the integration uses."""
    schema: Mapping[str, Any] | None
    """What the body must be, where the gateway looks at it."""
    parameters: Mapping[str, str]
    """The path parameters that the integration takes, and those of the method from which it does."""


@dataclass(frozen=True, slots=True)
class RestApi:
    """The REST API."""

    id: str
    execution_arn: str
    stage: str
    methods: tuple[Method, ...]
    error_headers: Mapping[str, str]
    """What the gateway's own refusals carry."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the WebSocket API."""

    key: str
    authorization: str
    uri: str
    replies: bool
    """Whether what the function returns goes back to the client."""


@dataclass(frozen=True, slots=True)
class WebSocketApi:
    """The WebSocket API."""

    id: str
    execution_arn: str
    stage: str
    selection: str
    routes: Mapping[str, Route]


@dataclass(frozen=True, slots=True)
class Wiring:
    """The whole of it."""

    region: str
    account: str
    functions: Mapping[str, Function]
    """By their roles."""
    sources: tuple[EventSource, ...]
    topics: tuple[str, ...]
    """ARNs."""
    subscriptions: tuple[Subscription, ...]
    queues: Mapping[str, Queue]
    """By their ARNs."""
    tables: Mapping[str, Table]
    """By their roles."""
    streams: tuple[Stream, ...]
    buckets: tuple[Bucket, ...]
    notifications: tuple[Notification, ...]
    permissions: tuple[Permission, ...]
    machine: Machine
    schedule: Schedule
    secrets: tuple[Secret, ...]
    redis: Server
    aurora: Server
    database: str
    rest: RestApi
    websocket: WebSocketApi

    def function(self, reference: str) -> Function | None:
        """Return the function of this name, ARN or invocation URI."""
        name = reference.partition(":function:")[2].partition("/")[0] or reference
        return next((function for function in self.functions.values() if function.name == name), None)

    def may_call(self, principal: str, function: Function, source_arn: str) -> bool:
        """Tell whether a service may call a function for something of this account."""
        return any(
            permission.function in {function.name, function.arn}
            and permission.action in {"lambda:InvokeFunction", "lambda:*"}
            and permission.principal == principal
            and permission.source_account in {None, self.account}
            and (permission.source_arn is None or is_like(source_arn, permission.source_arn))
            for permission in self.permissions
        )


def is_like(arn: str, pattern: str) -> bool:
    """Tell whether an ARN matches a pattern of IAM's, in whose parts stand * and ?."""
    parts, wanted = arn.split(":", 5), pattern.split(":", 5)
    escaped = (part.replace("[", "[[]") for part in wanted)
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, escaped))
