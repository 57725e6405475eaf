"""Planning a recorded case again with the offline engine, in surroundings as alike as the recorded plan tells.

The case is planned in a copy of its folder, with the variables, against the state, and with what the data sources read
as recorded. A file that the recording machine had and the folder has not is stood in for (`benchmarks.standins`), a local module
may be named as old versions of Terraform took it, and which version of Terraform a configuration asks for does not
matter. What today's provider refuses, an older one may have planned: then it is planned again by tolerant providers.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.agreement import resources
from benchmarks.cases import Case, prior_state
from benchmarks.providers import Recorded, RecordedProvider, TolerantProvider
from benchmarks.standins import restore_files, stand_in
from paritycheck.config import Environment
from paritycheck.engines.offline import OfflineEngine
from paritycheck.engines.planning import Planning
from paritycheck.errors import ParityError
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.interface import Provider

ATTEMPTS = 8
"""How often a case is planned again after a missing file was stood in for."""

SOURCE = re.compile(r'^(\s*source\s*=\s*")([^"]+)"', re.MULTILINE)

ANY_VERSION = 'terraform {\n  required_version = ">= 0.12"\n}\n'

LEFT_OUT = ("*.tfstate*", ".git", ".terraform", ".terraform.lock.hcl", "node_modules", "providers")
"""What of a folder is not copied."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The plan of a case, and how it came about."""

    plan: dict[str, Any]
    """As JSON."""
    refusal: str = ""
    """Why only tolerant providers planned it, if so."""


def replay(case: Case, root: Path | None = None, *, tolerant: bool = True) -> Replayed:
    """Return the offline engine's plan of a case; raise `ParityError` where it makes none.

    `root` is the folder from which a case may read files outside its own; `tolerant`: plan what today's provider refuses.
    """
    with tempfile.TemporaryDirectory() as scratch:
        home, directory = Path(scratch, "home"), copy_case(case, root or case.directory, Path(scratch, "cases"))
        home.mkdir()
        accept_any_version(directory)
        restore_files(case, directory, home)
        state = write_state(case, Path(scratch, "terraform.tfstate"))
        environment = Environment("case", directory, variables=case.variables, env={"HOME": str(home)}, state=state)
        recorded = data_sources(case)
        try:
            return Replayed(plan(make_engine(recorded, tolerant=False), environment, home))
        except ParityError as error:
            if not tolerant:
                raise
            refusal = " ".join(f"{error.message} {error.details or ''}".split())
            return Replayed(plan(make_engine(recorded, tolerant=True), environment, home), refusal)


def copy_case(case: Case, root: Path, target: Path) -> Path:
    """Copy a case, with all of `root` where it reads anything above its folder; return the copy of its folder."""
    texts = [path.read_text("utf-8", "replace") for path in case.directory.rglob("*.tf")]
    origin = root if any("../" in text for text in texts) else case.directory
    shutil.copytree(origin, target / origin.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    directory = target / origin.name / case.directory.relative_to(origin)
    for path in directory.rglob("*.tf"):
        text = path.read_text("utf-8", "replace")
        path.write_text(SOURCE.sub(partial(mend_source, path.parent), text), encoding="utf-8")
    return directory


def mend_source(folder: Path, found: re.Match[str]) -> str:
    """Write a local module's source as Terraform reads it since version 0.13."""
    source = found[2].replace("\\/", "/")
    local = not source.startswith(".") and (folder / source).is_dir()
    return f'{found[1]}{"./" if local else ""}{source if local else found[2]}"'


def make_engine(recorded: Recorded, *, tolerant: bool) -> OfflineEngine:
    """Return an offline engine that reads what was recorded; a tolerant one refuses nothing that a configuration holds."""

    def make_providers(planning: Planning) -> list[Provider]:
        directory, original = planning.shadow.directory, planning.shadow.original
        providers = builtin_providers(directory, planning.env, original=original)
        if tolerant:
            return [TolerantProvider(provider, recorded, original) for provider in providers]
        return [RecordedProvider(provider, recorded) for provider in providers]

    return OfflineEngine(make_providers)


def plan(engine: OfflineEngine, environment: Environment, home: Path) -> dict[str, Any]:
    """Return the plan of an environment, with stand-ins for the files that are missing."""
    for _ in range(ATTEMPTS):
        try:
            return make_plan(engine, environment)
        except ParityError as error:
            if not stand_in(f"{error.message} {error.details}", environment.dir, home):
                raise
    return make_plan(engine, environment)


def make_plan(engine: OfflineEngine, environment: Environment) -> dict[str, Any]:
    """Return the plan of an environment, as JSON."""
    document: dict[str, Any] = json.loads(engine.documents([environment])[0])
    return document


def accept_any_version(directory: Path) -> None:
    """Override the version of Terraform that a configuration or one of its modules asks for."""
    for folder in {path.parent for path in directory.rglob("*.tf") if "required_version" in path.read_text("utf-8", "replace")}:
        (folder / "any_version_override.tf").write_text(ANY_VERSION, encoding="utf-8")


def write_state(case: Case, path: Path) -> Path | None:
    """Write the state that the plan was recorded against, where there was one."""
    state = prior_state(case)
    if state is None:
        return None
    path.write_text(json.dumps(state), encoding="utf-8")
    return path


def data_sources(case: Case) -> dict[str, list[Mapping[str, Any]]]:
    """Return what data sources read when the plan was recorded, by type."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    root = ((case.recorded.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    for resource in resources(root):
        if resource.get("mode") == "data":
            found.setdefault(resource["type"], []).append(resource.get("values") or {})
    return found
