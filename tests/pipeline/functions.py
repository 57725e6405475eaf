"""Lambda on this machine: the functions run in this process, one at a time, in the environment that is planned for them."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
import botocore.session
from aws_lambda_powertools import Logger
from botocore.loaders import create_loader

from tests.lambda_runner import Context
from tests.pipeline.faults import Crash, Faults
from tests.pipeline.wiring import Function

KEPT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN", "HOME", "LANG", "PATH", "TMPDIR")
"""What functions see of this process's own environment."""


@dataclass(frozen=True, slots=True)
class TimedContext(Context):
    """A context whose time runs out."""

    deadline: float = 0.0

    def get_remaining_time_in_millis(self) -> int:
        """Return how much time is left."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a function."""

    function: str
    """Its role."""
    records: int
    seconds: float
    error: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a call: an answer, or an error as Lambda describes it."""

    answer: Any = None
    error: Mapping[str, Any] | None = None


class TimedOutError(Exception):
    """A function took longer than it may; what it has done is done."""


class LogLines(io.TextIOBase):
    """A stream that keeps lines of JSON, decoded."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def write(self, text: str) -> int:
        """Keep the lines of a text."""
        for line in text.splitlines():
            if line.strip():
                record = json.loads(line)
                self.records.append({"function": record.get("service"), **record})
        return len(text)


@dataclass(slots=True)
class Runtime:
    """What all functions share: one at a time runs, as an environment of Lambda serves one event at a time."""

    region: str
    faults: Faults = field(default_factory=Faults)
    log: LogLines = field(default_factory=LogLines)
    invocations: list[Invocation] = field(default_factory=list)
    running: str | None = None
    """The role of the function that runs now."""
    turn: threading.RLock = field(default_factory=threading.RLock)


class LocalFunction:
    """A planned function, ready to be called."""

    def __init__(self, planned: Function, environment: Mapping[str, str], runtime: Runtime) -> None:
        self.planned = planned
        self._environment = dict(environment)
        self._runtime = runtime
        self._handler: Any = None

    def invoke(self, event: Any) -> Any:
        """Call the function, and return what it answers, or raise what it raises."""
        with self._runtime.turn, patch.dict(os.environ, self._environ(), clear=True):
            before, self._runtime.running = self._runtime.running, self.planned.role
            started, error = time.monotonic(), None
            try:
                return self._run(json.loads(json.dumps(event)), started)
            except BaseException as raised:
                error = f"{type(raised).__name__}: {raised}"
                if isinstance(raised, Crash):
                    self.restart()
                raise
            finally:
                self._runtime.running = before
                seconds = time.monotonic() - started
                self._runtime.invocations.append(Invocation(self.planned.role, _count_records(event), seconds, error))

    def try_invoke(self, event: Any) -> Result:
        """Call the function as Lambda does, for which a failure is an answer as well."""
        try:
            return Result(self.invoke(event))
        except (Exception, Crash) as error:  # noqa: BLE001  a function may fail in any way
            return Result(error={"errorType": type(error).__name__, "errorMessage": str(error)})

    def restart(self) -> None:
        """Forget what the function keeps between calls: the next one begins as in a new environment."""
        for module in _modules_of(self.planned.role):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and getattr(value, "__name__", "") != "make_logger":
                    value.cache_clear()

    def _run(self, event: Any, started: float) -> Any:
        hooks, role = self._runtime.faults, self.planned.role
        for before in list(hooks.before_invocation):
            before(role, event)
        context = TimedContext(self.planned.name, str(uuid.uuid4()), deadline=started + self.planned.timeout_s)
        answer = json.loads(json.dumps(self._find_handler()(event, context)))
        for after in list(hooks.after_invocation):
            after(role, event, answer)
        if time.monotonic() > context.deadline:
            raise TimedOutError(f"Task timed out after {self.planned.timeout_s}.00 seconds")
        return answer

    def _find_handler(self) -> Any:
        if self._handler is None:
            module_name, _, name = self.planned.handler.rpartition(".")
            module = importlib.import_module(module_name)
            _send_logs(self.planned.role, self._runtime.log)
            self._handler = getattr(module, name)
        return self._handler

    def _environ(self) -> dict[str, str]:
        own = {name: os.environ[name] for name in KEPT if name in os.environ}
        region = self._runtime.region
        told = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_LAMBDA_FUNCTION_NAME": self.planned.name, "TZ": ":UTC"}
        return {**own, **told, **self._environment}


def make_session(*credentials: str, region: str | None = None) -> boto3.Session:
    """Return a session that reads no description of an AWS API which one before it has read: that takes most of its time."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _make_loader())
    return boto3.Session(*credentials, region_name=region, botocore_session=session)


@functools.cache
def _make_loader() -> Any:
    return create_loader()


@contextlib.contextmanager
def hosting(functions: Mapping[str, LocalFunction], runtime: Runtime) -> Iterator[None]:
    """Have functions begin with nothing kept, and leave nothing behind but what they logged elsewhere."""
    with patch.object(boto3, "DEFAULT_SESSION", make_session()), runtime.faults.watching(lambda: runtime.running):
        for function in functions.values():
            function.restart()
        try:
            yield
        finally:
            for function in functions.values():
                function.restart()
                _send_logs(function.planned.role, sys.stdout)


def _send_logs(role: str, stream: Any) -> None:
    for module in _modules_of(role):
        for logger in list(vars(module).values()):
            if isinstance(logger, Logger) and logger.registered_handler.stream is not stream:
                logger.registered_handler.setStream(stream)


def _modules_of(role: str) -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in {role, "shared"} and module is not None]


def _count_records(event: Any) -> int:
    records = event.get("Records") if isinstance(event, dict) else None
    return len(records) if isinstance(records, list) else 1
