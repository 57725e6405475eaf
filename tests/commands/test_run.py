"""`paritycheck run` from end to end, with real Terraform."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.commands.invoke import paritycheck
from tests.commands.stack import DRIFT, STACK, write
from tests.conftest import Snapshot

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def redact(text: str) -> str:
    """Take Terraform's version out of a report."""
    return re.sub(r"\b1\.\d+\.\d+$", "1.x", text, flags=re.MULTILINE)


@pytest.mark.parametrize("width", [80, 120])
def test_reports_a_difference(width: int, tmp_path: Path, snapshot: Snapshot) -> None:
    done = paritycheck("run", cwd=write(tmp_path, DRIFT), env={"COLUMNS": str(width)})

    assert (1, "") == (done.code, done.err)
    snapshot(f"run-{width}.txt", redact(done.out))


def test_passes_where_every_difference_is_allowed(tmp_path: Path, snapshot: Snapshot) -> None:
    done = paritycheck("run", cwd=write(tmp_path, STACK))

    assert (0, "") == (done.code, done.err)
    assert sorted(STACK) == sorted(path.name for path in tmp_path.iterdir())
    snapshot("run-pass.txt", redact(done.out))


def test_writes_several_reports(tmp_path: Path) -> None:
    done = paritycheck("run", "--format", "json", "-f", "json=report.json", "-f", "console=report.txt", cwd=write(tmp_path, DRIFT))
    document = json.loads(done.out)

    assert 1 == done.code
    assert document == json.loads((tmp_path / "report.json").read_text())
    assert "FAIL" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    Draft202012Validator(SCHEMA).validate(document)


def test_the_proposed_rule_allows_the_difference(tmp_path: Path) -> None:
    """What the report proposes can be pasted below `allow:`, and does what it says once it has a reason."""
    write(tmp_path, DRIFT)
    proposed = re.findall(r"(?m)^  - id: .*(?:\n    .*|\n      .*)*", paritycheck("run", cwd=tmp_path).out)
    rules = "\n".join(proposed).replace("reason:  #", "reason: Prod keeps longer.  #")
    (tmp_path / "parity.yaml").write_text(DRIFT["parity.yaml"] + rules + "\n")
    done = paritycheck("run", cwd=tmp_path)

    assert 0 == done.code, done.out + done.err
    assert "Prod keeps longer." in done.out


def test_takes_a_subset_in_the_configurations_order(tmp_path: Path) -> None:
    done = paritycheck("run", "-e", "staging", "-e", "dev", "--format", "json", cwd=write(tmp_path, DRIFT))

    assert ["dev", "staging"] == [environment["name"] for environment in json.loads(done.out)["environments"]]
    assert 0 == done.code


def test_finds_the_configuration_above(tmp_path: Path) -> None:
    write(tmp_path, STACK)
    (tmp_path / ".git").mkdir()
    (tmp_path / "lambdas").mkdir()

    assert 0 == paritycheck("run", cwd=tmp_path / "lambdas").code


def test_tells_its_progress_in_a_log_where_it_is_asked_to(tmp_path: Path) -> None:
    done = paritycheck("run", "--verbose", cwd=write(tmp_path, STACK))

    assert {"dev: done: 2 resources", "staging: done: 2 resources", "prod: done: 2 resources"} <= set(done.err.splitlines())


def test_ascii_where_the_terminal_has_nothing_else(tmp_path: Path) -> None:
    done = paritycheck("run", cwd=write(tmp_path, DRIFT), env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})

    assert done.out.isascii()
    assert "> 30" in done.out


def test_no_color_wins_over_force_color(tmp_path: Path) -> None:
    write(tmp_path, STACK)

    assert "\x1b[" in paritycheck("run", cwd=tmp_path, env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" not in paritycheck("run", "--no-color", cwd=tmp_path, env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" not in paritycheck("run", cwd=tmp_path, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out


@pytest.mark.parametrize("closed", ["0<&-", ">&-", "2>&-", "0<&- >&- 2>&-"])
def test_gives_its_verdict_where_streams_are_closed(closed: str, tmp_path: Path) -> None:
    command = f"exec {sys.executable} -m paritycheck run --format json=report.json {closed}"
    code = subprocess.run(["sh", "-c", command], cwd=write(tmp_path, DRIFT), timeout=120, check=False).returncode

    assert 1 == code
    assert "fail" == json.loads((tmp_path / "report.json").read_text())["verdict"]
