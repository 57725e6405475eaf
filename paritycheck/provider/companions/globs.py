"""File patterns as Terraform's archive provider has them: ``*`` within a name, ``**`` across directories, ``{a,b}``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_TOKEN = re.compile(r"\*\*|\*|\?|\[(?P<not>[!^]?)(?P<class>\]?[^\]]*)\]|\\(?P<escaped>.)|[{},]|.", re.DOTALL)
_ALTERNATIVES = {"{": "(?:", "}": ")", ",": "|"}


def matches_any(path: str, patterns: Iterable[str]) -> bool:
    """Return whether a path with ``/`` between its parts matches one of the patterns; raise `ValueError` for a bad one."""
    return any(_compile(pattern).fullmatch(path) for pattern in patterns if pattern)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    depth = 0
    parts = []
    for token in _TOKEN.finditer(pattern.replace("**/", "\0")):
        text = token[0]
        depth += {"{": 1, "}": -1}.get(text, 0)
        if depth < 0 or text == "[":
            break
        parts.append(_translate(token, inside=depth > 0 or text == "}"))
    else:
        if depth == 0:
            return _build(pattern, "".join(parts))
    raise ValueError(f"{pattern!r} is no file pattern")


def _build(pattern: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression, re.DOTALL)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no file pattern") from error


def _translate(token: re.Match[str], *, inside: bool) -> str:
    text = token[0]
    if inside and text in _ALTERNATIVES:
        return _ALTERNATIVES[text]
    if token["class"]:
        content = token["class"].replace("\\", "\\\\").replace("[", "\\[")
        return f"(?!/)[{'^' if token['not'] else ''}{content}]"
    fixed = {"\0": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return fixed.get(text) or re.escape(token["escaped"] or text)
