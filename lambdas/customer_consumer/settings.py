"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    topic_arn: str
    """The topic of the external notification service."""
    receipts_bucket: str
    """The bucket of receipts."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(topic_arn=environ["NOTIFICATIONS_TOPIC_ARN"], receipts_bucket=environ["RECEIPTS_BUCKET"])
