"""Real Terraform core, planning with providers of this process."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from paritycheck.engines.core import BUNDLED, Core, child_environment, find_core
from paritycheck.process import Completed
from paritycheck.provider.plugin.server import ProviderServer


@pytest.fixture(scope="session")
def core() -> Core:
    return find_core(BUNDLED)


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A directory with a path that is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="p") as place:
        yield Path(place) / "s"


@pytest.fixture
def stack(tmp_path: Path) -> Callable[[str], Path]:
    """Write a configuration and return its directory."""

    def write(text: str, name: str = "stack") -> Path:
        directory = tmp_path / name
        directory.mkdir()
        (directory / "main.tf").write_text(text, encoding="utf-8")
        return directory

    return write


@pytest.fixture
def terraform(core: Core, tmp_path: Path) -> Callable[..., Completed]:
    def run(directory: Path, *arguments: str, reattach: str, accept: Sequence[int] = (0,)) -> Completed:
        data = {"TF_REATTACH_PROVIDERS": reattach, "TF_DATA_DIR": str(tmp_path / f"data-{directory.name}")}
        return core.run(arguments, cwd=directory, env=child_environment({"PATH": "/usr/bin:/bin"}, data), accept=accept)

    return run


@pytest.fixture
def plan(terraform: Callable[..., Completed]) -> Callable[..., dict[str, Any]]:
    """Plan a directory, and return the plan's JSON."""

    def make(directory: Path, server: ProviderServer, reattach: str | None = None) -> dict[str, Any]:
        attached = reattach or server.reattach
        terraform(directory, "plan", "-refresh=false", "-lock=false", "-input=false", "-out=plan", reattach=attached)
        shown = terraform(directory, "show", "-json", "plan", reattach=attached)
        return dict(json.loads(shown.stdout))

    return make


@pytest.fixture
def refusal(terraform: Callable[..., Completed]) -> Callable[..., str]:
    """Plan a directory that must be refused, and return what Terraform says, on one line."""

    def make(directory: Path, server: ProviderServer) -> str:
        done = terraform(
            directory, "plan", "-refresh=false", "-lock=false", "-input=false", "-no-color", reattach=server.reattach, accept=(1,)
        )
        return " ".join(done.stderr.split())

    return make
