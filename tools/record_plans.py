"""Record the plans that real providers make of configurations: ``python -m tools.record_plans FOLDER --mirror MIRROR``.

Each folder below FOLDER that holds ``*.tf`` is planned, without an account and without refreshing, by the ``terraform``
on PATH with the providers of a filesystem mirror; what the plan says about resources goes to its ``plan.json.gz``, the
same bytes at every run. A ``terraform.tfstate.json`` beside the configuration is the state to plan against.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

KEPT = ("format_version", "terraform_version", "variables", "resource_changes", "prior_state")
"""Parts of a plan that are recorded."""


def main() -> int:
    """Record every configuration, or those named; return 1 where one could not be planned."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mirror", type=Path, required=True, help="a filesystem mirror of providers")
    parser.add_argument("--only", action="append", default=[], help="record only the folder of this name (repeatable)")
    options = parser.parse_args()
    failed = 0
    for directory in sorted({path.parent for path in options.folder.rglob("*.tf")}):
        if options.only and directory.name not in options.only:
            continue
        try:
            plan = record(directory, options.mirror.absolute())
        except subprocess.CalledProcessError as error:
            failed = 1
            print(f"{directory}: {error.stderr.strip()}", file=sys.stderr)
            continue
        write(directory / "plan.json.gz", {key: plan[key] for key in KEPT if key in plan})
        print(f"{directory}: {len(plan['resource_changes'])} resources")
    return failed


def record(directory: Path, mirror: Path) -> dict[str, Any]:
    """Return the plan of a configuration, made in a copy of its directory."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch, "work")
        shutil.copytree(directory, work)
        settings = Path(scratch, "terraform.rc")
        settings.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n', encoding="utf-8")
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        state = work / "terraform.tfstate.json"
        against = [f"-state={state}"] if state.exists() else []
        terraform(work, environment, "init", "-input=false", "-no-color")
        terraform(work, environment, "plan", "-input=false", "-no-color", "-refresh=false", "-lock=false", "-out=plan.out", *against)
        plan: dict[str, Any] = json.loads(terraform(work, environment, "show", "-json", "plan.out"))
        return plan


def terraform(directory: Path, environment: dict[str, str], *arguments: str) -> str:
    """Run Terraform and return what it prints."""
    done = subprocess.run(["terraform", *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def write(path: Path, document: dict[str, Any]) -> None:
    """Write JSON compressed, without a time in it."""
    text = json.dumps(document, separators=(",", ":"), sort_keys=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    sys.exit(main())
