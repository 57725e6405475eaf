"""What AWS would refuse of a wiring, at apply or, without a word, with every message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.pipeline.filters import find_problems
from tests.pipeline.wiring import EventSource, Queue, Subscription, Wiring, is_like


class RefusedPlanError(Exception):
    """AWS would not take the plan; the text says why, a line each."""


def check_wiring(wiring: Wiring) -> None:
    """Raise `RefusedPlanError` for a wiring that AWS would refuse, or that would drop what it is to carry."""
    problems = [*_check_sources(wiring), *_check_subscriptions(wiring), *_check_queues(wiring), *_check_notifications(wiring)]
    if problems:
        raise RefusedPlanError("\n".join(problems))


def _check_sources(wiring: Wiring) -> Iterator[str]:
    for source in wiring.sources:
        function = wiring.function(source.function_arn)
        if function is None:
            yield f"{source.source_arn} is read by {source.function_arn}, which is no function"
            continue
        if (queue := wiring.queues.get(source.source_arn)) and queue.visibility_timeout_s < function.timeout_s:
            yield f"{queue.name} is visible after {queue.visibility_timeout_s} s, and {function.name} may take {function.timeout_s} s"
        yield from _check_source(source, wiring)


def _check_source(source: EventSource, wiring: Wiring) -> Iterator[str]:
    streams = {stream.arn for stream in wiring.streams} | {table.stream_arn for table in wiring.tables.values()}
    if source.source_arn not in streams | wiring.queues.keys():
        yield f"{source.source_arn} is neither a queue nor a stream"
    if source.failure_arn is not None and source.failure_arn not in wiring.queues:
        yield f"failures of {source.source_arn} go to {source.failure_arn}, which is no queue"
    for pattern in source.patterns:
        for problem in find_problems(pattern):
            yield f"the filter of {source.source_arn}: {problem}"


def _check_subscriptions(wiring: Wiring) -> Iterator[str]:
    for subscription in wiring.subscriptions:
        if subscription.topic_arn not in wiring.topics:
            yield f"{subscription.endpoint} is subscribed to {subscription.topic_arn}, which is no topic"
        for arn in filter(None, _queues_of(subscription)):
            queue = wiring.queues.get(arn)
            if queue is None:
                yield f"{subscription.topic_arn} is to send to {arn}, which is no queue"
            elif not allows(queue, "sns.amazonaws.com", subscription.topic_arn, wiring.account):
                yield f"{queue.name} takes nothing from {subscription.topic_arn}"


def _queues_of(subscription: Subscription) -> tuple[str | None, ...]:
    return (subscription.endpoint if subscription.protocol == "sqs" else None, subscription.dead_letter_arn)


def _check_queues(wiring: Wiring) -> Iterator[str]:
    for queue in wiring.queues.values():
        if queue.dead_letter_arn is not None and queue.dead_letter_arn not in wiring.queues:
            yield f"the dead letters of {queue.name} go to {queue.dead_letter_arn}, which is no queue"
    for function in wiring.functions.values():
        if function.dead_letter_arn is not None and function.dead_letter_arn not in wiring.queues:
            yield f"the dead letters of {function.name} go to {function.dead_letter_arn}, which is no queue"


def _check_notifications(wiring: Wiring) -> Iterator[str]:
    for notification in wiring.notifications:
        function = wiring.function(notification.function_arn)
        if function is None or not wiring.may_call("s3.amazonaws.com", function, f"arn:aws:s3:::{notification.bucket}"):
            yield f"{notification.bucket} may not call {notification.function_arn}"


def allows(queue: Queue, service: str, source_arn: str, account: str) -> bool:
    """Tell whether a queue's policy lets a service send to it for something of the account."""
    facts = {"aws:SourceArn": source_arn, "aws:SourceAccount": account, "aws:SecureTransport": "true"}
    effects = {
        statement["Effect"]
        for statement in queue.policy.get("Statement", ())
        if _applies(statement, queue, service) and _holds(statement.get("Condition", {}), facts)
    }
    return effects == {"Allow"}


def _applies(statement: Mapping[str, Any], queue: Queue, service: str) -> bool:
    principal = statement["Principal"]
    services = ["*"] if principal == "*" else _list(principal.get("Service", ()))
    return (
        bool({"*", service} & set(services))
        and bool({"*", "sqs:*", "sqs:SendMessage"} & set(_list(statement["Action"])))
        and any(is_like(queue.arn, resource) or resource == "*" for resource in _list(statement["Resource"]))
    )


def _holds(condition: Mapping[str, Mapping[str, Any]], facts: Mapping[str, str]) -> bool:
    tests = {
        "ArnEquals": is_like,
        "ArnLike": is_like,
        "Bool": lambda fact, value: fact == value,
        "StringEquals": lambda fact, value: fact == value,
    }
    return all(
        any(tests[operator](facts[name], value) for value in _list(values))
        for operator, wanted in condition.items()
        for name, values in wanted.items()
    )


def _list(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)
