"""checkov's interpreter: one that the user names, one beside `parity.yaml`, or an environment of our own, made once and reused.

checkov is never in paritycheck's own environment: its `bc-python-hcl2` and `python-hcl2` install the same module `hcl2`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from paritycheck.errors import PlanError, shown_path
from paritycheck.process import ProcessError, private_directory, run
from paritycheck.user_cache import user_cache

LOCK = Path(__file__).parent / "requirements.txt"
"""What the environment of our own is made of, with hashes."""

BESIDE = ".checkov"
"""Environment beside `parity.yaml` that is used where there is one, as a set-up script may have made it."""

_TIMEOUT = 1200.0
_ATTENTION = 0.2
_NO_PLACE = "Name a checkov with --checkov, such as one that pipx installed."
_BROKEN = "Name another one, or leave it out: paritycheck then makes one of its own."
_NOT_OURS = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")


def find_checkov(named: str | None, directory: Path, on_making: Callable[[Path], None], outer: Mapping[str, str] = os.environ) -> Path:
    """Return the interpreter that has checkov: `named` by the user, beside `parity.yaml` in `directory`, or one of our own.

    `named` is the path of checkov's script, of its environment, or of a Python that has it. `on_making` is told that the
    environment of our own is not there yet, so that it takes a while: this process makes it, or waits for one that does.
    Raises `PlanError` where there is none.
    """
    if named:
        return _named(named, directory)
    beside = _python(directory / BESIDE)
    return beside if beside.exists() else _own(on_making, outer)


def _named(named: str, directory: Path) -> Path:
    found = shutil.which(named) if os.sep not in named else None
    path = Path(found) if found else directory / named
    candidates = [_python(path)] if path.is_dir() else [path] if path.name.startswith("python") else list(_behind(path))
    python = next((candidate for candidate in candidates if candidate.is_file() and os.access(candidate, os.X_OK)), None)
    if python is None:
        raise PlanError(f"There is no checkov at {shown_path(path)}", hint=_BROKEN)
    return python


def _behind(script: Path) -> Iterator[Path]:
    """Yield the interpreters that may run a script: the one beside what it is a link to, and the one in its first line."""
    with contextlib.suppress(OSError, RuntimeError):
        yield script.resolve().with_name("python")
        with script.open("rb") as stream:
            first = stream.readline(4096).decode("utf-8", "replace")
        words = first.removeprefix("#!").split() if first.startswith("#!") else []
        if len(words) > 1 and Path(words[0]).name == "env":
            words = [shutil.which(words[1]) or ""]
        if words and "python" in Path(words[0]).name:
            yield Path(words[0])


def _python(environment: Path) -> Path:
    return environment / "bin" / "python"


def _cache(outer: Mapping[str, str]) -> Path:
    """Return the directory of our own environment, whose name says what is in it."""
    content = hashlib.sha256(LOCK.read_bytes())
    content.update(f"{sys.version_info[:2]} {sys.implementation.name} {sys.platform} {platform.machine()}".encode())
    return user_cache(outer) / f"checkov-{content.hexdigest()[:16]}"


def _own(on_making: Callable[[Path], None], outer: Mapping[str, str]) -> Path:
    """Return the interpreter of our own environment; of several processes, one makes it while the others wait."""
    try:
        environment = _cache(outer)
    except RuntimeError as error:
        raise PlanError("Cannot make an environment for checkov: the user has no home directory", hint=_NO_PLACE) from error
    python = _python(environment)
    if python.exists():
        return python
    try:
        environment.parent.mkdir(parents=True, exist_ok=True)
        on_making(environment)
        with _locked(environment.with_suffix(".lock")):
            if not python.exists():
                _make(environment, outer)
    except OSError as error:
        raise PlanError(f"Cannot make an environment for checkov in {environment.parent}: {error.strerror}", hint=_NO_PLACE) from error
    return python


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(_ATTENTION)
        yield
    finally:
        os.close(descriptor)


def _make(environment: Path, outer: Mapping[str, str]) -> None:
    """Make the environment under another name, and give it its own when it is whole."""
    unfinished = environment.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(environment, ignore_errors=True)
    variables = {name: value for name, value in outer.items() if name not in _NOT_OURS}
    with private_directory() as scratch:
        for command in _commands(unfinished, outer):
            try:
                run(command, title="Installing checkov", cwd=scratch, env=variables, timeout=_TIMEOUT)
            except ProcessError as error:
                shutil.rmtree(unfinished, ignore_errors=True)
                hint = f"It takes a package index, once. {_NO_PLACE}"
                raise PlanError(f"checkov cannot be installed: {error.message}", hint=hint, details=error.details) from error
    unfinished.rename(environment)


def _commands(environment: Path, outer: Mapping[str, str]) -> Sequence[Sequence[str]]:
    python, uv = str(_python(environment)), shutil.which("uv", path=outer.get("PATH"))
    if uv:
        install = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--compile-bytecode",
            "--require-hashes",
            "-r",
            str(LOCK),
        ]
        return [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(environment)], install
    pip = [python, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", str(LOCK)]
    return [sys.executable, "-I", "-m", "venv", str(environment)], pip
