"""Planning a recorded case again with the offline engine, in surroundings as alike as the recorded plan tells.

The case is planned in a copy of its folder, with the variables, against the state, and with what the data sources read
as recorded. What an older Terraform took is mended (`benchmarks.mending`), and a file that the recording machine had and
the folder has not is stood in for (`benchmarks.standins`). What today's provider refuses, an older one may have planned:
then the case is planned again by tolerant providers.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.agreement import resources
from benchmarks.cases import Case, prior_state
from benchmarks.mending import mend_configuration
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

LEFT_OUT = ("*plan*.json*", "*.tfstate*", ".git", ".terraform", ".terraform.lock.hcl", "node_modules", "providers")
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
        mend_configuration(directory, Path(scratch, "cases"))
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
    return target / origin.name / case.directory.relative_to(origin)


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
