"""What all engines here share: a plan is a JSON document before it is a `Plan`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from paritycheck.config import Environment
from paritycheck.engines.interface import PlanEngine, Progress, Stage, silent
from paritycheck.errors import shown_path
from paritycheck.plan import Plan, read_plan


class DocumentEngine(PlanEngine):
    """An engine that can hand out plans as Terraform writes them."""

    @abstractmethod
    def documents(self, environments: Sequence[Environment], progress: Progress = silent) -> list[bytes]:
        """Return the JSON of every environment's plan, in their order. Secrets stand in it in clear."""

    def origin(self, environment: Environment) -> str:
        """Return where an environment's document comes from, for messages."""
        return shown_path(environment.dir)

    def plan(self, environment: Environment, progress: Progress = silent) -> Plan:
        """See `PlanEngine.plan`."""
        return self.plan_all([environment], progress)[0]

    def plan_all(self, environments: Sequence[Environment], progress: Progress = silent) -> list[Plan]:
        """See `PlanEngine.plan_all`."""
        documents = self.documents(environments, progress)
        return [self._read(environment, document, progress) for environment, document in zip(environments, documents, strict=True)]

    def _read(self, environment: Environment, document: bytes, progress: Progress) -> Plan:
        progress(environment.name, Stage.READING, "")
        plan = read_plan(document, environment=environment.name, engine=self.name, origin=self.origin(environment))
        progress(environment.name, Stage.DONE, f"{len(plan.resources)} resources")
        return plan
