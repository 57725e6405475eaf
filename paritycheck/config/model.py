"""`parity.yaml` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from paritycheck.allowlist import AllowRule, ProtectRule
from paritycheck.errors import Location


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment of the stack, as `parity.yaml` describes it; paths are absolute."""

    name: str
    dir: Path
    """Root module's directory."""
    var_files: tuple[Path, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Values that win over the var files, as ``-var`` does."""
    workspace: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables for Terraform, such as ``AWS_PROFILE``."""
    backend_config: tuple[str, ...] = ()
    """Arguments of ``-backend-config``: ``key=value`` or a file's path."""
    plan: Path | None = None
    """A ready plan JSON, instead of planning."""
    state: Path | None = None
    """The `files` engine: a state JSON instead of a plan. The `offline` engine: an existing state file to plan against."""
    locations: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)
    """Where `parity.yaml` writes its keys, by dotted key path such as ``variables.env``."""


@dataclass(frozen=True, slots=True)
class Normalize:
    """What stands for an environment in its own values."""

    variable: str | None = None
    """The variable that holds the environment's name; without one, the name in `parity.yaml` is used."""
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Further per-environment texts by label: ``{label: {environment: text}}``; one to one within a label."""


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies to run, and what runs them."""

    directory: Path | None = None
    """The custom checks."""
    builtin: tuple[str, ...] | Literal["all"] = ()
    """Ids of checkov's own checks."""
    checkov: str | None = None
    """The checkov to use: its script by name or path, its environment, or a Python that has it."""
    timeout: float = 300
    """Seconds that they may take once the plans are there."""


@dataclass(frozen=True, slots=True)
class FunctionSources:
    """Where the code of some functions is."""

    functions: tuple[str, ...]
    """Patterns of their addresses, as in allow rules."""
    sources: tuple[str, ...]
    """Directories that their modules are imported from, absolute, with placeholders: `{key}`, `{name}` and `{function_name}`."""
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LeastPrivilege:
    """What proves that functions may do what they need, and no more."""

    functions: tuple[FunctionSources, ...]
    """For each function, the first that matches counts."""
    observed: Path | None = None
    """The calls that were observed while the functions' tests ran."""


@dataclass(frozen=True, slots=True)
class Config:
    """All of `parity.yaml`."""

    path: Path
    engine: str
    """``offline``, ``terraform`` or ``files``."""
    environments: tuple[Environment, ...]
    """From the smallest to the largest."""
    normalize: Normalize = Normalize()
    allow: tuple[AllowRule, ...] = ()
    protect: tuple[ProtectRule, ...] = ()
    data_sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The offline engine's answers, by data source type: attribute values that replace placeholders."""
    schemas: tuple[Path, ...] = ()
    """Further provider schemas, as `paritycheck schema import` writes them."""
    known: tuple[str, ...] = ()
    """Names of all environments of the file, even where a command takes only some of them."""
    policies: Policies | None = None
    least_privilege: LeastPrivilege | None = None
    baseline: Path | None = None
    """The findings that are known and do not fail a run, as `paritycheck baseline` writes them."""
    terraform: str | None = None
    """The Terraform or OpenTofu binary to use, by name or path; found by itself where this is absent."""
