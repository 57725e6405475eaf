"""`paritycheck baseline`, and what it changes for the commands that come to a verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import DRIFT, STACK, write

HELD = {**DRIFT, "parity.yaml": DRIFT["parity.yaml"] + "baseline: parity.baseline.json\n"}


def summary(directory: Path, *arguments: str) -> tuple[int, str, int, int]:
    """Run the check, and return exit code, verdict, the number of errors and of known findings."""
    done = paritycheck(*(arguments or ("run",)), "--format", "json", cwd=directory)
    document = json.loads(done.out)
    return done.code, document["verdict"], document["summary"]["errors"], document["summary"]["known"]


def test_what_it_holds_does_not_fail(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    before = summary(tmp_path)
    done = paritycheck("baseline", cwd=tmp_path)
    (tmp_path / "parity.yaml").write_text(HELD["parity.yaml"])

    assert (1, "fail", 2, 0) == before
    assert (0, "") == (done.code, done.err)
    assert "parity.baseline.json holds 2 findings" in done.out
    assert "baseline: parity.baseline.json" in done.out
    assert (0, "pass", 0, 2) == summary(tmp_path)
    verdict = " ".join(paritycheck("run", cwd=tmp_path).out.split())
    assert "dev, staging and prod hold parity, but for what the baseline holds: 2 known" in verdict


def test_what_changes_afterwards_fails(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    paritycheck("baseline", cwd=tmp_path)
    write(tmp_path, {**HELD, "prod.tfvars": STACK["prod.tfvars"] + "retention = 31\n"})

    assert (1, "fail", 2, 0) == summary(tmp_path)


def test_what_is_mended_makes_it_stale(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    paritycheck("baseline", cwd=tmp_path)
    write(tmp_path, {**HELD, "prod.tfvars": STACK["prod.tfvars"]})
    done = paritycheck("run", cwd=tmp_path)
    strict = paritycheck("run", "--fail-on", "warning", cwd=tmp_path)
    part = paritycheck("run", "-e", "dev", "-e", "prod", "--fail-on", "warning", cwd=tmp_path)

    assert (0, 1, 0) == (done.code, strict.code, part.code)
    assert "stale-baseline" in done.out
    assert "FAIL" in strict.out


def test_the_command_line_names_another(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    paritycheck("baseline", "--output", "other.json", cwd=tmp_path)

    assert (0, "pass", 0, 2) == summary(tmp_path, "run", "--baseline", "other.json")


def test_ready_plans_are_held_against_it_too(tmp_path: Path) -> None:
    write(tmp_path, DRIFT)
    paritycheck("baseline", cwd=tmp_path)
    paritycheck("plan", "--output", "plans", cwd=tmp_path)
    plans = [f"{name}=plans/{name}.json" for name in ("dev", "staging", "prod")]

    assert (0, "pass", 0, 2) == summary(tmp_path, "compare", *plans, "--baseline", "parity.baseline.json")


def test_writing_it_anew_keeps_the_last_day(tmp_path: Path) -> None:
    write(tmp_path, HELD)
    file = tmp_path / "parity.baseline.json"
    paritycheck("baseline", "--expires", "2999-01-01", cwd=tmp_path)
    first = file.read_bytes()
    done = paritycheck("baseline", "--expires", "2999-12-31", cwd=tmp_path)

    assert b"2999-01-01" in first
    assert first == file.read_bytes()
    assert "To make it count" not in done.out


def test_what_cannot_be_held_is_named(tmp_path: Path) -> None:
    protect = "protect:\n  - id: keep\n    resources: [terraform_data.archive]\n    reason: It is an archive.\n"
    write(tmp_path, {**DRIFT, "parity.yaml": DRIFT["parity.yaml"] + protect})
    done = paritycheck("baseline", cwd=tmp_path)

    assert 0 == done.code
    assert "1 finding cannot be held, and must be mended:\n  protected-difference: terraform_data.archive input.retention\n" == done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--expires", "tomorrow"), "--expires 'tomorrow' is no date"),
        (("--expires", "2020-01-01"), "--expires 2020-01-01 is past"),
        (("--output", "parity.yaml"), "parity.yaml is no baseline"),
        (("--output", "nowhere/b.json"), "the directory of nowhere/b.json does not exist"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = paritycheck("baseline", *arguments, cwd=write(tmp_path, DRIFT))

    assert 2 == done.code
    assert message in done.err
    assert DRIFT["parity.yaml"] == (tmp_path / "parity.yaml").read_text()


def test_a_baseline_that_is_missing_is_an_error(tmp_path: Path) -> None:
    done = paritycheck("run", cwd=write(tmp_path, HELD))

    assert (2, "") == (done.code, done.out)
    assert "there is no baseline parity.baseline.json" in done.err
