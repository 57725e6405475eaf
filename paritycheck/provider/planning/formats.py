"""The forms that texts of a provider's configuration must have."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from functools import cache

from paritycheck.provider.interface import Value

_SHOWN = 120
"""Characters of a refused value that are shown."""

_ARN = re.compile(
    r"arn:aws(-[a-z]+)*:[^:]*:([a-z]{2}(-[a-z]+)+-\d+)?:(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})?:.+", re.DOTALL
)
_RFC3339 = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)")


def shorten(value: Value) -> str:
    """Return a value's text, cut to a length that fits a message."""
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def check_pattern(value: Value, pattern: str) -> str | None:
    """Return what is wrong where a text does not contain the pattern."""
    if not isinstance(value, str) or _compile(pattern).search(value):
        return None
    return f"match {pattern}"


def check_format(value: Value, form: str) -> str | None:
    """Return what is wrong where a text is not of a form, a key of `FORMS`; an empty text is not set, and so not wrong."""
    if not isinstance(value, str) or not value or form not in FORMS:
        return None
    name, fits = FORMS[form]
    return None if fits(value) else f"be {name}"


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    # NOTE: Go's `$` is the text's end alone, Python's also stands before a line break at the end.
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern))


def _is_arn(text: str) -> bool:
    return _ARN.fullmatch(text) is not None


def _is_cidr(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_policy(text: str) -> bool:
    return text.lstrip().startswith("{") and _is_json(text)


def _is_timestamp(text: str) -> bool:
    return _RFC3339.fullmatch(text) is not None


FORMS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "arn": ("an ARN", _is_arn),
    "cidr": ("a CIDR block", _is_cidr),
    "json": ("valid JSON", _is_json),
    "iam_policy_json": ("a valid JSON policy", _is_policy),
    "rfc3339": ("a valid RFC 3339 date", _is_timestamp),
}
"""Forms by the name that facts use: how a message calls it, and what decides."""
