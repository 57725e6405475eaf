"""Which versions of the schema a database still lacks: pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"(\d{3})_[a-z][a-z0-9_]*")


class SchemaError(Exception):
    """The versions here and those of the database contradict each other; nothing is applied until a person has looked."""


@dataclass(frozen=True, slots=True)
class Version:
    """One step of the schema: a single statement, so that the database has done all of it or nothing."""

    name: str
    """NNN_what, such as 001_restaurant_profiles; versions are applied in this order."""
    statement: str

    @property
    def checksum(self) -> str:
        """Tell statements apart; how a checkout ends its lines does not matter."""
        return hashlib.sha256("\n".join(self.statement.splitlines()).encode()).hexdigest()


def find_missing(versions: Iterable[Version], applied: Mapping[str, str]) -> list[Version]:
    """Return the versions to apply, in their order, given the checksums of those that are applied, by name.

    Raise `SchemaError` if two versions have one number, or if an applied one was edited or removed, or overtaken: what
    is applied stays as it is, and a change is a new version after all others.
    """
    ordered = sorted(versions, key=lambda version: version.name)
    _check_names([version.name for version in ordered])
    by_name = {version.name: version for version in ordered}
    if unknown := sorted(applied.keys() - by_name.keys()):
        raise SchemaError(f"applied, but not here: {', '.join(unknown)}")
    if edited := [name for name in sorted(applied) if by_name[name].checksum != applied[name]]:
        raise SchemaError(f"edited after they were applied: {', '.join(edited)}")
    missing = [version for version in ordered if version.name not in applied]
    last = max(applied, default="")
    if late := [version.name for version in missing if version.name < last]:
        raise SchemaError(f"to be applied before {last}, which is applied already: {', '.join(late)}")
    return missing


def _check_names(names: list[str]) -> None:
    numbers: dict[str, str] = {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None:
            raise SchemaError(f"{name} is not a number of three digits, an underscore and a word")
        if match[1] in numbers:
            raise SchemaError(f"{numbers[match[1]]} and {name} have the same number")
        numbers[match[1]] = name
