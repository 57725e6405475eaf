"""A small stand-in for a CI runner: it runs the shell steps of workflows and actions, as they are, on this machine."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
ACTION = ROOT / "action.yml"

_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


@dataclass(frozen=True)
class Done:
    """What a step came to."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


@dataclass(frozen=True)
class Runner:
    """What the steps of a job share."""

    workspace: Path
    temp: Path
    context: dict[str, str] = field(default_factory=dict)
    """The values of expressions, such as ``inputs.command``."""

    def run(self, step: Mapping[str, Any], path: str | None = None) -> Done:
        """Run a step's script with its environment, and remember its outputs."""
        files = {name: self.temp / f"file-{name}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        environ = {
            **{name: os.environ[name] for name in os.environ if not name.startswith(("GITHUB_", "RUNNER_", "VIRTUAL_ENV"))},
            **({"PATH": path} if path else {}),
            **{name: str(file) for name, file in files.items()},
            "PARITYCHECK_NO_CACHE": "1",
            "RUNNER_TEMP": str(self.temp),
            **{name: self.evaluate(str(value)) for name, value in step.get("env", {}).items()},
        }
        script = self.temp / "script.sh"
        script.write_text(step["run"])
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        where = self.workspace / self.evaluate(step.get("working-directory", "."))
        done = subprocess.run(command, cwd=where, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, check=False)
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        for name, value in outputs.items():
            self.context[f"steps.{step.get('id')}.outputs.{name}"] = value
        return Done(done.returncode, done.stdout.decode(), outputs, files["GITHUB_STEP_SUMMARY"].read_text())

    def evaluate(self, text: str) -> str:
        """Replace the expressions in a text; raise `KeyError` for one that the context does not hold."""
        return _EXPRESSION.sub(lambda found: self.context[found[1]], text)


def load(path: Path) -> dict[str, Any]:
    """Read a workflow or an action."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def action_steps() -> dict[str, dict[str, Any]]:
    """Return the steps of this repository's action, by id."""
    return {step["id"]: step for step in load(ACTION)["runs"]["steps"]}


def action_inputs(**given: str) -> dict[str, str]:
    """Return the context of an action's call: its inputs, with the defaults of those that are not given."""
    defaults = {name: each["default"] for name, each in load(ACTION)["inputs"].items()}
    chosen = {**defaults, **{name.replace("_", "-"): value for name, value in given.items()}}
    return {"github.action_path": str(ROOT), **{f"inputs.{name}": value for name, value in chosen.items()}}


def named_step(workflow: str, job: str, name: str) -> dict[str, Any]:
    """Return a step of a workflow by its name."""
    (step,) = (step for step in load(WORKFLOWS / workflow)["jobs"][job]["steps"] if step.get("name") == name)
    return dict(step)
