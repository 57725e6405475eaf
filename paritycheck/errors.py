"""Every error that a user can meet.

    ParityError
    ├── UsageError             2  the command line asks for something impossible
    ├── ConfigError            2  parity.yaml, or a file that it names, is wrong
    ├── PlanError              3  a plan could not be made or read: there is no verdict
    │   ├── EngineError        3  Terraform is missing, failed or was killed
    │   └── SchemaError        3  a provider or type without a schema
    └── Interrupted          130  the user pressed Ctrl-C

The number is the process's exit code; `paritycheck.cli` is the only package that exits with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source file."""

    file: str
    """Path as the user would type it: relative to the working directory where that is shorter."""
    line: int
    """Line number, from 1."""
    column: int | None = None
    """Column number in characters, from 1, where it is known."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return place if self.column is None else f"{place}:{self.column}"


def shown_path(path: Path) -> str:
    """Return a path as a user would type it: relative to the working directory where that is shorter."""
    absolute = str(path)
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):
        return absolute
    return min(relative, absolute, key=len)


class ParityError(Exception):
    """An error with a text for a person: what is wrong, where, and what to do about it."""

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        location: Location | Path | None = None,
        details: str | None = None,
    ) -> None:
        """Hold one sentence of what is wrong, and optionally the mend, the place, and another tool's own words."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.details = details


class UsageError(ParityError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class ConfigError(ParityError):
    """`parity.yaml`, or a file that it names, is missing or wrong."""

    exit_code = 2


class PlanError(ParityError):
    """A plan could not be made, read or trusted, so that there is no verdict."""


class EngineError(PlanError):
    """Terraform is missing, refused the configuration, failed, or was killed."""


class SchemaError(PlanError):
    """The offline engine has no schema for a provider, a resource type or a data source."""


class Interrupted(ParityError):  # noqa: N818 - nothing is wrong
    """The user asked to stop."""

    exit_code = 130
