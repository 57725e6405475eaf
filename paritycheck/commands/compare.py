"""`paritycheck compare`: parity of plans that were made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.commands import ExitCode
from paritycheck.commands.arranging import arrange
from paritycheck.commands.checking import check
from paritycheck.commands.concluding import Conclusion, find_news
from paritycheck.commands.progress import Chatter
from paritycheck.commands.recalling import Memory, Note
from paritycheck.commands.selection import Selection
from paritycheck.errors import ConfigError
from paritycheck.findings import Report

if TYPE_CHECKING:
    from paritycheck.config import Config


def compare(plans: Sequence[str], selection: Selection, conclusion: Conclusion, chatter: Chatter, memory: Memory) -> ExitCode:
    """Compare plan files by the rules, and in the order, of `parity.yaml` where there is one."""
    topology = conclusion.outputs.needs_topology

    def examine(note: Note) -> Report:
        rules = selection.override(_load(selection.config))
        config = arrange(plans, rules, selection.environments)
        known = {environment.name for environment in rules.environments}
        sourced = [environment for environment in config.environments if environment.name in known]
        return find_news(config, lambda: check(config, chatter, sourced=sourced, topology=topology, note=note))

    return conclusion.draw(memory.recall("compare", selection, (topology, *map(_meant, plans)), examine))


def _meant(argument: str) -> tuple[object, ...]:
    """Return what decides which plans an argument means."""
    path = Path(argument)
    return argument, path.exists(), sorted(each.name for each in path.iterdir()) if path.is_dir() else ()


def _load(config: Path | None) -> Config:
    """Load the rules: those asked for, or those of the nearest `parity.yaml`, or none."""
    from paritycheck.config import Config, find_config, load_config

    try:
        path = config or find_config(Path.cwd())
    except ConfigError:
        return Config(path=Path.cwd(), engine="files", environments=())
    return load_config(path)
