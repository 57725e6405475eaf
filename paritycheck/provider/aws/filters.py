"""The ``filter`` blocks of data sources: every block must match, each by any of its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from paritycheck.provider.interface import Diagnostic, Object, Refused


def matches(item: Mapping[str, str], filters: Sequence[Object] | None) -> bool:
    """Return whether an item, by its filter names, passes all filters; raise `Refused` for a filter that it has no name for."""
    return all(_matches_any(item, block["name"], block["values"] or ()) for block in filters or ())


def _matches_any(item: Mapping[str, str], name: str, patterns: Iterable[str]) -> bool:
    if name not in item:
        raise Refused(Diagnostic(f"Unknown filter {name}", f"Known filters: {', '.join(sorted(item))}.", ("filter",)))
    return any(_compile(pattern).fullmatch(item[name]) for pattern in patterns)


def _compile(pattern: str) -> re.Pattern[str]:
    """Translate a pattern of EC2's filters: ``*`` for any text, ``?`` for any character."""
    return re.compile("".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in re.sub(r"\*+", "*", pattern)))
