"""How long a function waits for AWS."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from shared.aws import patience


class Aws(ThreadingHTTPServer):
    """Answers that it is not there for the moment, after a while."""

    daemon_threads = True

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), Unavailable)
        self.asked = 0
        self.over = threading.Event()
        self.seconds = seconds


class Unavailable(BaseHTTPRequestHandler):
    server: Aws

    def do_POST(self) -> None:
        self.server.asked += 1
        self.server.over.wait(self.server.seconds)
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def aws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with Aws(request.param) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


def ask(server: Aws, **allowed: int) -> Any:
    host, port = server.server_address[:2]
    client = boto3.client("sns", region_name="us-east-1", endpoint_url=f"http://{host!s}:{port}", config=patience(**allowed))
    return client.list_topics()


@pytest.mark.parametrize("aws", [0], indirect=True)
@pytest.mark.parametrize("tries", [1, 2])
def test_what_fails_is_tried_as_often_as_is_said(aws: Aws, tries: int) -> None:
    with pytest.raises(ClientError, match="503"):
        ask(aws, tries=tries)

    assert tries == aws.asked


@pytest.mark.parametrize("aws", [30], indirect=True)
def test_an_answer_that_does_not_come_is_waited_for_as_long_as_is_said(aws: Aws) -> None:
    start = time.monotonic()
    with pytest.raises(ReadTimeoutError):
        ask(aws, answer_s=1, tries=1)

    assert 1 <= time.monotonic() - start < 5
    assert 1 == aws.asked


def test_other_options_are_passed_on() -> None:
    assert "s3v4" == patience(signature_version="s3v4").signature_version
