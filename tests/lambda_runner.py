"""AWS in memory, where Lambda calls Python functions.

moto runs Lambda functions in Docker, or answers an invocation with its own payload. Here the latter is replaced: the
Python function that stands behind the name is called, with its event as JSON carried it, and what it returns or raises
is answered as Lambda answers it. Whoever invokes does not see a difference, such as moto's Step Functions, which
interprets state machines for real.
"""

from __future__ import annotations

import json
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from botocore.config import Config
from moto import mock_aws
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
"""moto's own account."""

CONFIG: Any = {"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}}


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a function of its invocation."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512

    @property
    def invoked_function_arn(self) -> str:
        """Name the function as its policies do."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return a time that does not run out."""
        return 30_000


Handler = Callable[[Any, Context], Any]


class ServiceError(Exception):
    """An answer of Lambda's own, by its code, such as TooManyRequestsException; a handler raises it in Lambda's stead."""


@dataclass(slots=True)
class Runner:
    """Calls the functions, and notes what was asked of them."""

    handlers: Mapping[str, Handler]
    """By the functions' names."""
    events: list[tuple[str, Any]] = field(default_factory=list)
    """The function's name and the event of every invocation, in the order in which they came."""
    waits: list[float] = field(default_factory=list)
    """The seconds that Step Functions would have waited before each retry; here it does not."""
    later: Callable[[str, Any], None] | None = None
    """Takes the function's name and the event where nobody waits for the answer; without it, such events are handled at once."""

    def invoke(self, function: str, body: str | bytes | None, *, asynchronous: bool = False) -> tuple[bytes, bool]:
        """Call a function; return its payload, and whether it failed. Raise moto's error for one of Lambda's own."""
        name = function.rpartition("function:")[2].partition(":")[0]
        if name not in self.handlers:
            raise LambdaClientError("ResourceNotFoundException", f"Function not found: {function}")
        event = json.loads(body or "{}")
        self.events.append((name, event))
        if asynchronous and self.later is not None:
            self.later(name, event)
            return b"", False
        try:
            return json.dumps(self.handlers[name](event, Context(name))).encode(), False
        except ServiceError as error:
            raise LambdaClientError(str(error), "Refused by Lambda itself") from error
        except Exception as error:  # noqa: BLE001  a function may fail in any way
            return json.dumps(_failure(error)).encode(), True

    def asked(self, name: str) -> list[Any]:
        """Return the events of one function."""
        return [event for function, event in self.events if function == name]


def _failure(error: Exception) -> dict[str, Any]:
    return {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": traceback.format_exception(error)}


@contextmanager
def running(handlers: Mapping[str, Handler]) -> Iterator[Runner]:
    """Give an AWS in memory that has these functions, by their names, and a Step Functions that does not wait."""
    runner = Runner(handlers)

    def invoke(_: Any, function: str, qualifier: str | None, body: Any, headers: Any, response_headers: dict[str, str]) -> bytes:
        payload, failed = runner.invoke(function, body, asynchronous=headers.get("X-Amz-Invocation-Type") == "Event")
        if failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return payload

    clock = SimpleNamespace(sleep=runner.waits.append)
    with (
        mock_aws(config=CONFIG),
        patch.object(LambdaSimpleBackend, "invoke", invoke),
        patch.object(retrier_decl, "time", clock),
        patch.object(lambda_eval_utils, "boto_client_for", _one_client()),
    ):
        yield runner


def _one_client() -> Callable[..., Any]:
    """Return what gives every thread of Step Functions one client: making clients is slow, and not safe in threads."""
    client = boto3.client(
        "lambda", REGION, aws_access_key_id="any", aws_secret_access_key="any", config=Config(retries={"max_attempts": 0})
    )
    return lambda **_: client
