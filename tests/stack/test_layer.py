"""The layer as the stack sees it: a plan without the one that is locked says what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.engines.diagnostics import RefusedError
from paritycheck.plan import Plan
from tools.copy_stack import copy_stack

LAYER = Path("lambdas", "layer")


def plan(directory: Path) -> Plan:
    """One environment's plan of a copy of the stack."""
    config = load_config(directory / "parity.yaml")
    (found,) = select_engine(config).plan_all([environment for environment in config.environments if environment.name == "dev"])
    return found


def empty(directory: Path) -> None:
    """Leave the folders."""
    (directory / LAYER / "python" / "requirements.txt").unlink()


def fill_in_part(directory: Path) -> None:
    """Put a package there, but not what says that all are."""
    empty(directory)
    (directory / LAYER / "python" / "redis.py").touch()


def lock_anew(directory: Path) -> None:
    """Lock other packages."""
    with (directory / "requirements" / "layer.txt").open("a") as file:
        file.write("another==1.0\n")


@pytest.mark.parametrize(
    "spoil", [lambda directory: shutil.rmtree(directory / LAYER), empty, fill_in_part, lock_anew], ids=["missing", "empty", "half", "old"]
)
def test_a_layer_that_is_not_what_is_locked_fails_the_plan(spoil: Callable[[Path], Any], tmp_path: Path) -> None:
    copy_stack(tmp_path)
    spoil(tmp_path)

    with pytest.raises(RefusedError) as caught:
        plan(tmp_path)

    assert "Run: make layer" in caught.value.details
