"""Which file or setting gives a root module's variable its value in one environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from paritycheck.config import Environment
from paritycheck.errors import ConfigError, Location, shown_path
from paritycheck.source.module import Module
from paritycheck.source.syntax import Expression, SourceFile

_ENVIRONMENT_PREFIX = "TF_VAR_"
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Given:
    """A value at hand as data, not as HCL: from `parity.yaml`, or the key of a loop."""

    value: Any


@dataclass(frozen=True, slots=True)
class Assignment:
    """What gives a variable its value."""

    name: str
    value: Expression | Given
    location: Location | None
    explicit: bool = True
    """Whether somebody named the file or the variable for this environment; Terraform loads other files by their names."""


@dataclass(frozen=True, slots=True)
class Undeclared:
    """An assignment that no variable block declares."""

    name: str
    location: Location | None
    suggestion: str | None
    """The declared variable that was probably meant."""


def assignments(environment: Environment, ambient: Mapping[str, str] = os.environ) -> tuple[Assignment, ...]:
    """Return all assignments from the weakest to the strongest, in Terraform's order of precedence.

    `ambient` is what Terraform finds in the user's shell, unless the plan was made elsewhere.
    Raises `ConfigError` where a file that the environment names is missing or unreadable.
    """
    named = [
        Assignment(key.removeprefix(_ENVIRONMENT_PREFIX), Given(text), environment.locations.get(f"env.{key}"), key in environment.env)
        for key, text in (({} if environment.plan else dict(ambient)) | dict(environment.env)).items()
        if key.startswith(_ENVIRONMENT_PREFIX)
    ]
    automatic = [found for path in _automatic_files(environment.dir) for found in _file_assignments(path, explicit=False)]
    listed = [found for path in environment.var_files for found in _file_assignments(path, explicit=True)]
    direct = [
        Assignment(name, Given(value), environment.locations.get(f"variables.{name}")) for name, value in environment.variables.items()
    ]
    return (*named, *automatic, *listed, *direct)


def undeclared(found: Sequence[Assignment], module: Module) -> tuple[Undeclared, ...]:
    """Return the explicit assignments to variables that the root module does not declare."""
    declared = module.of_kind("variable")
    return tuple(
        Undeclared(assignment.name, assignment.location, next(iter(get_close_matches(assignment.name, declared, 1)), None))
        for assignment in found
        if assignment.explicit and assignment.name not in declared
    )


def refuse(problems: Sequence[Undeclared], environment: str) -> None:
    """Raise `ConfigError` for undeclared variables, if there are any."""
    if not problems:
        return
    first = problems[0]
    rest = [f"{problem.location or 'parity.yaml'}: {problem.name}" for problem in problems[1 : _LISTED + 1]]
    if len(problems) > _LISTED + 1:
        rest.append(f"and {len(problems) - _LISTED - 1} more")
    meant = f"Did you mean {first.suggestion}?" if first.suggestion else f'Declare variable "{first.name}", or remove the line.'
    raise ConfigError(
        f"{environment} sets the variable {first.name}, which the configuration does not declare",
        hint=meant,
        location=first.location,
        details="\n".join(rest) or None,
    )


def _automatic_files(directory: Path) -> Iterator[Path]:
    for name in ("terraform.tfvars", "terraform.tfvars.json"):
        if (directory / name).is_file():
            yield directory / name
    yield from sorted(path for path in directory.glob("*.auto.tfvars*") if path.name.endswith((".auto.tfvars", ".auto.tfvars.json")))


def _file_assignments(path: Path, *, explicit: bool) -> Iterator[Assignment]:
    if not path.is_file():
        raise ConfigError(f"the variables file {shown_path(path)} does not exist", location=path)
    for name, attribute in SourceFile(path).attributes.items():
        yield Assignment(name, attribute.value, attribute.location, explicit)
