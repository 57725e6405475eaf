"""Amazon resource names, taken apart as the AWS provider does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN; all but the partition, service and resource are often empty."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str
    """All that follows the account, colons too."""

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"


def parse_arn(text: str) -> Arn:
    """Take an ARN apart; raise `ValueError` with what is wrong with it."""
    if not text.startswith("arn:"):
        raise ValueError(f"an ARN begins with arn:, unlike {text!r}")
    sections = text.split(":", 5)
    if len(sections) < 6:
        raise ValueError(f"an ARN has six sections, {text!r} has {len(sections)}")
    return Arn(*sections[1:])
