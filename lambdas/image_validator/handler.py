"""New objects in S3: decodes the image, has Rekognition label it, and notes it as its order's proof_of_delivery."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:  # noqa: ARG001  Lambda calls it with both
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("image_validator: validating an image is not written yet")
