"""All that the verdict of a run came from."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paritycheck.cache.inputs import Input, NotKept, Program, Source, find_program
from paritycheck.config.loading import NAME
from paritycheck.errors import shown_path

if TYPE_CHECKING:
    from paritycheck.config import Config, Environment, LeastPrivilege
    from paritycheck.plan import Plan, Resource
    from paritycheck.source import Sources

PACKAGE = Path(__file__).parent.parent
_ROOT_ENDINGS = (
    ".tf", ".tf.json", ".tofu", ".tofu.json", ".auto.tfvars", ".auto.tfvars.json", "terraform.tfvars", "terraform.tfvars.json",
    ".terraform.lock.hcl", ".terraform-version", ".opentofu-version", ".tool-versions",
)  # fmt: skip
"""Of what Terraform finds by itself in a root module's directory, and of what chooses a Terraform there."""
_MODULE_ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
_CORES = ("terraform", "tofu")
_HOURLY = {"time_rotating", "tls_locally_signed_cert", "tls_self_signed_cert"}
"""Resources whose plan against a state depends on the time of day."""


def gather(config: Config, sources: Sequence[Sources], plans: Sequence[Plan], checkov: Path | None) -> Iterator[Source]:
    """Yield everything that a run has read; `checkov` is the interpreter that ran the policies, if any did.

    Raises `NotKept` where something was read of which this cannot be told.
    """
    if config.engine == "terraform" and not all(environment.plan for environment in config.environments):
        raise NotKept("real providers were asked, whose answers may be others the next time")
    yield from _search(config.path)
    yield from _program_itself()
    yield from (Input(str(path)) for path in (*config.schemas, config.baseline) if path)
    for environment in config.environments:
        yield from _named(environment)
    made = {environment.name: environment for environment in config.environments if not (environment.plan or config.engine == "files")}
    for each in sources:
        yield from _configuration(each)
        if each.environment.name in made:
            yield from _read_by_functions(each)
    if made:
        yield from _core(config)
    for plan in plans:
        if plan.environment in made:
            yield from _read_while_planning(plan, made[plan.environment])
    if config.policies:
        yield from _policies(config, checkov)
    if config.least_privilege:
        yield from _code(config.least_privilege)


def _search(found: Path) -> Iterator[Source]:
    """Yield the configuration, and where it would be found first; `found` is the working directory where there is none."""
    exists = found.is_file()
    if exists:
        yield Input(str(found))
    here = Path.cwd()
    for directory in (here, *here.parents):
        if exists and (directory == found.parent or not directory.is_relative_to(found.parent)):
            return
        yield Input(str(directory / NAME))
        yield Input(str(directory / ".git"), endings=(), contents=False)


def _program_itself() -> Iterator[Source]:
    """Yield this package with its schemas and rules, and which versions of libraries are installed."""
    yield Input(str(PACKAGE), deep=True, skipped=("__pycache__",))
    for directory in dict.fromkeys(path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}):
        yield Input(directory, endings=(".dist-info",), contents=False)


def _named(environment: Environment) -> Iterator[Source]:
    """Yield what an environment names, and what Terraform finds by itself in its directory."""
    yield Input(str(environment.dir), endings=_ROOT_ENDINGS)
    yield from (Input(str(path)) for path in (*environment.var_files, environment.plan, environment.state) if path)


def _configuration(sources: Sources) -> Iterator[Source]:
    from paritycheck.source.filesystem import module_directories

    for directory in module_directories(sources):
        yield Input(str(directory), endings=_MODULE_ENDINGS)
        if any(directory.glob("*.tofu")) or any(directory.glob("*.tofu.json")):
            raise NotKept(f"{shown_path(directory)} has files for OpenTofu alone, which are not looked into")


def _read_by_functions(sources: Sources) -> Iterator[Source]:
    from paritycheck.source.filesystem import FileRead, files_read

    for found in files_read(sources):
        if not isinstance(found, FileRead):
            raise NotKept(f"{found.location}: {found.reason}")
        if found.template:
            _refuse_calls(found.path)
        yield Input(str(found.path), found.endings, found.deep)


def _refuse_calls(path: Path) -> None:
    """Raise `NotKept` where a template calls functions that read further files."""
    from paritycheck.source.filesystem import CALL

    for file in _files(path):
        if CALL.search(file.read_bytes()):
            raise NotKept(f"{shown_path(file)}: a template that reads files itself")


def _files(path: Path) -> Iterable[Path]:
    return [path] if path.is_file() else (file for file in path.rglob("*") if file.is_file())


def _core(config: Config) -> Iterator[Source]:
    """Yield the Terraform that planned. A script in its place, as version managers have it, may run another one tomorrow."""
    names = (config.terraform,) if config.terraform else _CORES
    yield from map(Program, names)
    found = next(filter(None, map(find_program, names)), None)
    if found and _stands_for_another(Path(os.path.realpath(found))):
        raise NotKept(f"{shown_path(Path(found))} only stands for a Terraform, and it cannot be told for which")


def _stands_for_another(program: Path) -> bool:
    with program.open("rb") as stream:
        return stream.read(2) == b"#!" or not program.name.startswith(_CORES)


def _read_while_planning(plan: Plan, environment: Environment) -> Iterator[Source]:
    """Yield what data sources have read: archives' files, and files' contents."""
    if environment.state and any(resource.type in _HOURLY for resource in plan.resources.values()):
        raise NotKept("certificates or rotations of the state expire by the hour")
    for resource in plan.resources.values():
        if resource.managed or not resource.type.startswith(("archive_", "local_")):
            continue
        values = plan.decode(resource.change.after)
        for name in ("source_dir", "source_file", "filename"):
            path = values.get(name) if isinstance(values, dict) else None
            if isinstance(path, str):
                _refuse_secret(plan, resource, name)
                yield Input(str(environment.dir / path), deep=name == "source_dir")


def _refuse_secret(plan: Plan, resource: Resource, name: str) -> None:
    marks: Any = plan.decode(resource.change.after_sensitive)
    if marks is True or (isinstance(marks, dict) and marks.get(name)):
        raise NotKept(f"{resource.address} reads a file whose path is a secret")


def _policies(config: Config, checkov: Path | None) -> Iterator[Source]:
    """Yield the checks with all that lies beside them, and which versions of what are in checkov's environment."""
    if config.policies and config.policies.directory:
        yield Input(str(config.policies.directory), deep=True, skipped=("__pycache__",))
    if checkov is None:
        return
    installed = list(checkov.parent.parent.glob("lib/python*/site-packages"))
    if not installed:
        raise NotKept(f"the version of checkov in {shown_path(checkov.parent.parent)} cannot be told")
    yield from (Input(str(directory), endings=(".dist-info",), contents=False) for directory in installed)
    yield from _chosen(config, checkov)


def _chosen(config: Config, checkov: Path) -> Iterator[Source]:
    """Yield what decided that it was this checkov."""
    from paritycheck.policy.checkov.environment import BESIDE

    yield Program(str(checkov))
    yield Input(str(config.path.parent / BESIDE / "pyvenv.cfg"))
    if config.policies and config.policies.checkov:
        yield Program(config.policies.checkov)


def _code(settings: LeastPrivilege) -> Iterator[Source]:
    """Yield the sources of functions: from the first placeholder on, a path may lead anywhere below."""
    for entry in settings.functions:
        for text in entry.sources:
            fixed, placeholder, _ = text.partition("{")
            directory = fixed.rpartition("/")[0] if placeholder else fixed
            yield Input(directory or "/", endings=(".py",), deep=True, skipped=("__pycache__",))
    if settings.observed:
        yield Input(str(settings.observed))
