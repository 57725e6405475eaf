"""The restaurants' POS systems, behind the REST API's proxy."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from restaurant_consumer.domain import Handover, PosUnavailableError, read_acceptance


class Pos(Protocol):
    """Takes orders for restaurants."""

    def send(self, handover: Handover, time_left: Callable[[], float]) -> bool | None:
        """Send an order within the seconds that are left; return and raise as `read_acceptance` does."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a POS system, in seconds."""

    connect: float = 2
    read: float = 10
    tries: int = 3
    pause: float = 0.25
    """At most before the second try; twice as long before each further one."""
    reserve: float = 4
    """What has to be left after a try, to write down its answer."""


class HttpPos:
    """Posts signed requests, and repeats what may pass."""

    def __init__(self, url: str, session: Any, patience: Patience) -> None:
        """Post below the URL, with the credentials and the region of a boto3 session."""
        self._url = url
        self._session = session
        self._patience = patience
        self._http = URLLib3Session(timeout=(patience.connect, patience.read))

    def send(self, handover: Handover, time_left: Callable[[], float]) -> bool | None:
        """See `Pos.send`; pauses are random, so that restaurants' orders do not come back all at once."""
        for attempt in range(self._patience.tries - 1):
            try:
                return self._ask(handover, time_left)
            except PosUnavailableError:
                if not self._has_time(time_left):
                    raise
            time.sleep(random.uniform(0, self._patience.pause * 2**attempt))  # noqa: S311  it keeps no secret
        return self._ask(handover, time_left)

    def _ask(self, handover: Handover, time_left: Callable[[], float]) -> bool | None:
        if not self._has_time(time_left):
            raise PosUnavailableError("no time is left to ask the POS system")
        return read_acceptance(*self._post(handover))

    def _has_time(self, time_left: Callable[[], float]) -> bool:
        return time_left() >= self._patience.connect + self._patience.read + self._patience.reserve

    def _post(self, handover: Handover) -> tuple[int, bytes]:
        request = AWSRequest(
            "POST",
            f"{self._url}/{quote(handover.restaurant_id, safe='')}",
            headers={"Content-Type": "application/json", "Idempotency-Key": quote(handover.key)},
            data=handover.to_json().encode(),
        )
        # Signed anew for every try: signatures grow old, and credentials change.
        SigV4Auth(self._session.get_credentials().get_frozen_credentials(), "execute-api", self._session.region_name).add_auth(request)
        try:
            answer = self._http.send(request.prepare())
        except BotoCoreError as error:
            raise PosUnavailableError(f"the POS system does not answer ({type(error).__name__})") from error
        return answer.status_code, answer.content
