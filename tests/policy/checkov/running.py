"""Policies on made-up plans, in one process of the real checkov."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paritycheck.config import Policies
from paritycheck.plan import Plan
from paritycheck.policy.checkov import Results, start_checks

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".checkov" / "bin" / "python"
POLICIES = Path(__file__).parent / "policies"


def run_policies(plans: list[Plan], directory: Path | None = POLICIES, known: tuple[str, ...] = (), **options: Any) -> Results:
    """Run policies on plans, as a run does."""
    assert PYTHON.exists(), "checkov is missing: make setup"
    with start_checks(PYTHON, Policies(directory, **options), ROOT / "parity.yaml") as checks:
        checks.submit(plans, known)
        return checks.results()


def verdicts(results: Results, policy: str, environment: str = "dev") -> Mapping[str, str]:
    """Return a policy's verdict on every resource that it applies to."""
    return {result.address: result.verdict.value for result in results.environments[environment] if result.policy.id == policy}
