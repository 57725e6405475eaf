"""The custom policies on the stack itself: all of them hold in every environment, and none is left open."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from paritycheck.config import Policies, load_config
from paritycheck.engines import select_engine
from paritycheck.policy.checkov import Results, find_checkov, start_checks

ROOT = Path(__file__).parents[2]
CONFIG = load_config(ROOT / "parity.yaml")


@pytest.fixture(scope="module")
def results() -> Results:
    checkov = find_checkov(None, ROOT, lambda path: pytest.fail(f"checkov is missing in {path}: make setup"))
    with start_checks(checkov, Policies(directory=ROOT / "policies"), CONFIG.path) as checks:
        checks.submit(select_engine(CONFIG).plan_all(CONFIG.environments))
        return checks.results()


def test_every_policy_holds_in_every_environment(results: Results) -> None:
    verdicts = {name: Counter(str(result.verdict) for result in found) for name, found in results.environments.items()}
    sizes = {name: len(found) for name, found in results.environments.items()}

    assert {name: Counter({"pass": size}) for name, size in sizes.items()} == verdicts


def test_a_policy_judges_the_same_resources_everywhere(results: Results) -> None:
    judged = [{(result.policy.id, result.address) for result in found} for found in results.environments.values()]

    assert judged[1:] == judged[:-1]
    assert len(judged[0]) > 600
