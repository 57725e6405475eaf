"""Ready plans for some environments, an engine for the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from paritycheck.config import Environment
from paritycheck.engines.documents import DocumentEngine
from paritycheck.engines.files import FilesEngine
from paritycheck.engines.interface import Progress, silent
from paritycheck.plan import Plan

T = TypeVar("T")


class MixedEngine(DocumentEngine):
    """Reads the plan that an environment names, and has the others made by another engine."""

    def __init__(self, engine: DocumentEngine) -> None:
        """Use this engine for environments that name no plan."""
        self.name = engine.name
        self._engine = engine
        self._files = FilesEngine()

    def documents(self, environments: Sequence[Environment], progress: Progress = silent) -> list[bytes]:
        """See `DocumentEngine.documents`."""
        return self._shared_out(environments, lambda engine, own: engine.documents(own, progress))

    def plan_all(self, environments: Sequence[Environment], progress: Progress = silent) -> list[Plan]:
        """See `PlanEngine.plan_all`."""
        return self._shared_out(environments, lambda engine, own: engine.plan_all(own, progress))

    def _shared_out(self, environments: Sequence[Environment], work: Callable[[DocumentEngine, Sequence[Environment]], list[T]]) -> list[T]:
        """Have each engine do its environments, the ready plans first, and return the results in the environments' order."""
        results: dict[str, T] = {}
        for engine, ready in ((self._files, True), (self._engine, False)):
            own = [environment for environment in environments if (environment.plan is not None) is ready]
            if own:
                results.update(zip((environment.name for environment in own), work(engine, own), strict=True))
        return [results[environment.name] for environment in environments]
