"""JSON configuration, made readable to the parser of the native syntax: a JSON document is nearly an HCL expression."""

from __future__ import annotations

import re

_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_JSON_ONLY_ESCAPE = re.compile(rb"\\(/)|\\[bf]|(\\\\)")
_MARK = re.compile(rb'[$%]\{|\}|\\"')


def as_hcl(data: bytes) -> bytes:
    r"""Return JSON that is also a valid HCL expression, every character in its place but after escapes that JSON alone has.

    A ``\"`` inside ``${...}`` becomes a quote of the same width, so that the expression can be read where it stands.
    """
    return _JSON_STRING.sub(lambda match: _unescape_string(match[0]) if b"{" in match[0] or b"\\" in match[0] else match[0], data)


def _unescape_string(text: bytes) -> bytes:
    depth, opened = 0, False

    def replace(match: re.Match[bytes]) -> bytes:
        nonlocal depth, opened
        mark = match[0]
        if mark.endswith(b"{"):
            depth += 1
        elif mark == b"}":
            depth = max(0, depth - 1)
        elif depth:
            opened = not opened
            return b' "' if opened else b'" '
        return mark

    return _MARK.sub(replace, _JSON_ONLY_ESCAPE.sub(rb"\1\2", text))
