"""Build the folder of the functions' Lambda layer from its lock, the same byte for byte on every machine.

    python tools/build_layer.py [ROOT]

In `lambdas/layer/python` are then the packages of `requirements/layer.txt`, as Lambda's Python 3.12 on x86_64 imports
them, and a copy of that lock: the stack compares the two, and refuses a layer that is missing or was made from another one.
The folder appears at once and whole. Needs nothing but the standard library and `.ci/uv`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

UV = Path(__file__).parents[1] / ".ci" / "uv"

INSTALL = (
    *("pip", "install", "--quiet", "--python", sys.executable),
    # Lambda's Amazon Linux 2023 has glibc 2.34, and so runs what is built for 2.28; a source package would be built for this machine.
    *("--python-version", "3.12", "--python-platform", "x86_64-manylinux_2_28", "--only-binary", ":all:"),
    *("--no-deps", "--require-hashes", "--no-compile-bytecode"),
    # A hard link would share its mode with uv's cache.
    *("--link-mode", "copy"),
)

LEFT_OUT = (
    ".lock",
    "bin",
    "*.dist-info/INSTALLER",
    "*.dist-info/RECORD",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    "*.dist-info/uv_*",
    "**/__pycache__",
    "**/tests",
)
"""What differs from one machine to the next, or is of no use in Lambda."""


def build_layer(root: Path) -> Path:
    """Build the layer of the checkout at `root`, in the place of the one before it, and return its folder.

    Raises `subprocess.CalledProcessError` where uv installs nothing, and `OSError`; there is then the old layer or none.
    """
    lock, layer = root / "requirements" / "layer.txt", root / "lambdas" / "layer"
    with TemporaryDirectory(prefix=".layer-", dir=layer.parent) as scratch:
        fresh = Path(scratch, "fresh")
        packages = fresh / "python"
        command: list[str | Path] = [UV, *INSTALL, "--target", packages, "--requirement", lock]
        subprocess.run(command, env={**os.environ, "PYTHON": sys.executable}, check=True)
        _remove(packages, LEFT_OUT)
        shutil.copyfile(lock, packages / "requirements.txt")
        _set_modes(fresh)
        if layer.exists():
            layer.rename(Path(scratch, "old"))
        fresh.rename(layer)
    return layer


def _remove(directory: Path, patterns: Sequence[str]) -> None:
    for path in {path for pattern in patterns for path in directory.glob(pattern)}:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _set_modes(directory: Path) -> None:
    """Take away what the umask and the wheels say: Lambda reads every file, and executes none."""
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def main(arguments: Sequence[str]) -> int:
    """Build the layer of the checkout that the command line names, or of this one."""
    root = Path(arguments[0]) if arguments else UV.parents[1]
    try:
        build_layer(root.absolute())
    except subprocess.CalledProcessError:
        print("The layer was not built: uv says above why it cannot install requirements/layer.txt.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The layer was not built: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
