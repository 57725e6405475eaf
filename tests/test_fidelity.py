"""The offline engine against plans that the real AWS provider made of configurations of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.agreement import compare_plans
from benchmarks.cases import find_cases, read_case
from benchmarks.replay import replay

PLANS = sorted(find_cases(Path(__file__).parent / "assets" / "fidelity"))

KNOWN = {
    # A policy that says nothing counts as none.
    "collections": {"aws_iam_role.r2.inline_policy.policy"},
    "rewriting": {
        "aws_iam_policy.e.policy",
        "aws_kms_key.e.policy",
        "aws_s3_bucket_policy.e.policy",
        "aws_secretsmanager_secret.e.policy",
        "aws_sqs_queue.e.policy",
    },
}
"""What is not reproduced, by case: address and path, with the reason."""


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.parent.name)
def test_the_offline_engine_plans_what_the_real_provider_plans(plan: Path) -> None:
    """Every resource with its action, and every value but for those that are known to differ."""
    case = read_case(plan)
    planned = replay(case, tolerant=False).plan

    agreement = compare_plans(case.recorded, planned, strict=True)

    assert ([], []) == (agreement.missing, agreement.extra)
    assert KNOWN.get(plan.parent.name, set()) == {f"{mismatch.address}.{mismatch.path}" for mismatch in agreement.mismatches}
    assert actions(case.recorded) == actions(planned)


def test_there_is_enough_to_compare() -> None:
    """A broken asset folder must not pass as agreement."""
    assert len(PLANS) >= 15


def actions(plan: dict[str, object]) -> dict[str, list[str]]:
    return {entry["address"]: entry["change"]["actions"] for entry in plan["resource_changes"] if entry["mode"] == "managed"}
