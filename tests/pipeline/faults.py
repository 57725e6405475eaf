"""What goes wrong on purpose, while functions run."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pymysql
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from tests.pipeline.effects import watching_servers


class Crash(BaseException):
    """A function's process dies: nothing in the function can handle that."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function's call of an AWS API, or of another server."""

    function: str
    service: str
    """As boto3 calls it, such as dynamodb; or redis, aurora or pos."""
    action: str
    parameters: dict[str, Any]


@dataclass(slots=True)
class Death:
    """A function's process that dies, or is going to."""

    function: str
    calls: int = 0
    """How many have returned that may be its last one."""
    cause: str = ""
    """After which action it died."""
    dead: bool = False

    def strike(self, function: str) -> None:
        """Raise `Crash` for whoever runs in a process that is dead."""
        if self.dead and function == self.function:
            raise Crash(f"{function} after {self.cause}")

    def be_born(self, function: str) -> None:
        """Let the next process live."""
        if function == self.function:
            self.dead = False


@dataclass(slots=True)
class Faults:
    """Hooks, each of which may raise: `Crash`, or what the function or the client is to raise instead."""

    before_invocation: list[Callable[[str, Any], None]] = field(default_factory=list)
    """Called with the function's role and the event."""
    after_invocation: list[Callable[[str, Any, Any], None]] = field(default_factory=list)
    """Called with the role, the event and the answer, when all is done and nobody knows yet."""
    before_call: list[Callable[[Call], None]] = field(default_factory=list)
    after_call: list[Callable[[Call], None]] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def crash_after(self, function: str, calls: int, action: str | None = None) -> Death:
        """Have a function die, once, when so many more of its calls have returned, or so many of one action.

        Its other threads die with it: they get no further than their next call.
        """
        death = Death(function)

        def count(call: Call) -> None:
            if call.function == function and action in {None, call.action} and not death.cause:
                death.calls += 1
                if death.calls == calls:
                    death.cause, death.dead = call.action, True
            death.strike(call.function)

        self.before_call.append(lambda call: death.strike(call.function))
        self.after_call.append(count)
        self.before_invocation.append(lambda role, event: death.be_born(role))
        self.after_invocation.append(lambda role, event, answer: death.strike(role))
        return death

    def throttle(self, table: str, times: int, action: str | None = None) -> None:
        """Have DynamoDB refuse so many calls for a table, by its name; the clients' own retries are over by then."""
        left = [times]

        def refuse(call: Call) -> None:
            if left[0] > 0 and call.service == "dynamodb" and table in str(call.parameters) and action in {None, call.action}:
                left[0] -= 1
                error = {"Code": "ProvisionedThroughputExceededException", "Message": "Throughput exceeds the current capacity"}
                raise ClientError({"Error": error}, call.action)

        self.before_call.append(refuse)

    def clear(self) -> None:
        """Let nothing go wrong any longer."""
        for hooks in (self.before_invocation, self.after_invocation, self.before_call, self.after_call):
            hooks.clear()

    @contextlib.contextmanager
    def watching(self, current: Callable[[], str | None]) -> Iterator[None]:
        """Have the hooks see the calls of whichever function is running."""
        make_call = BaseClient._make_api_call

        def watch(service: str, action: str, parameters: dict[str, Any], make: Callable[[], Any]) -> Any:
            function = current()
            if function is None:
                return make()
            call = Call(function, service, action, parameters)
            for hook in list(self.before_call):
                hook(call)
            answer = make()
            for hook in list(self.after_call):
                hook(call)
            return answer

        def call_watched(client: Any, action: str, parameters: dict[str, Any]) -> Any:
            def make() -> Any:
                # AWS in memory would let another thread write between an item's condition and its change.
                with self._turn:
                    return make_call(client, action, parameters)

            service = client.meta.service_model.service_name
            return watch(service, action, parameters, make if service == "dynamodb" else lambda: make_call(client, action, parameters))

        with (
            patch.object(BaseClient, "_make_api_call", call_watched),
            watching_servers(lambda server, action, make: watch(server, action, {}, make)),
        ):
            yield


@contextlib.contextmanager
def redis_down(client: Any) -> Iterator[None]:
    """Have the cluster of a client break all other connections, and nobody connect to it."""
    nodes = client.get_nodes()
    for node in nodes:
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes", target_nodes=node)
    with refusing_connections({int(node.port) for node in nodes}):
        yield


@contextlib.contextmanager
def aurora_down(query: Callable[..., list[dict[str, Any]]]) -> Iterator[None]:
    """Have the database break all connections but the one that runs a query, and nobody connect to it."""
    (own,) = query("SELECT CONNECTION_ID() AS id, @@port AS port")
    for session in query("SELECT id FROM information_schema.processlist WHERE id <> %s AND db = DATABASE()", own["id"]):
        with contextlib.suppress(pymysql.err.MySQLError):
            query(f"KILL CONNECTION {int(session['id'])}")
    with refusing_connections({int(own["port"])}):
        yield


@contextlib.contextmanager
def refusing_connections(ports: set[int]) -> Iterator[None]:
    """Have nobody connect to these ports, as if nobody listened there."""
    connect = socket.socket.connect

    def refuse(this: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[1] in ports:
            raise ConnectionRefusedError(111, "Connection refused")
        connect(this, address)

    with patch.object(socket.socket, "connect", refuse):
        yield
