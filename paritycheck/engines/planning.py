"""Planning with Terraform core: what the offline engine and the real one have in common."""

from __future__ import annotations

import json
import os
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from paritycheck.config import Environment
from paritycheck.engines.core import Core, child_environment, find_core
from paritycheck.engines.diagnostics import RefusedError, Stream
from paritycheck.engines.documents import DocumentEngine
from paritycheck.engines.interface import Progress, Stage, silent
from paritycheck.engines.shadow import Shadow
from paritycheck.errors import ConfigError, EngineError, ParityError, shown_path
from paritycheck.process import private_directory, side_by_side

PATH_LIMIT = 80
"""Most bytes of the private directory's path."""


class Planning:
    """One environment's way to its plan: a shadow of its directory, and the commands that run in there."""

    def __init__(self, environment: Environment, core: Core, scratch: Path, progress: Progress, *, isolated: bool) -> None:
        """Prepare to plan with everything in `scratch`, a private directory of this environment's own."""
        scratch.mkdir(mode=0o700)
        self.environment = environment
        self.shadow = Shadow(environment.dir, scratch / "root", isolated=isolated)
        self._core = core
        self._scratch = scratch
        self._progress = progress
        self.env = child_environment(os.environ, environment.env) | {"TMPDIR": str(scratch.parent)}
        if environment.workspace is not None:
            self.env["TF_WORKSPACE"] = environment.workspace

    def init(self, arguments: Sequence[str] = (), env: Mapping[str, str] | None = None, hint: str | None = None) -> None:
        """Install modules and providers, and set up the backend."""
        self.tell(Stage.INITIALIZING)
        flag = "-json" if self._core.json_init else "-no-color"
        self._run(["init", flag, "-input=false", *arguments], env=env, hint=hint)
        self.shadow.relativize_modules()

    def plan(self, arguments: Sequence[str] = ()) -> None:
        """Plan, and keep the plan for `show`."""
        self.tell(Stage.PLANNING)
        options = ["-json", "-input=false", "-lock=false", f"-out={self._plan_file}"]
        self._run(["plan", *options, *self._variables(), *arguments])

    def show(self) -> bytes:
        """Return the plan as JSON."""
        completed = self._core.run(["show", "-json", str(self._plan_file)], cwd=self.shadow.directory, env=self.env)
        return self.shadow.reveal(completed.stdout)

    def tell(self, stage: Stage, detail: str = "") -> None:
        """Report progress."""
        self._progress(self.environment.name, stage, detail)

    @property
    def _plan_file(self) -> Path:
        return self._scratch / "plan"

    def _variables(self) -> list[str]:
        """Return the options that set variables; values go through a file, for a command line is everybody's to read."""
        files = list(self.environment.var_files)
        if self.environment.variables:
            files.append(self._scratch / "variables.tfvars.json")
            files[-1].write_text(json.dumps(dict(self.environment.variables)), encoding="utf-8")
        return [f"-var-file={file}" for file in files]

    def _run(self, arguments: list[str], env: Mapping[str, str] | None = None, hint: str | None = None) -> None:
        stream = Stream(self.shadow.true_path, lambda count: self.tell(Stage.PLANNING, f"{count} resources"))
        completed = self._core.run(
            arguments,
            cwd=self.shadow.directory,
            env=self.env | dict(env or {}),
            on_line=lambda line: stream.feed(self.shadow.reveal_text(line)),
            accept=range(256),
        )
        if stream.errors:
            raise RefusedError({self.environment.name: stream.errors}, hint)
        if completed.exit_code != 0:
            said = "\n".join([*stream.stray, self.shadow.reveal_text(completed.stderr)])
            command = f"{self._core.product} {arguments[0]}"
            raise EngineError(f"{command} failed for {self.environment.name} with exit code {completed.exit_code}", details=_unboxed(said))


class CoreEngine(DocumentEngine):
    """Makes plans with Terraform core; subclasses say how to get ready for it."""

    isolated: bool
    """Whether local states and the lock file of the user's directory are left out."""

    def __init__(self, terraform: str | None = None) -> None:
        """Use this Terraform, a name or a path, or find one."""
        self._terraform = terraform

    @abstractmethod
    def prepare(self, plannings: Sequence[Planning], scratch: Path) -> AbstractContextManager[Callable[[Planning], None]]:
        """Get ready for all environments at once; give what gets one of them planned, called from a thread of its own."""

    def documents(self, environments: Sequence[Environment], progress: Progress = silent) -> list[bytes]:
        """See `DocumentEngine.documents`; what Terraform refuses in several environments alike is told once."""
        for environment in environments:
            refuse_missing(environment)
        with private_directory() as scratch:
            refuse_long(scratch)
            core = find_core(self._terraform)
            plannings = [
                Planning(environment, core, scratch / f"e{number}", progress, isolated=self.isolated)
                for number, environment in enumerate(environments)
            ]
            with self.prepare(plannings, scratch) as make_plan:
                futures = side_by_side([partial(_document, planning, make_plan) for planning in plannings])
        return _results(futures)


def refuse_long(scratch: Path) -> None:
    """Raise `EngineError` where the path leaves no room for sockets below it: systems allow about 100 bytes."""
    if len(os.fsencode(scratch)) > PATH_LIMIT:
        hint = "Set TMPDIR to a directory with a shorter path, such as /tmp."
        raise EngineError(f"the path of temporary directories is too long for sockets: {scratch.parent}", hint=hint)


def refuse_missing(environment: Environment) -> None:
    """Raise `ConfigError` where a directory or a file that the environment names does not exist."""
    if not environment.dir.is_dir():
        raise ConfigError(f"{environment.name}: there is no directory {shown_path(environment.dir)}", hint="Correct `dir:` in parity.yaml.")
    for file in (*environment.var_files, *filter(None, [environment.state])):
        if not file.is_file():
            hint = f"Correct the path in parity.yaml, under environment {environment.name}."
            raise ConfigError(f"{environment.name}: there is no file {shown_path(file)}", hint=hint)


def _document(planning: Planning, make_plan: Callable[[Planning], None]) -> bytes:
    try:
        make_plan(planning)
        planning.tell(Stage.READING)
        return planning.show()
    except ParityError as error:
        planning.tell(Stage.FAILED, error.message)
        raise


def _results(futures: Sequence[Future[bytes]]) -> list[bytes]:
    """Return all results, or raise: one error for all that Terraform refuses, else the first failure."""
    errors = [error for future in futures if (error := future.exception())]
    refused = [error for error in errors if isinstance(error, RefusedError)]
    if errors and len(refused) == len(errors):
        raise RefusedError.merge(refused)
    return [future.result() for future in futures]


def _unboxed(text: str) -> str | None:
    """Return a message of Terraform's without the box around it."""
    lines = (line.lstrip("\u2502\u2577\u2575 ").rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line) or None
