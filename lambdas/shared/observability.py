"""Logs as the stack's metric filters read them: one JSON object a line, with the keys of an event at the top."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger


@cache
def make_logger(service: str) -> Logger:
    """Return the logger of a function, which writes RFC 3339 times; keys are given as keyword arguments of its methods."""
    return Logger(service=service, use_rfc3339=True)
