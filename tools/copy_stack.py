"""A copy of this repository's stack, to plan it changed, or somewhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = ("tap_stack.tf", "provider.tf", "parity.yaml", "requirements/layer.txt", "tests/assets/observed_calls.json")
DIRECTORIES = ("lambdas", "policies", "templates", "tfvars")
CHECKOV = ".checkov"


def copy_stack(directory: Path) -> None:
    """Copy what a run on the stack reads; of what is large and not in the repository, the layer is there as its lock alone."""
    for name in FILES:
        _copy(ROOT / name, directory / name)
    for name in DIRECTORIES:
        shutil.copytree(ROOT / name, directory / name, ignore=shutil.ignore_patterns("layer", "__pycache__"))
    _copy(ROOT / "requirements" / "layer.txt", directory / "lambdas" / "layer" / "python" / "requirements.txt")
    if (ROOT / CHECKOV).exists():
        (directory / CHECKOV).symlink_to(ROOT / CHECKOV)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
