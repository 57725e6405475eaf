"""What becomes of a record of a batch that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    AsyncBatchProcessor,
    BatchProcessor,
    EventType,
    async_process_partial_response,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from shared.orders import PoisonError

_Record = TypeVar("_Record", DynamoDBRecord, KinesisStreamRecord, SQSRecord)

_THREADS = 10
"""As many as the queues' batches have messages."""


class HeldBackError(Exception):
    """A record was not tried, because one before it, which it has to follow, is not processed yet."""


# A batch that fails as a whole is answered like any other: an error would say less, and cost the function's environment.


def process_batch(
    event: dict[str, Any],
    event_type: EventType,
    handle: Callable[[_Record], None],
    *,
    logger: Logger,
    follows: Callable[[_Record], Hashable] | None = None,
) -> dict[str, Any]:
    """Call `handle` for each record of a batch in turn; return those that failed, as event source mappings read it.

    After a fault that may pass, the records for which `follows` returns the same as for the failed one are held back: they
    fail without being tried. A poison record holds nobody back, because it never will be processed.
    """
    handle_noted = _noting(_holding_back(handle, follows) if follows else handle, logger)
    processor = BatchProcessor(event_type, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=handle_noted, processor=processor))


def process_batch_at_once(
    event: dict[str, Any],
    event_type: EventType,
    handle: Callable[[_Record], None],
    *,
    logger: Logger,
) -> dict[str, Any]:
    """Do what `process_batch` does with all records at the same time, in threads: for records that wait, and have no order."""
    handle_noted = _noting(handle, logger)
    with ThreadPoolExecutor(_THREADS) as threads:

        async def handle_in_thread(record: _Record) -> None:
            await asyncio.get_running_loop().run_in_executor(threads, handle_noted, record)

        processor = AsyncBatchProcessor(event_type, raise_on_entire_batch_failure=False)
        return dict(async_process_partial_response(event=event, record_handler=handle_in_thread, processor=processor))


def _holding_back(handle: Callable[[_Record], None], follows: Callable[[_Record], Hashable]) -> Callable[[_Record], None]:
    held: set[Hashable] = set()

    def handle_in_turn(record: _Record) -> None:
        key = follows(record)
        if key in held:
            raise HeldBackError
        try:
            handle(record)
        except PoisonError:
            raise
        except Exception:
            held.add(key)
            raise

    return handle_in_turn


def _noting(handle: Callable[[_Record], None], logger: Logger) -> Callable[[_Record], None]:
    """Return what logs why a record fails, and lets the error pass: the batch processor reports the record by it."""

    def handle_noted(record: _Record) -> None:
        try:
            handle(record)
        except PoisonError as error:
            # Its reason says it all: no traceback.
            logger.error(  # noqa: TRY400
                "a record can never be processed", event="poison_record", reason=str(error), record_id=_identify(record)
            )
            raise
        except Exception:
            logger.warning("a record failed and is tried again", event="record_failed", record_id=_identify(record), exc_info=True)
            raise

    return handle_noted


def _identify(record: DynamoDBRecord | KinesisStreamRecord | SQSRecord) -> str | None:
    """Return what its source calls a record."""
    match record:
        case KinesisStreamRecord():
            return record.kinesis.sequence_number
        case SQSRecord():
            return record.message_id
        case DynamoDBRecord():
            return record.event_id
