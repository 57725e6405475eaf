"""Plans and states that were made elsewhere, as JSON files."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from paritycheck.config import Environment
from paritycheck.engines.documents import DocumentEngine
from paritycheck.engines.interface import Progress, Stage, silent
from paritycheck.errors import ConfigError, PlanError, shown_path

SIZE_LIMIT = 1 << 30
"""Most bytes of a file."""

_HINT = "Write it with `terraform show -json PLANFILE`."


class FilesEngine(DocumentEngine):
    """Reads the plan, or else the state, that an environment names."""

    name = "files"

    def origin(self, environment: Environment) -> str:
        """See `DocumentEngine.origin`."""
        return shown_path(_named(environment))

    def documents(self, environments: Sequence[Environment], progress: Progress = silent) -> list[bytes]:
        """See `DocumentEngine.documents`. Raises `ConfigError` where two environments name the same file."""
        refuse_shared(environments)
        return [self._document(environment, progress) for environment in environments]

    def _document(self, environment: Environment, progress: Progress) -> bytes:
        progress(environment.name, Stage.READING, self.origin(environment))
        try:
            return _content(_named(environment))
        except PlanError as error:
            progress(environment.name, Stage.FAILED, error.message)
            raise


def refuse_shared(environments: Sequence[Environment]) -> None:
    """Raise `ConfigError` where two environments name the same plan: they would always agree."""
    owners: dict[Path, str] = {}
    for environment in environments:
        path = _named(environment).resolve()
        other = owners.setdefault(path, environment.name)
        if other != environment.name:
            raise ConfigError(
                f"{other} and {environment.name} name the same plan, {shown_path(path)}",
                hint="Give every environment a plan of its own: a plan always agrees with itself.",
                location=path,
            )


def _named(environment: Environment) -> Path:
    path = environment.plan or environment.state
    if path is None:
        raise ConfigError(
            f"{environment.name} names no plan to read",
            hint="Set `plan:` (or `state:`) of the environment to a JSON file. " + _HINT,
        )
    return path


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            facts = os.fstat(stream.fileno())
            _refuse_long(path, facts.st_size)
            content = stream.read(-1 if stat.S_ISREG(facts.st_mode) else SIZE_LIMIT + 1)
        _refuse_long(path, len(content))
    except (OSError, ValueError) as error:  # NOTE: ValueError is a NUL character in the path.
        reason = getattr(error, "strerror", None) or str(error)
        raise PlanError(f"{shown_path(path)} cannot be read: {reason}", hint=_HINT, location=path) from error
    if not content.strip():
        raise PlanError(f"{shown_path(path)} is empty", hint=_HINT, location=path)
    return content


def _refuse_long(path: Path, size: int) -> None:
    """Raise `PlanError` beyond the limit; of pipes and devices that is known only when they have been read."""
    if size > SIZE_LIMIT:
        raise PlanError(f"{shown_path(path)} is {size:,} bytes long; {SIZE_LIMIT:,} are the most that can be read", location=path)
