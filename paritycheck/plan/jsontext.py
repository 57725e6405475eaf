"""Untrusted JSON: bytes in any usual encoding in, exact values out, and one clear error for everything else."""

from __future__ import annotations

import codecs
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from paritycheck.errors import PlanError

T = TypeVar("T")

_EXACT = msgspec.json.Decoder(float_hook=Decimal)
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def to_utf8(document: bytes, origin: str) -> bytes:
    """Return a document without byte order mark and in UTF-8; PowerShell's ``>`` writes UTF-16."""
    encoding = next((name for mark, name in _ENCODINGS if document.startswith(mark)), None) or _guess(document)
    if encoding is None:
        return document
    try:
        return document.decode(encoding).encode()
    except UnicodeError as error:
        raise PlanError(f"{origin} is not text in {encoding.upper()}", hint="Write the file again, in UTF-8.") from error


def _guess(document: bytes) -> str | None:
    if document[:4].count(0) != 2:
        return None
    return "utf-16-le" if document[1] == 0 else "utf-16-be"


def decode_exactly(text: bytes | str | memoryview | msgspec.Raw, origin: str) -> Any:
    """Decode JSON with integers of any length and fractions as `Decimal`; the last of duplicate keys wins, as in Terraform."""
    try:
        return _EXACT.decode(text)
    except RecursionError as error:
        raise too_deep(origin) from error
    except (ValueError, ArithmeticError) as error:
        raise PlanError(f"{origin} holds broken JSON: {error}", hint="Write it again with `terraform show -json`.") from error


def decode_embedded(text: str) -> Any:
    """Decode a JSON array or object that is the whole of a string value; return ``None`` for any other text."""
    if not text.startswith(("{", "[")) and text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return _EXACT.decode(text)
    except (RecursionError, ValueError, ArithmeticError):
        return None


def decode_as(shape: type[T], text: bytes, origin: str) -> T:
    """Decode JSON into a msgspec structure; raise `PlanError` that names the place where the text has another shape."""
    try:
        return msgspec.json.decode(text, type=shape)
    except RecursionError as error:
        raise too_deep(origin) from error
    except msgspec.ValidationError as error:
        raise PlanError(f"{origin} is not a Terraform plan or state: {error}", hint=WRITE_PLAN) from error
    except ValueError as error:
        raise PlanError(f"{origin} is not JSON: {error}", hint=WRITE_PLAN) from error


def too_deep(origin: str) -> PlanError:
    """Return the error for JSON that no program would write."""
    return PlanError(f"{origin} is nested too deeply to be a Terraform plan", hint=WRITE_PLAN)


WRITE_PLAN = "Write it with `terraform plan -out=FILE` and `terraform show -json FILE > plan.json`."
