"""Plan, examine and compare: what `run`, `policy` and `compare` have in common."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.commands.progress import Chatter, progress_display
from paritycheck.errors import ConfigError, UsageError, shown_path
from paritycheck.inert import inert

if TYPE_CHECKING:
    from paritycheck.commands.recalling import Note
    from paritycheck.compare import IsSet
    from paritycheck.config import Config, Environment
    from paritycheck.findings import Report
    from paritycheck.plan import Plan
    from paritycheck.policy import Examiner
    from paritycheck.source import Sources


def check(
    config: Config,
    chatter: Chatter,
    *,
    sourced: Sequence[Environment] | None = None,
    topology: bool = False,
    note: Note | None = None,
) -> Report:
    """Plan all environments, hold them against each other, and against the policies that the configuration names.

    `sourced` are those whose configuration is at hand; all of them by default. With `topology`, the report holds all resources.
    `note` is told what the report came from.
    """
    if len(config.environments) < 2:
        raise UsageError("parity takes two environments or more", hint="Select at least two with --environment, or none for all.")
    from paritycheck import parity

    sources = load_sources(config, sourced)
    today = datetime.now(UTC).date()
    with _examiner(config, chatter) if config.policies or config.least_privilege else nullcontext() as examiner:
        plans = _plan(config, chatter)
        examine = examiner.begin(plans, sources, today) if examiner else None
        is_set = _set_test(config)
        report = parity.check(plans, config, sources=sources, is_set=is_set, today=today, examine=examine, topology=topology)
    if note:
        note(config, sources, plans, examiner.checkov if examiner else None)
    return report


def survey(config: Config, chatter: Chatter) -> Report:
    """Plan the environments and show all their resources, compared where there are two or more; run no policy."""
    if len(config.environments) > 1:
        return check(dataclasses.replace(config, policies=None, least_privilege=None), chatter, topology=True)
    from paritycheck import parity

    sources = load_sources(config)
    return parity.survey(_plan(config, chatter), config, sources=sources)


def check_policies(config: Config, chatter: Chatter, *, privilege_only: bool, topology: bool = False, note: Note | None = None) -> Report:
    """Plan the environments, and hold each against the policies; or only prove that its functions have the least privilege.

    `topology` and `note` are those of `check`.
    """
    if not config.policies and not (privilege_only or config.least_privilege):
        raise ConfigError("no policies are named", hint="Name the directory of your checks: policies: policies", location=config.path)
    if privilege_only and not config.least_privilege:
        hint = "Say under least_privilege where the code of which functions is; docs/configuration.md has an example."
        raise ConfigError("no function's sources are named", hint=hint, location=config.path)
    from paritycheck import parity

    sources = load_sources(config)
    with _examiner(config, chatter, privilege_only=privilege_only) as examiner:
        plans = _plan(config, chatter)
        examine = examiner.begin(plans, sources, datetime.now(UTC).date())
        report = parity.check_policies(plans, config, examine, sources=sources, topology=topology)
    if note:
        note(config, sources, plans, examiner.checkov)
    return report


def load_sources(config: Config, sourced: Sequence[Environment] | None = None) -> Sequence[Sources]:
    """Read the configurations of all environments, or of some. Raises `ConfigError` for what is missing or wrong."""
    from paritycheck.source import check_variables, load_all

    sources = load_all(config.environments if sourced is None else sourced, config.normalize.variable)
    check_variables(sources)
    return sources


def _plan(config: Config, chatter: Chatter) -> Sequence[Plan]:
    from paritycheck.engines import select_engine

    engine = select_engine(config)
    with progress_display(chatter, [environment.name for environment in config.environments]) as progress:
        return engine.plan_all(config.environments, progress)


def _set_test(config: Config) -> IsSet:
    from paritycheck.provider.builtin import builtin_providers
    from paritycheck.provider.schemas.catalog import load_catalog
    from paritycheck.provider.schemas.sets import set_test

    return set_test(builtin_providers(Path.cwd(), catalogs=map(load_catalog, config.schemas)))


def _examiner(config: Config, chatter: Chatter, *, privilege_only: bool = False) -> Examiner:
    """Start what examines the plans; where it takes an environment that is not there yet, make that first."""
    from paritycheck.policy import Examiner

    if not config.policies or privilege_only:
        return Examiner(config, None)
    from paritycheck.policy.checkov import find_checkov

    def tell(environment: Path) -> None:
        if chatter is not Chatter.NOTHING:
            print(f"checkov: making an environment for it, once: {inert(shown_path(environment))}", file=sys.stderr, flush=True)

    return Examiner(config, find_checkov(config.policies.checkov, config.path.parent, tell))
