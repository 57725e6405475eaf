"""Where notifications and receipts go."""

from __future__ import annotations

from typing import Any, Protocol

from shared.order_events import STAGE_ATTRIBUTE, write_json
from shared.topics import Topic

from customer_consumer.domain import Link, Notification, Receipt

LINK_SECONDS = 3600
"""How long a link to a receipt is valid.

S3 would allow a week, but a link ends with the credentials that signed it, and the function's are its role's: they change
within hours. One hour is what a link can mostly keep. It may still end earlier.
"""


class Notifications(Protocol):
    """Takes notifications for the external service."""

    def publish(self, notification: Notification, receipt: Link | None) -> None:
        """Pass a notification on; raise `PoisonError` if it can never be passed on."""


class Receipts(Protocol):
    """Files receipts."""

    def file(self, receipt: Receipt) -> Link:
        """File a receipt, in the place of one that was filed for the same order; return a link to it."""


class SnsNotifications:
    """Publishes to the topic of the external service.

    The topic keeps no order and forgets nothing: the service gets a notification again when a message comes again, with
    the same notification_id, which is an attribute too.
    """

    def __init__(self, topic: Topic) -> None:
        """Publish to this topic."""
        self._topic = topic

    def publish(self, notification: Notification, receipt: Link | None) -> None:
        """See `Notifications.publish`."""
        attributes = {"notification_id": notification.notification_id, STAGE_ATTRIBUTE: notification.stage.value}
        self._topic.publish(notification.message(receipt), attributes)


class S3Receipts:
    """Files in a bucket."""

    def __init__(self, s3: Any, bucket: str) -> None:
        """Write with a boto3 S3 client, which signs with version 4, to the bucket of this name."""
        self._s3 = s3
        self._bucket = bucket

    def file(self, receipt: Receipt) -> Link:
        """See `Receipts.file`; the bucket encrypts by itself."""
        body = write_json(receipt.contents).encode()
        self._s3.put_object(Bucket=self._bucket, Key=receipt.key, Body=body, ContentType="application/json")
        place = {"Bucket": self._bucket, "Key": receipt.key}
        return Link(self._s3.generate_presigned_url("get_object", Params=place, ExpiresIn=LINK_SECONDS), LINK_SECONDS)
