"""Where plans come from: the offline engine, the real providers, or files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from paritycheck.engines.interface import PlanEngine, Progress, Stage, silent
from paritycheck.errors import ConfigError

if TYPE_CHECKING:
    from paritycheck.config import Config
    from paritycheck.engines.documents import DocumentEngine
    from paritycheck.engines.planning import Planning
    from paritycheck.provider.interface import Provider

__all__ = ["ENGINES", "PlanEngine", "Progress", "Stage", "select_engine", "silent"]


def select_engine(config: Config) -> DocumentEngine:
    """Return the engine that `parity.yaml` names; an environment with a plan of its own is read from that."""
    from paritycheck.engines.mixed import MixedEngine

    engine = ENGINES[config.engine](config)
    ready = any(environment.plan is not None for environment in config.environments)
    return MixedEngine(engine) if ready and config.engine != "files" else engine


def _offline(config: Config) -> DocumentEngine:
    from paritycheck.engines.offline import OfflineEngine
    from paritycheck.provider.builtin import builtin_providers
    from paritycheck.provider.schemas.catalog import load_catalog

    catalogs = [load_catalog(path) for path in config.schemas]

    def make_providers(planning: Planning) -> Sequence[Provider]:
        shadow = planning.shadow
        providers = builtin_providers(shadow.directory, planning.env, config.data_sources, shadow.original, catalogs)
        _refuse_unknown_answers(config, providers)
        return providers

    return OfflineEngine(make_providers, config.terraform)


def _refuse_unknown_answers(config: Config, providers: Sequence[Provider]) -> None:
    """Raise `ConfigError` where `data_sources` answers for a type that no provider has: a misspelled answer is none."""
    for name in config.data_sources:
        if all(provider.data_source_schema(name) is None for provider in providers):
            hint = "Check the spelling; types of other providers need their schema under `schemas`."
            raise ConfigError(f"data_sources: there is no data source of the type {name}", hint=hint, location=config.path)


def _terraform(config: Config) -> DocumentEngine:
    from paritycheck.engines.terraform import TerraformEngine

    return TerraformEngine(config.terraform)


def _files(_config: Config) -> DocumentEngine:
    from paritycheck.engines.files import FilesEngine

    return FilesEngine()


ENGINES: Mapping[str, Callable[[Config], DocumentEngine]] = {"offline": _offline, "terraform": _terraform, "files": _files}
"""Makes each engine, by the name that `parity.yaml` gives it."""
