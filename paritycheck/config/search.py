"""Every `parity.yaml` of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from paritycheck.config.loading import NAME
from paritycheck.errors import ConfigError, shown_path

_OTHERS = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Directories of other tools, which hold copies of other people's files."""


def find_configs(root: Path) -> list[Path]:
    """Return each `parity.yaml` in a directory and below it, ordered by directory.

    Hidden directories, those of package managers, and links to directories are not searched. Raises `ConfigError` where there is none.
    """
    found = list(_search(root))
    if not found:
        hint = "Name the files, or `paritycheck init` writes one."
        raise ConfigError(f"there is no {NAME} in {shown_path(root)} or below it", hint=hint, location=root)
    return found


def _search(root: Path) -> Iterator[Path]:
    for directory, below, files in os.walk(root, onerror=_refuse):
        here = Path(directory)
        below[:] = sorted(name for name in below if not _is_foreign(here / name))
        if NAME in files and (here / NAME).is_file():
            yield here / NAME


def _is_foreign(directory: Path) -> bool:
    return directory.name.startswith(".") or directory.name in _OTHERS or (directory / "pyvenv.cfg").exists()


def _refuse(error: OSError) -> None:
    """Raise what `os.walk` would pass over: a stack that nobody can see would be a stack that nobody checks."""
    raise error
