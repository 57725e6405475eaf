"""Rules added to the text of `parity.yaml`, which keeps its comments, its order and its line ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from paritycheck.config.yamltext import Document, parse
from paritycheck.errors import ConfigError

_EMPTY = re.compile(r"(:)\s*\[\s*\]")


def add_allow_rules(text: str, rules: Sequence[str], file: str) -> str:
    """Return the text, of a file that can be loaded, with rules below `allow:`, behind those that are there.

    Each rule is one item of a YAML sequence, as `allow_stub` writes it. Raises `ConfigError` where the text is laid out in a
    way that leaves no room for them; its details are the rules, to be pasted.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    document = parse(text, file)
    stub = "\n".join(rules)
    line, indent, heading = _room(lines, document)
    added = [" " * indent + each if each else each for each in stub.split("\n")]
    before = [*lines[: line - 1], _EMPTY.sub(r"\1", lines[line - 1])] if document.data.get("allow") == [] else lines[:line]
    result = end.join([*before, *heading, *added, *lines[line:]]) + end
    if not _adds(document, result, stub, file):
        message = f"{file} has no place for another allow rule below those that it has"
        raise ConfigError(message, hint="Add this to its allow rules yourself:", details=stub)
    return result


def _room(lines: Sequence[str], document: Document) -> tuple[int, int, list[str]]:
    """Say where rules go: before which line (from 0), how far they are indented, and what line must come before them."""
    rules = document.data.get("allow")
    if rules:
        last = document.place(("allow", len(rules) - 1))
        dash = lines[last.line - 1].find("-")
        return _behind(lines, last.line, dash), max(dash, 0), []
    if "allow" in document.data:
        return document.place(("allow",)).line, 2, []
    return len(lines), 2, ["", "allow:"]


def _behind(lines: Sequence[str], start: int, dash: int) -> int:
    """Return the line, from 0, behind an item whose second line has the index `start`: behind all that is indented further."""
    line = end = start
    while line < len(lines) and (not lines[line].strip() or len(lines[line]) - len(lines[line].lstrip()) > dash):
        line += 1
        end = line if lines[line - 1].strip() else end
    return end


def _adds(document: Document, result: str, stub: str, file: str) -> bool:
    """Tell whether a text says what the document says, and the rules in addition."""
    try:
        before, after, rules = document.data, parse(result, file).data, parse(stub, file).data
    except ConfigError:
        return False
    return bool(after == {**before, "allow": [*(before.get("allow") or []), *rules]})
