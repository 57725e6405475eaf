"""What a user installs: the built wheel, on stacks in three layouts, with an empty home."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STACKS = ROOT / "tests" / "assets" / "stacks"
CALL = "import sys; from paritycheck.cli import main; sys.exit(main())"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it, which is all that installing it does but for its dependencies."""
    directory = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    [wheel] = (directory / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(directory / "installed")
    return directory / "installed"


def call(installed: Path, stack: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command of the installed package, and of no other."""
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(stack.parent),
        "PYTHONPATH": str(installed),
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-c", CALL, *arguments]
    done = subprocess.run(command, cwd=stack, env=environ, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("layout", ["files", "folders", "workspaces"])
def test_a_new_user_gets_from_nothing_to_a_verdict(layout: str, installed: Path, tmp_path: Path) -> None:
    stack = Path(shutil.copytree(STACKS / layout, tmp_path / layout))
    file = stack / "parity.yaml"
    begun = call(installed, stack, "init")
    proposed = call(installed, stack, "run")
    file.write_text(re.sub(r"(?m)^(    reason:).*$", r"\1 It is meant.", file.read_text(encoding="utf-8")), encoding="utf-8")
    reasoned = call(installed, stack, "run")

    assert [0, 1, 0] == [begun[0], proposed[0], reasoned[0]]
    assert "would permit it, once it has a reason" in " ".join(proposed[1].split())
    assert "\nPASS  " in reasoned[1]


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-c", "import paritycheck; print(paritycheck.__file__)"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=True)

    assert f"{installed / 'paritycheck' / '__init__.py'}\n" == done.stdout
