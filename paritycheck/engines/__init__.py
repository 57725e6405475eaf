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
    from paritycheck.provider.catalog import load_catalog

    if addresses := [key for key in config.data_sources if not key.isidentifier()]:
        hint = "Name the data source's type, such as aws_ami; the answer then holds for all of its data sources."
        raise ConfigError(f"data_sources: {addresses[0]} is not a data source type", hint=hint, location=config.path)
    catalogs = [load_catalog(path) for path in config.schemas]

    def make_providers(planning: Planning) -> Sequence[Provider]:
        shadow = planning.shadow
        return builtin_providers(shadow.directory, planning.env, config.data_sources, shadow.original, catalogs)

    return OfflineEngine(make_providers, config.terraform)


def _terraform(config: Config) -> DocumentEngine:
    from paritycheck.engines.terraform import TerraformEngine

    return TerraformEngine(config.terraform)


def _files(_config: Config) -> DocumentEngine:
    from paritycheck.engines.files import FilesEngine

    return FilesEngine()


ENGINES: Mapping[str, Callable[[Config], DocumentEngine]] = {"offline": _offline, "terraform": _terraform, "files": _files}
"""Makes each engine, by the name that `parity.yaml` gives it."""
