"""The restaurants' POS systems, and the REST API's way to them: a server on this machine, because functions reach it by HTTP."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.pipeline.wiring import Method, RestApi

SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([^/]+)/execute-api/aws4_request, ")


@dataclass(frozen=True, slots=True)
class Handover:
    """An order that a POS system got."""

    url: str
    headers: dict[str, str]
    """By lower-case names."""
    order: dict[str, Any]


@dataclass(slots=True)
class Pos:
    """All POS systems."""

    orders: list[Handover] = field(default_factory=list)
    """What was accepted, in order; what came twice is here twice."""
    asked: int = 0
    """How often they were asked, whatever they answered."""
    _status: int = 200
    _accepted: bool = True
    _silent: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    def behave(self, status: int = 200, *, accepted: bool = True, silent: bool = False) -> None:
        """Answer with a status and whether orders are accepted from now on; or never answer."""
        self._status, self._accepted, self._silent = status, accepted, silent
        if not silent:
            self.hang_up()

    def hang_up(self) -> None:
        """Let those who still wait for an answer go without one."""
        self._over.set()
        self._over = threading.Event()

    def take(self, handover: Handover) -> tuple[int, bytes] | None:
        """Return a POS system's answer to an order, or none after a long time."""
        self.asked += 1
        if self._silent:
            self._over.wait(60)
            return None
        if self._status == 200 and self._accepted:
            self.orders.append(handover)
        body = {"accepted": self._accepted} if self._status == 200 else {"message": "out of order"}
        return self._status, json.dumps(body).encode()


@contextmanager
def serving_pos(api: RestApi, region: str, pos: Pos) -> Iterator[str]:
    """Serve the REST API's methods that are proxies of HTTP systems, and yield the URL in place of the API's own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = _answer(api, region, pos, self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        pos.hang_up()
        server.shutdown()
        thread.join()
        server.socket.close()


def _answer(api: RestApi, region: str, pos: Pos, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
    for method in api.methods:
        if method.verb == "POST" and method.kind == "HTTP_PROXY" and (values := _match(f"/{api.stage}{method.path}", path)):
            signed = SIGNED.match(headers.get("authorization", ""))
            if method.authorization == "AWS_IAM" and (signed is None or signed[1] != region):
                return 403, b'{"message": "Missing Authentication Token"}'
            return pos.take(Handover(_fill(method, values), headers, json.loads(body)))
    return 403, b'{"message": "Missing Authentication Token"}'


def _match(template: str, path: str) -> dict[str, str] | None:
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    return None if found is None else found.groupdict()


def _fill(method: Method, values: dict[str, str]) -> str:
    """Return the URL to which the integration sends a request with these path parameters."""
    url = method.uri
    for target, source in method.parameters.items():
        url = url.replace(f"{{{target.rpartition('.')[2]}}}", values[source.rpartition(".")[2]])
    return url
