"""How a provider writes a configured text in its plan, where that is not as it was configured."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from paritycheck.provider.interface import Value

_PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_WHOLE = 1e21
"""A number up to this is written without an exponent."""


def normalize_json(text: str, arrange: Callable[[Any], Any] = lambda document: document) -> str:
    """Return JSON compact, arranged, with ``<``, ``>`` and ``&`` escaped; a text that is not JSON stays as it is."""
    try:
        document = arrange(_sort_keys(json.loads(text, parse_float=_read_float)))
        compact = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return text
    return compact.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _sort_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sort_keys(item) for key, item in sorted(value.items())}
    return [_sort_keys(item) for item in value] if isinstance(value, list) else value


def _read_float(text: str) -> int | float:
    number = float(text)
    return int(number) if abs(number) < _WHOLE and number.is_integer() else number


def _put_version_first(policy: Any) -> Any:
    return {"Version": policy["Version"], **policy} if "Version" in policy else policy


def _arrange_container(container: Any) -> Any:
    """Sort what has a name, and drop processor shares of zero, which mean none."""
    kept = {key: item for key, item in container.items() if (key, item) != ("cpu", 0) and item is not None}
    named = {key: sorted(kept[key], key=lambda item: item["name"]) for key in ("environment", "secrets") if key in kept}
    try:
        return kept | named
    except KeyError as error:
        raise ValueError("an item has no name") from error


def _arrange_containers(containers: Any) -> Any:
    return sorted(map(_arrange_container, containers), key=lambda container: str(container.get("name", "")))


def hash_user_data(text: str) -> str:
    """Return the SHA-1 of a text in hex, or of what it holds in Base64: an identity, not a protection."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = text.encode("utf-8", "surrogatepass")
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def normalize_protocol(text: str) -> str:
    """Return an IP protocol's name, or its number where it has none here; ``-1`` is all of them."""
    return _PROTOCOLS.get(text.lower(), text.lower())


REWRITES: Mapping[str, Callable[[str], str]] = {
    "json": normalize_json,
    "policy_json": lambda text: normalize_json(text, _put_version_first),
    "container_json": lambda text: normalize_json(text, _arrange_container),
    "containers_json": lambda text: normalize_json(text, _arrange_containers),
    "lower": str.lower,
    "upper": str.upper,
    "trimmed": str.strip,
    "zone": lambda text: text.removesuffix("."),
    "hostname": lambda text: text.lower().removesuffix("."),
    "protocol": normalize_protocol,
    "user_data_hash": hash_user_data,
}
"""Ways to rewrite a text, by the name that facts use."""


def rewrite(name: str, value: Value) -> Value:
    """Rewrite a known text, or each known text of a collection; leave every other value alone."""
    if isinstance(value, str):
        return REWRITES[name](value)
    return [rewrite(name, item) for item in value] if isinstance(value, list) else value
