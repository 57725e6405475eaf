"""`paritycheck compare`: parity of plans that were made elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import check
from paritycheck.commands.output import Outputs
from paritycheck.commands.progress import Chatter
from paritycheck.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from paritycheck.config import Config, Environment


def compare(plans: Sequence[str], config: Path | None, outputs: Outputs, chatter: Chatter) -> ExitCode:
    """Compare plan files, in their order, by the rules of `parity.yaml` where there is one."""
    named = _name_plans(plans)
    arranged = _arrange(named, rules := _load(config))
    known = {environment.name for environment in rules.environments}
    report = check(arranged, chatter, sourced=[environment for environment in arranged.environments if environment.name in known])
    outputs.write(report)
    return ExitCode.HELD if report.passed else ExitCode.FINDINGS


def _name_plans(plans: Sequence[str]) -> dict[str, Path]:
    """Read ``NAME=FILE``, or take a file's name without its ending."""
    named: dict[str, Path] = {}
    for argument in plans:
        name, separator, file = argument.partition("=")
        path = Path(file) if separator and not Path(argument).exists() else Path(argument)
        name = name if path != Path(argument) else path.name.partition(".")[0]
        if not name:
            raise UsageError(f"{argument} gives its environment no name", hint="Write NAME=FILE.")
        if name in named:
            raise UsageError(f"two plans are named {name!r}", hint=f"Give each a name of its own: {name}-1={named[name]} {name}-2={path}.")
        named[name] = path
    if len(named) < 2:
        raise UsageError("there is only one plan to compare", hint="Give the plans of two environments or more.")
    return named


def _load(config: Path | None) -> Config:
    """Load the rules: those asked for, or those of the nearest `parity.yaml`, or none."""
    from paritycheck.config import Config, find_config, load_config

    try:
        path = config or find_config(Path.cwd())
    except ConfigError:
        return Config(path=Path.cwd(), engine="files", environments=())
    return load_config(path)


def _arrange(named: dict[str, Path], config: Config) -> Config:
    """Put the plans in place of the configuration's environments, which still say where their sources are."""
    from paritycheck.config import Environment

    known = {environment.name: environment for environment in config.environments}
    environments: list[Environment] = []
    for name, path in named.items():
        environment = known.get(name) or Environment(name=name, dir=Path.cwd())
        environments.append(dataclasses.replace(environment, plan=path.absolute(), state=None))
    return dataclasses.replace(config, engine="files", environments=tuple(environments))
