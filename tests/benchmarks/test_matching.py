"""The matcher and the loop that it is measured against choose the same driver."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.matching import RULES, Case, check, make_case, match


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("drivers", [1, 40, 400])
def test_both_sides_choose_the_same_driver(drivers: int, seed: int) -> None:
    check(make_case(drivers, seed))


def test_both_sides_choose_nobody_where_all_are_full() -> None:
    case = make_case(20)
    full = replace(case, workloads=dict.fromkeys(case.workloads, RULES.max_active_orders))

    check(full)

    assert match(full, full.read_workloads) is None


def test_different_choices_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def choose_nobody(case: Case, read_workloads: object) -> None:
        return None

    monkeypatch.setattr("benchmarks.matching.match_plainly", choose_nobody)

    with pytest.raises(RuntimeError, match=r"the matcher chose .*, the loop None"):
        check(make_case(40))
