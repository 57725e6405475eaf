"""Which ready plan belongs to which environment of `parity.yaml`: all of them, and in its order."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.errors import PlanError, UsageError, shown_path

if TYPE_CHECKING:
    from paritycheck.config import Config

ENDING = ".json"
"""How the files of a directory of plans end, after the names of their environments."""


def arrange(arguments: Sequence[str], config: Config, wanted: Sequence[str] = ()) -> Config:
    """Return the configuration with the plans for its environments, which still say where their sources are.

    Plans that are named after its environments must be those of all of them, or of all that are `wanted`; others are taken as they come.
    Raises `UsageError` for what contradicts itself, and `PlanError` for a plan that is not there.
    """
    plans = _name_plans(arguments)
    known = [environment.name for environment in config.environments]
    if wanted or not plans.keys().isdisjoint(known):
        plans = _select(plans, known or list(plans), wanted, shown_path(config.path))
    if len(plans) < 2:
        raise UsageError("there is only one plan to compare", hint="Give the plans of two environments or more.")
    return _replace_environments(config, plans)


def _name_plans(arguments: Sequence[str]) -> dict[str, Path]:
    """Read ``NAME=FILE``, take a file's name without its ending, or list the directory that stands alone."""
    if len(arguments) == 1 and Path(arguments[0]).is_dir():
        directory = Path(arguments[0])
        files = [path for path in sorted(directory.iterdir()) if path.name.endswith(ENDING) and not path.name.startswith(".")]
        plans = {path.name.removesuffix(ENDING): path for path in files}
        if not plans:
            raise PlanError(f"{shown_path(directory)} holds no plans", hint=f"They are files called as their environments, and {ENDING}.")
        return plans
    named: dict[str, Path] = {}
    for argument in arguments:
        name, separator, file = argument.partition("=")
        path = Path(file) if separator and not Path(argument).exists() else Path(argument)
        name = name if path != Path(argument) else path.name.partition(".")[0]
        if not name:
            raise UsageError(f"{argument} gives its environment no name", hint="Write NAME=FILE.")
        if name in named:
            raise UsageError(f"two plans are named {name!r}", hint=f"Give each a name of its own: {name}-1={named[name]} {name}-2={path}.")
        named[name] = path
    return named


def _select(plans: Mapping[str, Path], known: Sequence[str], wanted: Collection[str], file: str) -> dict[str, Path]:
    """Return the plans of the environments that are wanted, all by default, in the order in which they are known."""
    unknown = next((name for name in (*wanted, *plans) if name not in known), None)
    if unknown is not None:
        raise UsageError(f"{file} has no environment {unknown!r}", hint=f"It has {', '.join(known)}. Name plans after them: NAME=FILE.")
    selected = [name for name in known if name in wanted or not wanted]
    missing = next((name for name in selected if name not in plans), None)
    if missing is not None:
        others = " ".join(f"-e {name}" for name in selected if name in plans)
        raise PlanError(f"there is no plan of {missing}", hint=f"Did its job fail? To compare the others alone, say so: {others}")
    return {name: plans[name] for name in selected}


def _replace_environments(config: Config, plans: Mapping[str, Path]) -> Config:
    from paritycheck.config import Environment

    known = {environment.name: environment for environment in config.environments}
    environments = (
        dataclasses.replace(known.get(name) or Environment(name=name, dir=Path.cwd()), plan=path.absolute(), state=None)
        for name, path in plans.items()
    )
    return dataclasses.replace(config, engine="files", environments=tuple(environments))
