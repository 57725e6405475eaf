"""`paritycheck matrix`: the jobs of a CI pipeline, as many as there are stacks and environments."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paritycheck.commands import ExitCode
from paritycheck.commands.output import print_out
from paritycheck.errors import UsageError, shown_path

if TYPE_CHECKING:
    from paritycheck.config import Config

_ID_LENGTH = 80


def matrix(paths: Sequence[Path], *, whole_stacks: bool) -> ExitCode:
    """Print a job for every environment of the stacks, or for every stack, as one line of ASCII."""
    from paritycheck.config import load_config

    configs = [load_config(path) for path in _files(paths)]
    places = [_place(config.path.parent) for config in configs]
    jobs = chain.from_iterable(_jobs(*stack, whole=whole_stacks) for stack in zip(configs, places, _ids(places), strict=True))
    print_out(json.dumps({"include": list(jobs)}) + "\n")
    return ExitCode.HELD


def _files(paths: Sequence[Path]) -> list[Path]:
    """List the configurations that are named, and those in the directories that are named, each once."""
    from paritycheck.config import find_configs

    found = chain.from_iterable(find_configs(path) if path.is_dir() else [path] for path in paths or [Path()])
    return list({path.resolve(): path for path in found}.values())


def _jobs(config: Config, place: str, identity: str, *, whole: bool) -> Iterator[dict[str, Any]]:
    stack = {"id": identity, "stack": place, "config": _place(config.path)}
    names = [environment.name for environment in config.environments]
    if whole:
        yield {**stack, "environments": names}
    else:
        yield from ({**stack, "environment": name} for name in names)


def _place(path: Path) -> str:
    """Return a path from here that no program takes for an option; raise `UsageError` for one that JSON cannot hold."""
    place = Path(os.path.relpath(path)).as_posix()
    try:
        place.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{shown_path(path)} is not UTF-8, so that no matrix can name it", hint="Rename it.") from None
    return f"./{place}" if place.startswith("-") else place


def _ids(places: Sequence[str]) -> Iterator[str]:
    """Yield a name for each stack that fits jobs and artifacts everywhere: letters, digits, ``_`` and ``-``, none twice."""
    taken: set[str] = set()
    for place in places:
        plain = re.sub(r"[^A-Za-z0-9_]+", "-", place)[:_ID_LENGTH].strip("-") or "root"
        name = next(name for name in chain([plain], (f"{plain}-{number}" for number in count(2))) if name.casefold() not in taken)
        taken.add(name.casefold())
        yield name
