"""What a command works on: `parity.yaml`, as the command line narrows it."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.errors import UsageError, shown_path

if TYPE_CHECKING:
    from paritycheck.config import Config, Policies


@dataclass(frozen=True, slots=True)
class Selection:
    """The options that all commands that plan have in common."""

    config: Path | None = None
    """The file to load; the nearest `parity.yaml` where it is left open."""
    engine: str | None = None
    terraform: str | None = None
    checkov: str | None = None
    environments: tuple[str, ...] = ()
    """Names of the environments to take, in any order; empty for all."""
    baseline: Path | None = None
    """The baseline to use instead of the one that the file names."""

    def load(self) -> Config:
        """Load `parity.yaml` and narrow it; raise `ConfigError` or `UsageError` for what is wrong."""
        from paritycheck.config import find_config, load_config

        config = load_config(self.config or find_config(Path.cwd()))
        known = [environment.name for environment in config.environments]
        unknown = [name for name in self.environments if name not in known]
        if unknown:
            raise UsageError(f"{shown_path(config.path)} has no environment {unknown[0]!r}", hint=f"It has {', '.join(known)}.")
        chosen = tuple(one for one in config.environments if one.name in self.environments or not self.environments)
        return self.override(dataclasses.replace(config, environments=chosen))

    def override(self, config: Config) -> Config:
        """Return the configuration with what the options say instead of it."""
        return dataclasses.replace(
            config,
            engine=self.engine or config.engine,
            terraform=_program(self.terraform) if self.terraform else config.terraform,
            policies=self._policies(config),
            baseline=self.baseline or config.baseline,
        )

    def _policies(self, config: Config) -> Policies | None:
        """Return the policies with the checkov that was asked for, if there are any."""
        if not self.checkov or config.policies is None:
            return config.policies
        return dataclasses.replace(config.policies, checkov=_program(self.checkov))


def _program(text: str) -> str:
    """Return a program's name as it is, and its path without a doubt of where it starts."""
    return str(Path(text).expanduser().absolute()) if os.sep in text else text
