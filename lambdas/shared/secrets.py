"""Passwords from Secrets Manager."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3

from shared.aws import patience

ReadSecret = Callable[[str], Mapping[str, str]]
"""Returns what a secret of this ARN holds at the moment."""

# Two tries of at most four seconds each: who waits for a password waits for a database as well.
_PATIENCE = patience(connect_s=1, answer_s=3, tries=2)


def read_secret(arn: str) -> Mapping[str, str]:
    """Return what a secret holds, a JSON object of texts; nothing is cached."""
    secret: Mapping[str, str] = json.loads(_connect().get_secret_value(SecretId=arn)["SecretString"])
    return secret


@functools.cache
def _connect() -> Any:
    return boto3.client("secretsmanager", config=_PATIENCE)
