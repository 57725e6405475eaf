"""The cold import of each function's handler, against a fresh interpreter that imports boto3, which the runtime brings."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import LAMBDAS
from benchmarks.measure import Row, alternate, children_time

RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six.py", "urllib3")
LAYER = ("aws_lambda_powertools", "PIL", "pillow.libs", "pygeohash", "pymysql", "redis", "typing_extensions.py")

LIMIT = 1.7
"""What importing a handler may take, boto3 included, that needs none of the heavy libraries."""
HEAVY = {"PIL": 0.2, "pymysql": 0.2, "redis": 0.6}
"""Libraries that only those functions import that use them, and what they add to the limit."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Fresh interpreters that find what Lambda's runtime and the layer have, and nothing else of this environment."""

    folder: Path

    def run(self, code: str) -> str:
        """Run a program and return what it prints."""
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(self.folder), str(LAMBDAS)])}
        # Without site-packages: some libraries import others just because they are there.
        done = subprocess.run([sys.executable, "-S", "-c", code], env=environ, capture_output=True, text=True, check=True)
        return done.stdout

    def heavy_imports(self, function: str) -> frozenset[str]:
        """Return which of the heavy libraries importing a handler brings."""
        printed = self.run(f"import sys, {function}.handler\nprint(*sys.modules)")
        return frozenset(HEAVY) & set(printed.split())


def find_functions() -> list[str]:
    """Return the names of all functions."""
    return sorted(path.parent.name for path in LAMBDAS.glob("*/handler.py"))


@contextlib.contextmanager
def lay_out() -> Iterator[Interpreter]:
    """Lay the libraries of the runtime and the layer out in a folder."""
    installed = Path(sysconfig.get_path("platlib"))
    with tempfile.TemporaryDirectory() as directory:
        for name in RUNTIME + LAYER:
            if (installed / name).exists():
                Path(directory, name).symlink_to(installed / name)
        yield Interpreter(Path(directory))


def limit(libraries: frozenset[str]) -> float:
    """Return the limit of handlers that import these of the heavy libraries."""
    return LIMIT + sum(HEAVY[library] for library in libraries)


def rows() -> Iterator[Row]:
    """Measure every handler."""
    with lay_out() as interpreter:
        for function in find_functions():
            libraries = interpreter.heavy_imports(function)
            imports = [partial(interpreter.run, f"import {module}") for module in (f"{function}.handler", "boto3")]
            ours, alone = alternate(*imports, clock=children_time)
            note = f"{1000 * ours:.0f} ms against {1000 * alone:.0f} ms; {', '.join(sorted(libraries)) or 'none of the heavy libraries'}"
            yield Row(f"import {function}.handler / boto3", ours / alone, limit(libraries), "x", note=note)
