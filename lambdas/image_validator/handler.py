"""New objects in S3: will decode the image, have Rekognition label it, and note it as its order's proof_of_delivery."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("image_validator: validating an image is not written yet")
