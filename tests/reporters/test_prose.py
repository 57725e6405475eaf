"""What a verdict says in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paritycheck.findings import Severity
from paritycheck.reporters.prose import outcome
from tests.reporters import sample


@pytest.mark.parametrize(
    ("severity", "fail_on", "said"),
    [
        (Severity.ERROR, Severity.ERROR, ", but for what the baseline holds"),
        (Severity.WARNING, Severity.WARNING, ", but for what the baseline holds"),
        (Severity.WARNING, Severity.ERROR, ""),
    ],
)
def test_says_where_parity_holds_but_for_the_baseline(severity: Severity, fail_on: Severity, said: str) -> None:
    report = replace(sample.CLEAN, known=(replace(sample.FINDINGS[0], severity=severity),), fail_on=fail_on)

    assert f"{outcome(sample.CLEAN)}{said}" == outcome(report)
