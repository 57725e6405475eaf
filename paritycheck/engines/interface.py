"""The seam between plans and where they come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial

from paritycheck.config import Environment
from paritycheck.plan import Plan
from paritycheck.process import side_by_side


class Stage(StrEnum):
    """What an engine is doing for one environment."""

    WAITING = "waiting"
    INITIALIZING = "initializing"
    PLANNING = "planning"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


Progress = Callable[[str, Stage, str], None]
"""Told (environment name, stage, detail) as work goes on, from any thread; must not raise."""


def silent(environment: str, stage: Stage, detail: str) -> None:
    """Take progress and show nothing."""


class PlanEngine(ABC):
    """Makes or reads the plan of an environment."""

    name: str

    @abstractmethod
    def plan(self, environment: Environment, progress: Progress = silent) -> Plan:
        """Return the environment's plan; raise `PlanError` where there is none to trust."""

    def plan_all(self, environments: Sequence[Environment], progress: Progress = silent) -> list[Plan]:
        """Plan all environments side by side, in their order; the first failure in that order is raised after all ended."""
        futures = side_by_side([partial(self.plan, environment, progress) for environment in environments])
        return [future.result() for future in futures]
