"""The digests of a file's content, by the names that Terraform's providers give them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable


def digest(chunks: Iterable[bytes]) -> dict[str, str]:
    """Return the MD5 and SHA digests in hex, and those of SHA-256 and SHA-512 in base64 too."""
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256", "sha512")}
    for chunk in chunks:
        for each in hashes.values():
            each.update(chunk)
    return {
        **{name: each.hexdigest() for name, each in hashes.items()},
        **{f"base64{name}": b64encode(hashes[name].digest()).decode() for name in ("sha256", "sha512")},
    }
