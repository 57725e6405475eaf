"""Git repositories in temporary directories, and an environment in which nothing of this machine's git has a say."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = [".pre-commit-hooks.yaml", "LICENSE", "README.md", "paritycheck", "pyproject.toml"]
"""What an installation is built from."""

SETTINGS = {"safe.directory": "*", "init.defaultBranch": "main", "user.name": "A Committer", "user.email": "committer@example.com"}
DATE = "2026-01-01T00:00:00Z"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what git or a virtual environment put there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT")) and name != "VIRTUAL_ENV"}
    kept["PARITYCHECK_NO_CACHE"] = "1"
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": str(len(SETTINGS))}
    for number, (key, value) in enumerate(SETTINGS.items()):
        settings |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {**kept, **settings, "GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE, **(extra or {})}


def git(directory: Path, *arguments: str, extra: Mapping[str, str] | None = None) -> str:
    """Run git, and return what it prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=directory, env=environment(extra), capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def commit_all(directory: Path) -> str:
    """Make a repository of a directory where it is none, commit everything in it, and return the commit."""
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--no-verify", "--message", "All of it")
    return git(directory, "rev-parse", "HEAD")


def commit_package(directory: Path) -> None:
    """Make a repository of what an installation of paritycheck is built from, as it is in this working tree."""
    directory.mkdir()
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, directory)
    commit_all(directory)
