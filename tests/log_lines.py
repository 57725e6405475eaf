"""What functions log, read as CloudWatch gets it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aws_lambda_powertools import Logger


class LogLines:
    """The lines that were logged so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def of(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of an event, in their order."""
        return [line for line in map(json.loads, self.text.splitlines()) if line.get("event") == event]

    @property
    def text(self) -> str:
        """All that was logged."""
        return self._stream.getvalue()


@contextmanager
def reading_log(logger: Logger) -> Iterator[LogLines]:
    """Keep what a function's logger writes, for the time being."""
    handler: Any = logger.registered_handler
    stream = io.StringIO()
    before = handler.setStream(stream)
    try:
        yield LogLines(stream)
    finally:
        handler.setStream(before)
