"""`paritycheck plan` writes what `paritycheck compare` reads."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from tests.commands.invoke import paritycheck
from tests.commands.stack import DRIFT, STACK, write


def test_writes_a_plan_an_environment_for_its_owner_alone(tmp_path: Path) -> None:
    done = paritycheck("plan", "--output", "out/plans", cwd=write(tmp_path, STACK))
    plans = sorted((tmp_path / "out" / "plans").iterdir())

    assert (0, "", "") == (done.code, done.out, done.err)
    assert ["dev.json", "prod.json", "staging.json"] == [path.name for path in plans]
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in plans}
    assert "1.2" == json.loads(plans[0].read_text())["format_version"]


def test_takes_a_single_environment(tmp_path: Path) -> None:
    done = paritycheck("plan", "-o", "plans", "-e", "prod", cwd=write(tmp_path, STACK))

    assert 0 == done.code
    assert ["prod.json"] == [path.name for path in (tmp_path / "plans").iterdir()]


def test_compare_sees_in_the_plans_what_run_sees(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    paritycheck("plan", "--output", "plans", cwd=tmp_path)
    plans = [f"plans/{name}.json" for name in ("dev", "staging", "prod")]
    ran = json.loads(paritycheck("run", "--format", "json", cwd=tmp_path).out)
    compared = json.loads(paritycheck("compare", *plans, "--format", "json", cwd=tmp_path).out)

    assert ran["findings"] == compared["findings"]
    assert ran["allowed"] == compared["allowed"]


def test_a_plan_that_fails_leaves_no_other_behind(tmp_path: Path) -> None:
    write(tmp_path, {**STACK, "prod.tfvars": 'env = "prod"\nsize = "many"\n'})
    done = paritycheck("plan", "--output", "plans", cwd=tmp_path)

    assert 3 == done.code
    assert [] == list((tmp_path / "plans").iterdir())
