"""Sees every call that a function's code makes of AWS, notes it, and refuses what the function's role does not grant.

Whose call it is, the stack of frames says: the innermost one that lies in a function's folder. So a function's code
may call AWS through shared code, in threads, and from within another function's call of it. What a test calls by itself
or through shared code alone, and what the emulated AWS calls, is nobody's.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import botocore
from botocore.auth import SigV4Auth
from botocore.session import Session

from paritycheck.policy.iam import (
    Decision,
    Effect,
    Names,
    PolicyError,
    Request,
    Statement,
    UndecidedCallError,
    Verdict,
    decide,
    load_knowledge,
)
from paritycheck.policy.iam.evaluation import applies
from tests.observation.calls import Need, connection_need, list_needs, signed_need
from tests.observation.stack import NOTHING, Function, Resource, Stack, UnknownResourceError

ROOT = Path(__file__).parents[2]
LAMBDAS = ROOT / "lambdas"
_MANAGEMENT = "apigatewaymanagementapi"


class NotGrantedError(Exception):
    """A function called what its role does not grant, or something that nobody can judge."""


@dataclass(frozen=True, slots=True, order=True)
class Observation:
    """That a function made a request, whatever was chosen while it ran."""

    function: str
    action: str
    resource: str
    """The address of the resource, and what its ARN goes on with; `*` where the action knows no resources."""
    conditions: tuple[str, ...] = ()
    """The condition keys on which the role grants it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose code calls."""

    function: str
    where: str
    """File and line."""


@dataclass(slots=True)
class Recorder:
    """Watches the clients of all sessions that are made while it is attached."""

    load: Callable[[], Stack]
    """Returns what the calls are held against; asked once, at the first call of a function."""
    lambdas: Path = LAMBDAS
    test: str = ""
    """The test that runs."""
    observed: dict[Observation, set[str]] = field(default_factory=dict)
    """Which tests saw what."""
    refusals: list[str] = field(default_factory=list)
    """What was refused since somebody last took them; code may swallow the error, but not these."""
    _stack: Stack | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attach(self) -> None:
        """Watch from now on."""
        botocore.register_initializer(self.watch)
        patch.object(SigV4Auth, "add_auth", _watch_signing(self, SigV4Auth.add_auth)).start()

    def watch(self, session: Session) -> None:
        """Watch the clients of a session."""
        session.register("before-parameter-build", self.note_call)
        # The one client whose resource is its endpoint, which this event knows before anything is sent.
        session.register(f"before-endpoint-resolution.{_MANAGEMENT}", self.note_connection_call)

    def prepare(self) -> None:
        """Have ready what the calls are held against."""
        self._loaded()
        load_knowledge()

    def note_call(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """Note a call, or a presigned URL: what is signed is granted to whoever uses the URL."""
        service = model.service_model.service_name
        if service != _MANAGEMENT:
            self._note(lambda function: list_needs(service, model.name, params))

    def note_connection_call(self, params: Mapping[str, Any], model: Any, builtins: Mapping[str, Any], **_: Any) -> None:
        """Note a call of a WebSocket API's connection."""
        url = f"{builtins['SDK::Endpoint']}/@connections/{params['ConnectionId']}"
        self._note(lambda function: (connection_need(self._planned(url, function), model.http["method"]),))

    def note_signature(self, service: str, url: str, method: str) -> None:
        """Note a request that is signed without a client."""
        self._note(lambda function: (signed_need(service, self._planned(url, function), method),))

    def take_refusals(self) -> list[str]:
        """Return what was refused, and forget it."""
        refusals, self.refusals = self.refusals, []
        return refusals

    def _note(self, list_needs_of: Callable[[Function], tuple[Need, ...]]) -> None:
        caller = None
        try:
            caller = find_caller(sys._getframe(1), self.lambdas)
            if caller is not None:
                function = self._find_function(caller)
                for need in list_needs_of(function):
                    self._judge(function, need, caller)
        except (NotGrantedError, UnknownResourceError, UndecidedCallError, PolicyError) as error:
            where = f"{caller.function} ({caller.where}): " if caller and not isinstance(error, NotGrantedError) else ""
            self.refusals.append(f"{where}{error}")
            raise NotGrantedError(self.refusals[-1]) from error

    def _find_function(self, caller: Caller) -> Function:
        function = self._loaded().functions.get(caller.function)
        if function is None:
            raise NotGrantedError(f"{caller.function} is no function of the stack")
        return function

    def _judge(self, function: Function, need: Need, caller: Caller) -> None:
        resource = self._loaded().find(need.kind, need.name, function, os.environ) if need.kind else None
        request = _make_request(function, need, resource)
        decision = decide([function.policy, resource.denials if resource else NOTHING], request)
        if not decision.allowed:
            raise NotGrantedError(_explain(request, function, decision, caller))
        observation = Observation(
            function.role,
            need.action,
            f"{resource.address}{need.pattern}" if resource else "*",
            tuple(sorted(condition.key for condition in decision.by.conditions)) if decision.by else (),
        )
        self.observed.setdefault(observation, set()).add(self.test)

    def _planned(self, url: str, function: Function) -> str:
        return self._loaded().translate_url(url, function, os.environ)

    def _loaded(self) -> Stack:
        with self._lock:
            if self._stack is None:
                self._stack = self.load()
            return self._stack


