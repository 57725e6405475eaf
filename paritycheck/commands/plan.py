"""`paritycheck plan`: each environment's plan as a file."""

from __future__ import annotations

from pathlib import Path

from paritycheck.commands import ExitCode
from paritycheck.commands.output import make_directory, write_file
from paritycheck.commands.progress import Chatter, progress_display
from paritycheck.commands.selection import Selection


def plan(selection: Selection, directory: Path, chatter: Chatter) -> ExitCode:
    """Write every environment's plan JSON to `directory`, readable by its owner alone: it holds secrets in clear."""
    from paritycheck.engines import select_engine

    config = selection.load()
    make_directory(directory)
    engine = select_engine(config)
    with progress_display(chatter, [environment.name for environment in config.environments]) as progress:
        documents = engine.documents(config.environments, progress)
    for environment, document in zip(config.environments, documents, strict=True):
        write_file(directory / f"{environment.name}.json", document, mode=0o600)
    return ExitCode.HELD
