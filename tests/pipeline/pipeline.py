"""The whole stack on this machine: what is planned for an environment runs, record by record, as fast as it can.

Nothing runs by itself: orders, messages and uploads come in through the planned APIs and the bucket, and `Pipeline.pump`
carries what they leave in streams and queues one step further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the REST API."""

    status: int
    body: Any
    """Decoded, if it is JSON."""
    headers: Mapping[str, str]


class Refused(Exception):
    """The WebSocket API does not open a connection; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status}: {answer.body}")
        self.answer = answer


class Pipeline:
    """The running stack."""

    wiring: Any
    """What is planned: see `tests.pipeline.wiring`."""
    redis: Any
    """A client of the Redis cluster, which answers texts."""
    notifications: list[dict[str, Any]]
    """What subscribers outside the stack got from its topics, in order: `endpoint`, `topic_arn`, `message` (decoded)."""
    pos: Any
    """The restaurants' POS systems: `orders` they took, and `behave(status=200, accepted=True, seconds=0)`."""
    logs: list[dict[str, Any]]
    """All that functions logged, decoded, with the function's role as `function`."""
    invocations: list[Any]
    """Every call of a function: `function`, `records`, `seconds`, `error` (a text, or None)."""
    functions: Mapping[str, Any]
    """By role: `invoke(event)` calls one directly, `restart()` has the next call begin with nothing kept."""
    faults: Any
    """What is to go wrong: see `tests.pipeline.faults`."""

    def place_order(self, user: str, body: Mapping[str, Any], headers: Mapping[str, str] = {}) -> Answer:  # noqa: B006
        """POST /orders, signed by a user."""
        raise NotImplementedError

    def open(self, user: str, role: str) -> str:
        """Open a WebSocket connection, signed by a user, and return its id; raise `Refused`."""
        raise NotImplementedError

    def say(self, connection_id: str, message: Mapping[str, Any]) -> Any:
        """Send a message with the action sendmessage, unless it names another; return the decoded answer, or None."""
        raise NotImplementedError

    def close_connection(self, connection_id: str) -> None:
        """Close a connection as a client does."""
        raise NotImplementedError

    def drop(self, connection_id: str) -> None:
        """Lose a connection: nobody calls $disconnect, and what is sent to it is answered with GoneException."""
        raise NotImplementedError

    def inbox(self, connection_id: str) -> list[dict[str, Any]]:
        """Return what was pushed to a connection so far."""
        raise NotImplementedError

    def upload(self, url: str, data: bytes, content_type: str = "image/jpeg") -> None:
        """PUT to a presigned URL, and have S3 notify whom it is to notify."""
        raise NotImplementedError

    def pump(self) -> int:
        """Deliver one batch of every source that has one; return the number of records that functions were given."""
        raise NotImplementedError

    def settle_down(self, limit: int = 200) -> int:
        """Pump until nothing moves, and return how many records were delivered; raise `RuntimeError` if it never ends."""
        raise NotImplementedError

    def let_time_pass(self) -> None:
        """Wait as long as anything waits: messages in flight are visible again, failed asynchronous calls are due."""
        raise NotImplementedError

    def settle_day(self, day: date) -> str:
        """Have the planned schedule start the settlement in the night after a day; return how the execution ended."""
        raise NotImplementedError

    def dead_letters(self) -> dict[str, list[dict[str, Any]]]:
        """Return the messages in the dead letter queues by the queues' names: `body` (decoded, if JSON) and `attributes`."""
        raise NotImplementedError

    def items(self, table: str) -> list[dict[str, Any]]:
        """Return all items of a table by its role, such as orders; numbers are `Decimal`."""
        raise NotImplementedError

    def query(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Run a statement in Aurora's stead, with %s for values, and return its rows."""
        raise NotImplementedError


@contextmanager
def start_pipeline(environment: str = "staging") -> Iterator[Pipeline]:
    """Run the stack as it is planned for an environment."""
    raise NotImplementedError
    yield
