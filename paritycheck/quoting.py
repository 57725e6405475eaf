"""Texts as YAML writes them."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_./-]*", re.IGNORECASE)


def quote(text: str) -> str:
    """Write a text as it is, or in quotes where YAML would read it as something else; what cannot be printed is escaped."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in json.dumps(text, ensure_ascii=False))


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
