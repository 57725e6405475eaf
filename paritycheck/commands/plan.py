"""`paritycheck plan`: each environment's plan as a file."""

from __future__ import annotations

from pathlib import Path

from paritycheck.commands import ExitCode
from paritycheck.commands.output import write_file
from paritycheck.commands.progress import Chatter, progress_display
from paritycheck.commands.selection import Selection


def plan(selection: Selection, directory: Path, chatter: Chatter) -> ExitCode:
    """Write every environment's plan JSON to `directory`, readable by its owner alone: it holds secrets in clear."""
    from paritycheck.engines import select_engine

    config = selection.load()
    engine = select_engine(config)
    with progress_display(chatter, [environment.name for environment in config.environments]) as progress:
        plans = engine.plan_all(config.environments, progress)
    for made in plans:
        write_file(directory / f"{made.environment}.json", made.document, mode=0o600)
    return ExitCode.HELD
