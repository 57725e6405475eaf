"""What an upload, a photo and a proof of delivery are, and which photos are taken: pure."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import unquote_plus

from PIL import Image
from shared.orders import PoisonError

MAX_BYTES = 15 * 1024 * 1024
"""As much as Rekognition reads from S3."""
MAX_PIXELS = 40_000_000
"""A few kilobytes can claim to be gigabytes of pixels; the best phones' plain photos stay below this."""
MAX_LABELS = 10
MIN_CONFIDENCE = 80
"""Percent."""

_KEY = re.compile(r"photos/(?P<order_id>[^/]{1,200})/[^/]{1,200}\.[A-Za-z0-9]{1,10}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_SEQUENCER = re.compile(r"[0-9A-Fa-f]{0,64}")

# What Pillow calls the files; MPO is the JPEG of phones that put a second picture, such as a depth map, behind the first one.
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A new object, as S3 tells of it."""

    bucket: str
    key: str
    version: str | None
    """The object's version; none in a bucket without versions."""
    size: int
    """In bytes."""
    order_id: str
    uploaded_at: str
    """UTC, in ISO 8601 with milliseconds: orders uploads of different keys."""
    sequencer: str
    """Orders uploads of one key; lower case, and filled up with zeros on the right, so that texts compare as S3 says they do."""


@dataclass(frozen=True, slots=True)
class Photo:
    """What decoding told of an image; width and height as stored, since the orientation is EXIF, too."""

    width: int
    height: int
    format: str
    """JPEG or PNG, by content."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the photo shows, as Rekognition sees it."""

    name: str
    confidence: Decimal
    """Percent, to a tenth."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A photo that was checked, as its order notes it."""

    upload: Upload
    photo: Photo
    labels: tuple[Label, ...]
    """Recorded, and nothing else: a door in the dark has none, and is a proof all the same."""

    def to_item(self) -> dict[str, Any]:
        """Return the order's attribute proof_of_delivery."""
        upload, photo = self.upload, self.photo
        return {
            "bucket": upload.bucket,
            "key": upload.key,
            **({} if upload.version is None else {"version": upload.version}),
            "uploaded_at": upload.uploaded_at,
            "sequencer": upload.sequencer,
            "size": upload.size,
            "width": photo.width,
            "height": photo.height,
            "format": photo.format,
            "labels": [{"name": label.name, "confidence": label.confidence} for label in self.labels],
        }


def read_upload(record: Mapping[str, Any]) -> Upload:
    """Return the upload that a record of an S3 event tells of; raise `PoisonError` if it tells of none."""
    try:
        entity = record["s3"]
        stored = entity["object"]
        key = unquote_plus(stored["key"], errors="strict")
        upload = Upload(
            bucket=entity["bucket"]["name"],
            key=key,
            version=stored.get("versionId"),
            size=int(stored["size"]),
            order_id=_match(_KEY, key).group("order_id"),
            uploaded_at=_match(_TIME, record["eventTime"]).group(),
            sequencer=_match(_SEQUENCER, stored.get("sequencer", "")).group().lower().ljust(64, "0"),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PoisonError("malformed_event") from error
    if not 0 < upload.size <= MAX_BYTES:
        raise PoisonError("too_many_bytes" if upload.size else "empty")
    return upload


def inspect_photo(content: bytes) -> Photo:
    """Decode all of an image and return what it is; raise `PoisonError` with the reason if it is none that is taken.

    EXIF is ignored on purpose: it tells of the driver's device and whereabouts, which no order has to know.
    """
    try:
        photo = _measure(content)
        with _open(content) as image:
            # A JPEG's data is read to the end at any scale; the smallest one spares the memory of its pixels.
            image.draft(None, (1, 1))
            image.load()
    except (PoisonError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise PoisonError("too_many_pixels") from error
    except Exception as error:  # decoders raise whatever a broken file leads them to
        raise PoisonError("broken_image") from error
    return photo


def _measure(content: bytes) -> Photo:
    with _open(content) as image:
        if image.width * image.height > MAX_PIXELS:
            raise PoisonError("too_many_pixels")
        photo = Photo(width=image.width, height=image.height, format=_FORMATS[str(image.format)])
        # Reads a PNG to its last chunk and compares the checksums; the image is of no use afterwards.
        image.verify()
    return photo


def _open(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    matched = pattern.fullmatch(text)
    if matched is None:
        raise ValueError(f"does not look like {pattern.pattern}")
    return matched
