"""Plan and compare: what `run` and `compare` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.commands.progress import Chatter, progress_display
from paritycheck.errors import UsageError

if TYPE_CHECKING:
    from paritycheck.config import Config, Environment
    from paritycheck.findings import Report


def check(config: Config, chatter: Chatter, *, sourced: Sequence[Environment] | None = None) -> Report:
    """Plan all environments and hold them against each other.

    `sourced` are those whose configuration is at hand; all of them by default.
    """
    if len(config.environments) < 2:
        raise UsageError("parity takes two environments or more", hint="Select at least two with --environment, or none for all.")
    from paritycheck import parity
    from paritycheck.engines import select_engine
    from paritycheck.provider.builtin import builtin_providers
    from paritycheck.provider.schemas.catalog import load_catalog
    from paritycheck.provider.schemas.sets import set_test
    from paritycheck.source import check_variables, load_all

    sources = load_all(config.environments if sourced is None else sourced, config.normalize.variable)
    check_variables(sources)
    engine = select_engine(config)
    with progress_display(chatter, [environment.name for environment in config.environments]) as progress:
        plans = engine.plan_all(config.environments, progress)
    is_set = set_test(builtin_providers(Path.cwd(), catalogs=map(load_catalog, config.schemas)))
    return parity.check(plans, config, sources=sources, is_set=is_set, today=datetime.now(UTC).date())
