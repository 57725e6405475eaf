"""Plan and compare: what `run` and `compare` have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from paritycheck.commands.progress import Chatter, progress_display
from paritycheck.errors import UsageError

if TYPE_CHECKING:
    from paritycheck.config import Config
    from paritycheck.findings import Report


def check(config: Config, chatter: Chatter) -> Report:
    """Plan all environments and hold them against each other."""
    if len(config.environments) < 2:
        raise UsageError("parity takes two environments or more", hint="Select at least two with --environment, or none for all.")
    from paritycheck import parity
    from paritycheck.engines import select_engine
    from paritycheck.provider.catalog import is_set
    from paritycheck.source import Sources

    sources = [Sources.load(environment) for environment in config.environments]
    engine = select_engine(config)
    with progress_display(chatter, [environment.name for environment in config.environments]) as progress:
        plans = engine.plan_all(config.environments, progress)
    return parity.check(plans, config, sources=sources, is_set=is_set, today=datetime.now(UTC).date())
