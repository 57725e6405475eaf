"""Planning a recorded case again with the offline engine, in surroundings as alike as the recorded plan tells.

The case is planned in a copy of its folder, with the variables, against the state, and with what the data sources read
as recorded. A file that the recording machine had and the folder has not is stood in for by an empty one, and which
version of Terraform a configuration asks for does not matter.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.agreement import resources
from benchmarks.cases import Case, prior_state
from paritycheck.config import Config, Environment
from paritycheck.engines import select_engine
from paritycheck.errors import ParityError

COMPUTED = frozenset({"archive_file", "aws_iam_policy_document", "cloudinit_config", "template_file"})
"""Data sources that the offline engine computes as the real providers do: they are measured, not answered."""

ATTEMPTS = 8
"""How often a case is planned again after a missing file was stood in for."""

MISSING_FILE = re.compile(r'no file exists at "?([^"\s;]+?)"?[;,.]?(?:\s|$)')

ANY_VERSION = 'terraform {\n  required_version = ">= 0.12"\n}\n'


def replay(case: Case) -> dict[str, Any]:
    """Return the offline engine's plan of a case, as JSON; raise `ParityError` where it makes none."""
    with tempfile.TemporaryDirectory() as scratch:
        home, directory = Path(scratch, "home"), Path(scratch, "case")
        home.mkdir()
        shutil.copytree(case.directory, directory, ignore=shutil.ignore_patterns("*.tfstate*", ".terraform.lock.hcl", "providers"))
        accept_any_version(directory)
        state = write_state(case, Path(scratch, "terraform.tfstate"))
        environment = Environment("case", directory, variables=case.variables, env={"HOME": str(home)}, state=state)
        config = Config(directory, "offline", (environment,), data_sources=answers(case))
        for _ in range(ATTEMPTS):
            try:
                return plan(config)
            except ParityError as error:
                if not stand_in(f"{error.message} {error.details}", directory, home):
                    raise
        return plan(config)


def plan(config: Config) -> dict[str, Any]:
    """Return the plan of a configuration's only environment."""
    document: dict[str, Any] = json.loads(select_engine(config).documents(config.environments)[0])
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


def answers(case: Case) -> dict[str, dict[str, Any]]:
    """Return what data sources of each type read when the plan was recorded, as far as all of one type read the same."""
    found: dict[str, dict[str, Any]] = {}
    root = ((case.recorded.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    for resource in resources(root):
        if resource.get("mode") == "data" and resource["type"] not in COMPUTED:
            values = {name: value for name, value in resource.get("values", {}).items() if value is not None}
            known = found.setdefault(resource["type"], values)
            found[resource["type"]] = {name: value for name, value in known.items() if values.get(name) == value}
    return found


def stand_in(message: str, directory: Path, home: Path) -> bool:
    """Write the files whose absence a message complains about; say whether there was any to write."""
    written = False
    for name in MISSING_FILE.findall(message):
        path = home / name[2:] if name.startswith("~/") else directory / name
        inside = any(path.resolve().is_relative_to(place.resolve()) for place in (directory, home))
        if inside and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            written = True
    return written
