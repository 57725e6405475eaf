"""What functions do to servers that are no AWS API, told to the same hooks as their AWS calls."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest.mock import patch

from botocore.httpsession import URLLib3Session
from pymysql.connections import Connection
from redis.cluster import ClusterPipeline, RedisCluster

Watch = Callable[[str, str, Callable[[], Any]], Any]
"""Told the server, the action, and what does it; returns what that returns."""


@contextlib.contextmanager
def watching_servers(watch: Watch) -> Iterator[None]:
    """Have a function told of every command to Redis, every statement to Aurora, and every order to a POS system."""
    with contextlib.ExitStack() as stack:
        for owner, method, server, name in (
            (RedisCluster, "execute_command", "redis", _name_command),
            (ClusterPipeline, "execute", "redis", lambda arguments: "pipeline"),
            (Connection, "query", "aurora", _name_statement),
            (Connection, "commit", "aurora", lambda arguments: "COMMIT"),
            # AWS in memory answers before this is asked.
            (URLLib3Session, "send", "pos", lambda arguments: "POST"),
        ):
            stack.enter_context(patch.object(owner, method, _watched(getattr(owner, method), server, name, watch)))
        yield


def _watched(method: Callable[..., Any], server: str, name: Callable[[Sequence[Any]], str], watch: Watch) -> Callable[..., Any]:
    def call(this: Any, *arguments: Any, **options: Any) -> Any:
        return watch(server, name(arguments), lambda: method(this, *arguments, **options))

    return call


def _name_command(arguments: Sequence[Any]) -> str:
    return str(arguments[0])


def _name_statement(arguments: Sequence[Any]) -> str:
    statement = arguments[0]
    text = statement.decode(errors="replace") if isinstance(statement, bytes) else str(statement)
    return text.split(maxsplit=1)[0].upper()
