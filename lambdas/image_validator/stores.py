"""Where photos come from, who says what they show, and where their proof goes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError
from shared.orders import PoisonError, Status

from image_validator.domain import MAX_BYTES, MAX_LABELS, MIN_CONFIDENCE, Label, Proof, Upload

_GONE = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
_NO_IMAGE = frozenset({"ImageTooLargeException", "InvalidImageFormatException", "InvalidParameterException"})
_PROVABLE = (Status.PICKED_UP, Status.DELIVERED)


class Photos(Protocol):
    """Holds what drivers upload."""

    def read(self, upload: Upload) -> bytes:
        """Return the very version that was uploaded; raise `PoisonError` if it is gone, or too large."""


class Labeler(Protocol):
    """Sees what is on a photo."""

    def detect(self, upload: Upload) -> tuple[Label, ...]:
        """Return what the photo shows, the surest first; raise `PoisonError` if it is no image to it."""


class Orders(Protocol):
    """Holds the orders."""

    def store(self, proof: Proof) -> bool:
        """Note a proof with its order; return whether it is the newest one.

        Raise `PoisonError` if there is no such order, or its driver does not carry it yet.
        """


class S3Photos:
    """Reads photos from S3."""

    def __init__(self, s3: Any) -> None:
        """Read with a boto3 S3 client."""
        self._s3 = s3

    def read(self, upload: Upload) -> bytes:
        """See `Photos.read`."""
        version = {} if upload.version is None else {"VersionId": upload.version}
        try:
            answer = self._s3.get_object(Bucket=upload.bucket, Key=upload.key, **version)
        except ClientError as error:
            if _code(error) in _GONE:
                raise PoisonError("photo_gone") from error
            raise
        with answer["Body"] as body:
            # The event has told the size; a version cannot change, but what has no version can.
            if answer["ContentLength"] > MAX_BYTES:
                raise PoisonError("too_many_bytes")
            content: bytes = body.read()
        return content


class RekognitionLabeler:
    """Has Rekognition look at photos, which it fetches from S3 itself."""

    def __init__(self, rekognition: Any) -> None:
        """Ask with a boto3 Rekognition client."""
        self._rekognition = rekognition

    def detect(self, upload: Upload) -> tuple[Label, ...]:
        """See `Labeler.detect`."""
        stored = {"Bucket": upload.bucket, "Name": upload.key, **({} if upload.version is None else {"Version": upload.version})}
        try:
            answer = self._rekognition.detect_labels(Image={"S3Object": stored}, MaxLabels=MAX_LABELS, MinConfidence=MIN_CONFIDENCE)
        except ClientError as error:
            if _code(error) in _NO_IMAGE:
                raise PoisonError("not_labeled") from error
            raise
        return tuple(Label(label["Name"], Decimal(f"{label['Confidence']:.1f}")) for label in answer["Labels"])


class DynamoOrders:
    """Notes proofs in the orders table."""

    def __init__(self, table: Any) -> None:
        """Write to a boto3 DynamoDB table."""
        self._table = table

    def store(self, proof: Proof) -> bool:
        """See `Orders.store`; the same proof once more changes nothing."""
        try:
            self._table.update_item(
                Key={"order_id": proof.upload.order_id},
                UpdateExpression="SET proof_of_delivery = :proof",
                ConditionExpression=Attr("status").is_in(list(_PROVABLE)) & _newest(proof.upload),
                ExpressionAttributeValues={":proof": proof.to_item()},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException as error:
            return self._explain(error.response.get("Item"))
        return True

    def _explain(self, order: dict[str, Any] | None) -> bool:
        if order is None:
            raise PoisonError("unknown_order")
        if order.get("status", {}).get("S") not in _PROVABLE:
            raise PoisonError("order_not_picked_up")
        return False


def _newest(upload: Upload) -> Any:
    """Sequencers order the uploads of one key, and say nothing of different keys: those go by their times, which S3 sets."""
    noted = {name: Attr(f"proof_of_delivery.{name}") for name in ("key", "uploaded_at", "sequencer")}
    same_key = noted["key"].eq(upload.key) & noted["sequencer"].lte(upload.sequencer)
    earlier = noted["uploaded_at"].lt(upload.uploaded_at)
    # Of two photos of one millisecond one has to win, whichever comes first.
    at_once = noted["uploaded_at"].eq(upload.uploaded_at) & noted["key"].lt(upload.key)
    return Attr("proof_of_delivery").not_exists() | same_key | (noted["key"].ne(upload.key) & (earlier | at_once))


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
