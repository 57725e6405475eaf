"""Terraform's own words: diagnostics out of its JSON stream, and the error that shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paritycheck.errors import EngineError, Location, shown_path

_PLACE = re.compile(r"(?:\(| at )([^\s()]+\.tf(?:\.json)?):(\d+)(?:,\d+)?")
"""How diagnostics without a range name a place: ``(main.tf:3)``, ``at main.tf:3``."""

_DATA_SOURCE = re.compile(r"\bdata\.([\w-]+)\.")

_UNDECLARED = re.compile(r'The root module does not declare a variable named "([^"]+)" but a value was found in file "([^"]+)"\.')

_PREAMBLE = "Terraform encountered problems during initiali"
"""How `init` announces the diagnostics that follow, with a diagnostic."""

_STRAY_LINES = 40


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning, without the source line that Terraform quotes: a secret may stand in it."""

    summary: str
    detail: str
    location: Location | None
    address: str = ""
    """Resource that it is about, if any."""
    data_sources: tuple[str, ...] = ()
    """Types of the data sources that the quoted line names."""

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        return f"{place}{self.summary}" + "".join(f"\n    {line}".rstrip() for line in self.detail.strip().splitlines())


@dataclass(slots=True)
class Stream:
    """Takes in the lines of one command's JSON stream."""

    true_path: Callable[[str], Path]
    """Turns a file name of Terraform's into the user's path."""
    on_resource: Callable[[int], None] = lambda _: None
    """Told how many resources are done."""
    errors: list[Diagnostic] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    """The last lines that are no JSON."""
    resources: int = 0

    def feed(self, line: str) -> None:
        """Take in one line."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            self.stray = [*self.stray, line][-_STRAY_LINES:]
            return
        if not isinstance(message, Mapping):
            return
        if message.get("type") in {"planned_change", "refresh_complete"}:
            self.resources += 1
            self.on_resource(self.resources)
        elif isinstance(found := message.get("diagnostic"), Mapping):
            self._note(found)

    def _note(self, found: Mapping[str, Any]) -> None:
        """Keep an error, and the one warning that is an error for us: a value that is used nowhere is a misspelled name."""
        diagnostic = self._read(found)
        if found.get("severity") == "error":
            self.errors.append(diagnostic)
        elif undeclared := _UNDECLARED.match(diagnostic.detail):
            name, file = undeclared.groups()
            location = _assignment(self.true_path(file), name)
            detail = f'{shown_path(self.true_path(file))} sets "{name}", which the configuration does not declare.'
            self.errors.append(Diagnostic(diagnostic.summary, detail, location))

    def _read(self, found: Mapping[str, Any]) -> Diagnostic:
        detail, place = str(found.get("detail") or ""), found.get("range")
        location = None
        if isinstance(place, Mapping) and isinstance(start := place.get("start"), Mapping):
            location = Location(shown_path(self.true_path(str(place.get("filename")))), int(start["line"]), int(start["column"]))
        elif named := _PLACE.search(detail):
            location = Location(shown_path(self.true_path(named[1])), int(named[2]))
        return Diagnostic(str(found.get("summary") or "Error"), detail, location, str(found.get("address") or ""), _data_sources(found))


def _data_sources(found: Mapping[str, Any]) -> tuple[str, ...]:
    # NOTE: not from the values that Terraform tells beside the line: it leaves out sensitive ones.
    match found.get("snippet"):
        case {"code": str(line)}:
            return tuple(_DATA_SOURCE.findall(line))
    return ()


def _assignment(file: Path, name: str) -> Location | None:
    """Find the line that gives a variable its value."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    assigned = re.compile(rf'\s*"?{re.escape(name)}"?\s*[=:]')
    return next((Location(shown_path(file), number) for number, line in enumerate(lines, 1) if assigned.match(line)), None)


class RefusedError(EngineError):
    """Terraform refuses a configuration, in one environment or alike in several."""

    def __init__(self, found: Mapping[str, Sequence[Diagnostic]], hint: str | None = None) -> None:
        """Hold each environment's diagnostics, of which there is at least one."""
        self.found = found
        self.own_hint = hint
        distinct = list(dict.fromkeys(diagnostic for diagnostics in found.values() for diagnostic in diagnostics))
        distinct = [diagnostic for diagnostic in distinct if not diagnostic.summary.startswith(_PREAMBLE)] or distinct
        first, names = distinct[0], _enumerate(list(found))
        single = len(distinct) == 1
        super().__init__(
            f"Terraform refuses {names}: {first.summary}" if single else f"Terraform refuses {names}: {len(distinct)} errors",
            hint=hint,
            location=next((diagnostic.location for diagnostic in distinct if diagnostic.location), None),
            details=(first.detail.strip() or None) if single else "\n".join(self._entry(diagnostic) for diagnostic in distinct),
        )

    def _entry(self, diagnostic: Diagnostic) -> str:
        affected = [name for name, diagnostics in self.found.items() if diagnostic in diagnostics]
        return str(diagnostic) + ("" if len(affected) == len(self.found) else f"\n    (in {_enumerate(affected)} only)")

    @classmethod
    def merge(cls, errors: Iterable[RefusedError]) -> RefusedError:
        """Return one error for several environments', in which what they share stands once."""
        errors = list(errors)
        found = {name: diagnostics for error in errors for name, diagnostics in error.found.items()}
        return cls(found, hint=next((error.own_hint for error in errors if error.own_hint), None))


def _enumerate(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
