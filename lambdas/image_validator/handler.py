"""New objects in S3: decodes the image, has Rekognition label it, and notes it as its order's proof_of_delivery."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from shared.aws import patience
from shared.observability import make_logger
from shared.orders import PoisonError

from image_validator.domain import Proof, inspect_photo, read_upload
from image_validator.settings import read_settings
from image_validator.stores import DynamoOrders, Labeler, Orders, Photos, RekognitionLabeler, S3Photos

# A call that hangs is given up after ten seconds, before the function's own timeout, so that the log says which one it was.
_PATIENCE = patience(connect_s=1, tries=2)

logger = make_logger("image_validator")


@dataclass(frozen=True, slots=True)
class Stores:
    """All that checking a photo needs."""

    photos: Photos
    labeler: Labeler
    orders: Orders


def handle(event: Mapping[str, Any], context: object) -> None:  # noqa: ARG001  Lambda calls it with both
    """Check the photos that an S3 event tells of."""
    check_photos(event, _connect())


def check_photos(event: Mapping[str, Any], stores: Stores) -> None:
    """Check every photo of an S3 event, then raise what went wrong, a passing fault before a photo that is refused for good.

    Whoever invokes asynchronously hears no answer: raising is what puts an event among the dead letters. That Lambda tries a
    refused photo twice more before is harmless, since all of it may happen again, and helps the one that overtook its order.
    """
    faults: list[Exception] = []
    poison: list[PoisonError] = []
    for record in _read_records(event):
        try:
            _check_photo(record, stores)
        except PoisonError as error:
            logger.warning("photo refused", event="poison_record", reason=str(error), object_key=_name(record))
            poison.append(error)
        except Exception as error:  # noqa: BLE001  one photo's fault is not the others'
            logger.warning("photo not checked", event="photo_failed", reason=type(error).__name__, object_key=_name(record))
            faults.append(error)
    for failure in (*faults, *poison):
        raise failure


def _check_photo(record: Mapping[str, Any], stores: Stores) -> None:
    upload = read_upload(record)
    photo = inspect_photo(stores.photos.read(upload))
    proof = Proof(upload, photo, stores.labeler.detect(upload))
    if stores.orders.store(proof):
        logger.info("proof of delivery noted", event="proof_noted", order_id=upload.order_id, labels=len(proof.labels))
    else:
        logger.info("a newer photo is noted already", event="proof_outdated", order_id=upload.order_id)


def _read_records(event: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    records = event.get("Records")
    if isinstance(records, list) and records:
        return records
    logger.warning("not an S3 event", event="poison_record", reason="malformed_event")
    raise PoisonError("malformed_event")


def _name(record: Mapping[str, Any]) -> str | None:
    """The object's key as the event has it: ids, of the order and of the photo, and the only way to find it again."""
    try:
        return str(record["s3"]["object"]["key"])
    except (KeyError, TypeError):
        return None


@functools.cache
def _connect() -> Stores:
    settings = read_settings(os.environ)
    return Stores(
        photos=S3Photos(boto3.client("s3", config=_PATIENCE)),
        labeler=RekognitionLabeler(boto3.client("rekognition", config=_PATIENCE)),
        orders=DynamoOrders(boto3.resource("dynamodb", config=_PATIENCE).Table(settings.orders_table)),
    )