def find_caller(frame: FrameType | None, lambdas: Path = LAMBDAS) -> Caller | None:
    """Return whose code calls, by the frames from the innermost on; nothing where it is a test or AWS itself.

    Raises:
        NotGrantedError: Shared code calls in a thread of its own, so that nobody can tell for whom.
    """
    shared = tested = False
    frame = _leave_call(frame, lambdas)
    while frame is not None:
        kind, function = _place(frame.f_code.co_filename, lambdas)
        if kind == "function":
            path = Path(frame.f_code.co_filename).relative_to(lambdas.parent)
            return Caller(function, f"{path}:{frame.f_lineno}")
        # Tests may wrap a client, or call AWS by themselves: through shared code, or in the middle of another call.
        if kind == "aws" or (kind == "test" and shared) or (kind == "client" and tested):
            return None
        shared, tested = shared or kind == "shared", tested or kind == "test"
        frame = frame.f_back
    if shared and not tested:
        raise NotGrantedError("shared code calls AWS in a thread of its own: nobody can tell for which function")
    return None


def _leave_call(frame: FrameType | None, lambdas: Path) -> FrameType | None:
    """Return the frame that called the client, past whatever tests have put into the call."""
    inner = frame
    while inner is not None and _place(inner.f_code.co_filename, lambdas)[0] not in {"function", "shared"}:
        if inner.f_code.co_name == "_api_call" and _place(inner.f_code.co_filename, lambdas)[0] == "client":
            return inner.f_back
        inner = inner.f_back
    return frame


@functools.cache
def _place(file: str, lambdas: Path) -> tuple[str, str]:
    """Tell what a file is: a function's, shared, a test's, a client's, the emulated AWS's, or another; and which function's."""
    path = Path(file)
    if path.is_relative_to(lambdas):
        folder = path.relative_to(lambdas).parts[0]
        return ("shared", "") if folder == "shared" else ("other", "") if folder == "layer" else ("function", folder)
    if path.is_relative_to(ROOT / "tests") and path != Path(__file__):
        return "test", ""
    libraries = {"botocore": "client", "moto": "aws"}
    return next(((kind, "") for name, kind in libraries.items() if name in path.parts), ("other", ""))


def _make_request(function: Function, need: Need, resource: Resource | None) -> Request:
    service = need.action.partition(":")[0]
    tags = resource.tags.items() if resource else ()
    context = {f"{prefix}:ResourceTag/{tag}": value for prefix in ("aws", service) for tag, value in tags}
    arn = resource.arn + need.below if resource else "*"
    return Request(need.action, arn, function.principal, _contextualize(function, {**context, **need.context}))


def _contextualize(function: Function, context: Mapping[str, str]) -> Mapping[str, tuple[str]]:
    account = function.arn.split(":")[4]
    always = {
        "aws:PrincipalAccount": account,
        "aws:ResourceAccount": account,
        "aws:SecureTransport": "true",
        # Lambda sets it for what a function's code calls, and not for what it does itself with the function's role.
        "lambda:SourceFunctionArn": function.arn,
    }
    return {key: (value,) for key, value in {**always, **context}.items()}


def _explain(request: Request, function: Function, decision: Decision, caller: Caller) -> str:
    sid = decision.by.sid if decision.by else "what the plan does not tell"
    match decision.verdict:
        case Verdict.DENIED:
            nearest = f"{sid} denies it"
        case Verdict.UNDECIDED:
            nearest = f"undecided by {sid}"
        case _:
            close = _rank(request, function.policy.statements)
            conditioned = any(each.conditions for each in close)
            nearest = f"nearest: {'; '.join(map(_describe, close)) or 'nothing'}{' on conditions' if conditioned else ''}"
    return f"{function.role} ({caller.where}) calls {request.action} on {request.resource}, which its role does not grant; {nearest}"


def _describe(statement: Statement) -> str:
    actions, resources = (
        f"{'all but ' if names.negated else ''}{', '.join(names.values)}" for names in (statement.actions, statement.resources)
    )
    return f"{statement.sid} grants {actions} on {resources}"


_ALL = Names(("*",))


def _rank(request: Request, statements: Iterable[Statement]) -> list[Statement]:
    """Return the grants of the action, else those on the resource, else those of the service."""
    service = request.action.partition(":")[0] + ":"
    allowing = [each for each in statements if each.effect is Effect.ALLOW]
    tests: tuple[Callable[[Statement], bool | None], ...] = (
        lambda each: applies(replace(each, resources=_ALL, conditions=()), request),
        lambda each: each.resources != _ALL and applies(replace(each, actions=_ALL, conditions=()), request),
        lambda each: any(action.startswith(service) for action in each.actions.values),
    )
    return next((found for test in tests if (found := [each for each in allowing if test(each)])), [])


def _watch_signing(recorder: Recorder, sign: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(sign)
    def add_auth(self: Any, request: Any) -> None:
        # What a client sends has a context, and was noted by its parameters already.
        if not request.context:
            recorder.note_signature(self._service_name, request.url, request.method)
        sign(self, request)

    return add_auth
