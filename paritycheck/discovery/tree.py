"""The files of a repository that tell what its stacks are: a walk that ends, whatever the directory holds."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from paritycheck.errors import ConfigError, shown_path

MOST_ENTRIES = 100_000
"""How many files and directories are looked at."""

_DEPTH = 12

_CONFIGURATION = (".tf", ".tf.json")
_VARIABLES = (".tfvars", ".tfvars.json")
_BACKENDS = (".hcl", ".tfbackend", ".conf", ".config", *_VARIABLES)

_OTHERS = frozenset(
    {"__pycache__", "example", "examples", "fixtures", "module", "modules", "node_modules", "site-packages", "tests", "vendor"}
)
"""Directories that hold no root module of this repository's own."""

_WORKSPACES = "terraform.tfstate.d"
"""Where Terraform keeps the states of local workspaces, one directory each."""


@dataclass
class Tree:
    """What a walk found; paths are absolute, in the order of their names."""

    root: Path
    configurations: list[Path] = field(default_factory=list)
    """Directories that hold Terraform's files."""
    variables: list[Path] = field(default_factory=list)
    """Variables files."""
    backends: list[Path] = field(default_factory=list)
    """Files of settings for a backend."""
    workspaces: dict[Path, list[str]] = field(default_factory=dict)
    """Names of local workspaces by directory."""
    terragrunt: list[Path] = field(default_factory=list)
    """Directories that hold Terragrunt's files."""
    unreadable: list[Path] = field(default_factory=list)
    """Directories that may not be looked into."""
    whole: bool = True
    """Whether all was looked at."""


def walk(root: Path) -> Tree:
    """Look at the files below a directory, but not through links, nor into hidden directories and those of other tools.

    Raises `ConfigError` where the directory itself cannot be read.
    """
    tree = Tree(root)
    if not root.is_dir() or not os.access(root, os.R_OK | os.X_OK):
        problem = "cannot be read" if root.is_dir() else "is no directory"
        raise ConfigError(f"{shown_path(root)} {problem}", hint="Name the directory of the stack.", location=root)
    count = 0
    for directory, below, files in os.walk(root, onerror=lambda error: tree.unreadable.append(Path(os.fsdecode(error.filename)))):
        here = Path(directory)
        count += len(below) + len(files)
        _look(tree, here, below, sorted(files))
        below[:] = sorted(name for name in below if _is_unicode(name) and _is_ours(here / name))
        if count > MOST_ENTRIES or (below and len(here.relative_to(root).parts) >= _DEPTH):
            tree.whole = False
            below.clear()
        if count > MOST_ENTRIES:
            break
    return tree


def _look(tree: Tree, here: Path, below: list[str], files: list[str]) -> None:
    """Sort the entries of one directory."""
    visible = [name for name in files if not name.startswith((".", "#")) and _is_unicode(name)]
    if any(name.endswith(_CONFIGURATION) for name in visible):
        tree.configurations.append(here)
    if "terragrunt.hcl" in visible:
        tree.terragrunt.append(here)
    if _WORKSPACES in below:
        tree.workspaces[here] = _names(here / _WORKSPACES)
    for path in (here / name for name in visible):
        words = "/".join(path.relative_to(tree.root).parts).lower()
        if not path.name.endswith(_BACKENDS) or not os.path.isfile(path):  # noqa: PTH113 - what may not be looked at is none
            continue
        if "backend" in words:
            tree.backends.append(path)
        elif path.name.endswith(_VARIABLES):
            tree.variables.append(path)


def _names(directory: Path) -> list[str]:
    try:
        return sorted(path.name for path in directory.iterdir() if path.is_dir())
    except OSError:
        return []


def _is_unicode(name: str) -> bool:
    """Tell whether YAML can name a file."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def _is_ours(directory: Path) -> bool:
    name = directory.name
    if name.startswith(".") or name in _OTHERS or name == _WORKSPACES:
        return False
    return not os.path.exists(directory / "pyvenv.cfg")  # noqa: PTH110 - what may not be looked at is none
