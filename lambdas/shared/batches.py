"""What becomes of a record of a batch that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    AsyncBatchProcessor,
    BatchProcessor,
    EventType,
    async_process_partial_response,
    process_partial_response,
)

from shared.orders import PoisonError

_Record = TypeVar("_Record")

_THREADS = 10
"""As many as the queues' batches have messages."""


@contextmanager
def noting_failure(logger: Logger, record_id: str | None) -> Iterator[None]:
    """Log why a record fails, and let the error pass: the batch processor reports the record by it."""
    try:
        yield
    except PoisonError as error:
        # Its reason says it all: no traceback.
        logger.error(  # noqa: TRY400
            "a record can never be processed", event="poison_record", reason=str(error), record_id=record_id
        )
        raise
    except Exception:
        logger.warning("a record failed and is tried again", event="record_failed", record_id=record_id, exc_info=True)
        raise


# A batch that fails as a whole is answered like any other: an error would say less, and cost the function's environment.


def process_batch(
    event: dict[str, Any],
    event_type: EventType,
    handle: Callable[[_Record], None],
    *,
    logger: Logger,
    record_id: Callable[[_Record], str | None],
) -> dict[str, Any]:
    """Call `handle` for each record of a batch in turn; return those that failed, as event source mappings read it."""

    def handle_noted(record: _Record) -> None:
        with noting_failure(logger, record_id(record)):
            handle(record)

    processor = BatchProcessor(event_type, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=handle_noted, processor=processor))


def process_batch_at_once(
    event: dict[str, Any],
    event_type: EventType,
    handle: Callable[[_Record], None],
    *,
    logger: Logger,
    record_id: Callable[[_Record], str | None],
) -> dict[str, Any]:
    """Do what `process_batch` does with all records at the same time, in threads: for records that wait, and have no order."""

    def handle_noted(record: _Record) -> None:
        with noting_failure(logger, record_id(record)):
            handle(record)

    with ThreadPoolExecutor(_THREADS) as threads:

        async def handle_in_thread(record: _Record) -> None:
            await asyncio.get_running_loop().run_in_executor(threads, handle_noted, record)

        processor = AsyncBatchProcessor(event_type, raise_on_entire_batch_failure=False)
        return dict(async_process_partial_response(event=event, record_handler=handle_in_thread, processor=processor))
