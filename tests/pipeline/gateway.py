"""The two APIs: who may call, what is refused before it costs a function, and which function gets what."""

from __future__ import annotations

import base64
import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from jsonschema import Draft4Validator
from moto.apigatewaymanagementapi.responses import ApiGatewayManagementApiResponse
from moto.core.exceptions import JsonRESTError

from tests.pipeline.functions import LocalFunction, Result
from tests.pipeline.wiring import Method, Route, Wiring

SERVICE = "apigateway.amazonaws.com"
MAX_MESSAGE_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of an API."""

    status: int
    body: Any
    """Decoded, if it is JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818  what a client sees of it is no error of anybody's
    """The WebSocket API does not open a connection; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status}: {answer.body}")
        self.answer = answer


class Backend:
    """Calls functions for an API, where their permissions let it."""

    def __init__(self, wiring: Wiring, functions: Mapping[str, LocalFunction]) -> None:
        self._wiring = wiring
        self._functions = functions

    def call(self, uri: str, source_arn: str, event: Mapping[str, Any]) -> Result | None:
        """Return what became of a call, or none if it was not let through."""
        planned = self._wiring.function(uri)
        if planned is None or not self._wiring.may_call(SERVICE, planned, source_arn):
            return None
        return self._functions[planned.role].try_invoke(event)


def identify(wiring: Wiring, user: str) -> dict[str, Any]:
    """Return the identity that a signature of a user's temporary credentials proves."""
    return {
        "accountId": wiring.account,
        "caller": f"AROAEXAMPLE:{user}",
        "cognitoIdentityId": None,
        "sourceIp": "192.0.2.1",
        "user": f"AROAEXAMPLE:{user}",
        "userAgent": "app/1",
        "userArn": f"arn:aws:sts::{wiring.account}:assumed-role/app/{user}",
    }


