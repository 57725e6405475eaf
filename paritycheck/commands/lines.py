"""Command lines that were understood before: to take a kept verdict, the program need not load what parses them."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paritycheck import __version__

if TYPE_CHECKING:
    from paritycheck.cache import Shelf
    from paritycheck.commands.request import Request

_COMMANDS = ("run", "policy", "compare")
_OTHERWISE = frozenset({"PARITYCHECK_NO_CACHE", "PARITYCHECK_DEBUG"})
"""Variables with which nothing is remembered."""
_PACKAGE = Path(__file__).parent.parent


class Line:
    """A command line, with the variables that options are also taken from."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
        """Look whether there is a place where it could be remembered, unless it asks for nothing to be."""
        self._shelf: Shelf | None = None
        options = [(name, value) for name, value in sorted(environ.items()) if "PARITYCHECK_" in name]
        if not arguments or arguments[0] not in _COMMANDS or "--no-cache" in arguments or any(map(environ.get, _OTHERWISE)):
            return
        from paritycheck.cache import open_shelf

        self._shelf = open_shelf(environ)
        if self._shelf:
            self._name = self._shelf.name("line", tuple(arguments), options, __version__, sys.version, _code())

    def recall(self) -> Request | None:
        """Return what the line asks, if it was understood before."""
        found = self._shelf.get(self._name) if self._shelf else None
        return _read(found) if found is not None else None

    def remember(self, request: Request) -> None:
        """Keep what the line asks."""
        if self._shelf:
            self._shelf.put(self._name, _write(request))


def _code() -> tuple[object, ...]:
    """Return what changes with the definition of the command line."""
    files = (file for name in ("cli", "commands") for file in sorted((_PACKAGE / name).glob("*.py")))
    return tuple((file.name, facts.st_size, facts.st_mtime_ns) for file in files for facts in [file.stat()])


def _write(request: Request) -> Any:
    """Return a request as JSON data: its values but paths are such data already."""
    data = dataclasses.asdict(request)
    return {name: str(value) if isinstance(value, Path) else value for name, value in data.items()} | {
        "selection": {name: str(value) if isinstance(value, Path) else value for name, value in data["selection"].items()}
    }


def _read(data: Any) -> Request | None:
    from paritycheck.commands.request import Request
    from paritycheck.commands.selection import Selection
    from paritycheck.findings import Severity

    def restore(values: Mapping[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
        kept = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return kept | {name: Path(value) for name, value in values.items() if name in paths and value is not None}

    try:
        selection = Selection(**restore(data["selection"], ("config", "baseline")))
        return Request(**restore(data, ("output",)) | {"selection": selection, "fail_on": Severity(data["fail_on"])})
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
