"""The pipeline as a fixture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest

from tests.pipeline.applied import plan_as_applied
from tests.pipeline.changes import Change, Start, change_plan
from tests.pipeline.pipeline import Pipeline, start_pipeline
from tests.servers import AuroraServer, RedisServer


@pytest.fixture(scope="session")
def plan() -> Mapping[str, Any]:
    return plan_as_applied("staging")


@pytest.fixture
def start(plan: Mapping[str, Any], redis_cluster: RedisServer, aurora: AuroraServer) -> Iterator[Start]:
    with ExitStack() as stack:

        def run(address: str | None = None, change: Change | None = None) -> Pipeline:
            planned = plan if address is None or change is None else change_plan(plan, address, change)
            running: AbstractContextManager[Pipeline] = start_pipeline(plan=planned, redis=redis_cluster, aurora=aurora)
            return stack.enter_context(running)

        yield run