class RestGateway:
    """The REST API, as far as functions are behind it."""

    def __init__(self, wiring: Wiring, backend: Backend) -> None:
        self._wiring = wiring
        self._api = wiring.rest
        self._backend = backend

    def request(self, verb: str, path: str, user: str | None, body: str, headers: Mapping[str, str]) -> Answer:
        """Answer a request that a user has signed, or nobody."""
        method = next((method for method in self._api.methods if (method.verb, method.path) == (verb, path)), None)
        if method is None or (method.authorization == "AWS_IAM" and user is None):
            return self._refuse(403, "Missing Authentication Token")
        if method.schema is not None and not _fits(body, method.schema):
            return self._refuse(400, "Invalid request body")
        if method.kind != "AWS_PROXY" or method.sends != "POST":
            return self._refuse(500, "Internal server error")
        event = self._describe(method, user, body, headers)
        source_arn = f"{self._api.execution_arn}/{self._api.stage}/{verb}{path}"
        result = self._backend.call(method.uri, source_arn, event)
        if result is None:
            return self._refuse(500, "Internal server error")
        return _read_answer(result) or self._refuse(502, "Internal server error")

    def _refuse(self, status: int, message: str) -> Answer:
        return Answer(status, {"message": message}, self._api.error_headers)

    def _describe(self, method: Method, user: str | None, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
        sent = {"Content-Type": "application/json", **headers}
        return {
            "resource": method.path,
            "path": method.path,
            "httpMethod": method.verb,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {
                "accountId": self._wiring.account,
                "apiId": self._api.id,
                "httpMethod": method.verb,
                "identity": identify(self._wiring, user) if user else {"sourceIp": "192.0.2.1"},
                "path": f"/{self._api.stage}{method.path}",
                "requestId": str(uuid.uuid4()),
                "resourcePath": method.path,
                "stage": self._api.stage,
            },
            "body": body,
            "isBase64Encoded": False,
        }


class WebSocketGateway:
    """The WebSocket API, and the clients at the other ends of its connections."""

    def __init__(self, wiring: Wiring, backend: Backend) -> None:
        self._wiring = wiring
        self._api = wiring.websocket
        self._backend = backend
        self._open: set[str] = set()
        self._inboxes: dict[str, list[dict[str, Any]]] = {}

    def open(self, user: str | None, parameters: Mapping[str, str]) -> str:
        """Open a connection, and return its id; raise `Refused`."""
        route = self._api.routes.get("$connect")
        connection_id = base64.urlsafe_b64encode(uuid.uuid4().bytes[:11]).decode()
        if route is not None:
            if route.authorization == "AWS_IAM" and user is None:
                raise Refused(Answer(403, {"message": "Missing Authentication Token"}))
            identity = identify(self._wiring, user) if user else {"sourceIp": "192.0.2.1"}
            event = self._describe(route, connection_id, "CONNECT", identity=identity)
            result = self._call(route, {**event, "headers": {}, "queryStringParameters": dict(parameters) or None})
            answer = None if result is None else _read_answer(result)
            if answer is None or not 200 <= answer.status < 300:
                raise Refused(answer or Answer(500, {"message": "Internal server error"}))
        self._open.add(connection_id)
        self._inboxes[connection_id] = []
        return connection_id

    def say(self, connection_id: str, text: str) -> Any:
        """Send a text, and return the decoded answer, if the route has one."""
        if connection_id not in self._open:
            raise ConnectionError(f"the connection {connection_id} is closed")
        if len(text.encode()) > MAX_MESSAGE_BYTES:
            self.close(connection_id)
            raise ConnectionError("the message is too long: 1009")
        route = self._select(text)
        trouble = {"connectionId": connection_id, "requestId": str(uuid.uuid4())}
        if route is None:
            return {"message": "Forbidden", **trouble}
        event = self._describe(route, connection_id, "MESSAGE", identity={"sourceIp": "192.0.2.1", "userAgent": "app/1"})
        result = self._call(route, {**event, "body": text})
        if result is None or result.error is not None:
            return {"message": "Internal server error", **trouble}
        return _decode((result.answer or {}).get("body")) if route.replies else None

    def close(self, connection_id: str) -> None:
        """Close a connection as a client does."""
        self.drop(connection_id)
        if route := self._api.routes.get("$disconnect"):
            self._call(route, self._describe(route, connection_id, "DISCONNECT", identity={"sourceIp": "192.0.2.1"}))

    def drop(self, connection_id: str) -> None:
        """Lose a connection without a word."""
        self._open.discard(connection_id)

    def inbox(self, connection_id: str) -> list[dict[str, Any]]:
        """Return what was pushed to a connection."""
        return self._inboxes[connection_id]

    @contextmanager
    def taking_posts(self) -> Iterator[None]:
        """Have the management API of AWS in memory know the connections: its own would take any id for one."""
        stage = f"https://{self._api.id}.execute-api.{self._wiring.region}.amazonaws.com/{self._api.stage}/@connections/"

        def post_to_connection(response: ApiGatewayManagementApiResponse) -> str:
            url = response.uri.partition("?")[0]
            if not url.startswith(stage):
                raise _ForbiddenError("ForbiddenException", f"{url} is not of this API")
            connection_id = unquote(url.removeprefix(stage))
            if connection_id not in self._open:
                raise _GoneError("GoneException", "")
            self._inboxes[connection_id].append(json.loads(response.body))
            return "{}"

        with patch.object(ApiGatewayManagementApiResponse, "post_to_connection", post_to_connection):
            yield

    def _select(self, text: str) -> Route | None:
        found = re.fullmatch(r"\$request\.body\.(\w+)", self._api.selection)
        if found is None:
            raise ValueError(f"the route selection {self._api.selection} is not understood")
        message = _decode(text)
        key = message.get(found[1]) if isinstance(message, dict) else None
        return self._api.routes.get(str(key)) or self._api.routes.get("$default")

    def _call(self, route: Route, event: Mapping[str, Any]) -> Result | None:
        return self._backend.call(route.uri, f"{self._api.execution_arn}/{self._api.stage}/{route.key}", event)

    def _describe(self, route: Route, connection_id: str, kind: str, *, identity: Mapping[str, Any]) -> dict[str, Any]:
        now_ms = int(time.time() * 1000)
        context = {
            "apiId": self._api.id,
            "connectedAt": now_ms,
            "connectionId": connection_id,
            "domainName": f"{self._api.id}.execute-api.{self._wiring.region}.amazonaws.com",
            "eventType": kind,
            "identity": dict(identity),
            "messageDirection": "IN",
            "requestId": str(uuid.uuid4()),
            "requestTimeEpoch": now_ms,
            "routeKey": route.key,
            "stage": self._api.stage,
        }
        return {"requestContext": context, "isBase64Encoded": False}


class _GoneError(JsonRESTError):
    code = 410


class _ForbiddenError(JsonRESTError):
    code = 403


def _fits(body: str, schema: Mapping[str, Any]) -> bool:
    try:
        return bool(Draft4Validator(schema).is_valid(json.loads(body)))
    except (ValueError, RecursionError):
        return False


def _read_answer(result: Result) -> Answer | None:
    """Return what a function behind a proxy answers, or none if that is no answer."""
    answer = result.answer
    if result.error is not None or not isinstance(answer, dict) or not isinstance(answer.get("statusCode"), int):
        return None
    return Answer(answer["statusCode"], _decode(answer.get("body")), answer.get("headers") or {})


def _decode(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return text
