"""How a provider writes a configured text in its plan, where that is not as it was configured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping

from paritycheck.provider.interface import Value


def normalize_json(text: str) -> str:
    """Return JSON compact and with sorted keys, ``<``, ``>`` and ``&`` escaped; a text that is not JSON stays as it is."""
    try:
        compact = json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
    return compact.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def hash_text(text: str) -> str:
    """Return the SHA-1 of a text in hex: an identity, not a protection."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


REWRITES: Mapping[str, Callable[[str], str]] = {
    "json": normalize_json,
    "lower": str.lower,
    "upper": str.upper,
    "sha1": hash_text,
    "no_trailing_dot": lambda text: text.removesuffix("."),
}
"""Ways to rewrite a text, by the name that facts use."""


def rewrite(name: str, value: Value) -> Value:
    """Rewrite a known text, or each known text of a collection; leave every other value alone."""
    if isinstance(value, str):
        return REWRITES[name](value)
    return [rewrite(name, item) for item in value] if isinstance(value, list) else value
