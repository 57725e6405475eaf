"""The action's own scripts, run as a runner runs them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.ci.runner import Done, Runner, action_inputs, action_steps
from tests.commands.stack import DRIFT, STACK, write

HOSTILE = "\"; touch pwned; $(touch pwned) `touch pwned` ${IFS}&& touch pwned\n'; touch pwned #"
DAMAGE = "pwned"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    directory = tmp_path / "workspace"
    directory.mkdir()
    return write(directory, STACK)


@pytest.fixture
def temp(tmp_path: Path, installation: Path) -> Path:
    """A runner's temporary directory of the test's own, with the installation in it."""
    directory = tmp_path / "temp"
    directory.mkdir()
    (directory / "paritycheck").symlink_to(installation / "paritycheck")
    return directory


def check(workspace: Path, temp: Path, **inputs: str) -> Done:
    return Runner(workspace, temp, action_inputs(**inputs)).run(action_steps()["check"])


def reports(done: Done) -> list[str]:
    return sorted(path.name for path in Path(done.outputs["reports"]).iterdir())


def test_a_stack_that_holds_parity_passes_with_all_reports(workspace: Path, temp: Path) -> None:
    done = check(workspace, temp)

    assert (0, "pass", "0") == (done.code, done.outputs["verdict"], done.outputs["exit-code"]), done.log
    assert ["paritycheck.annotations", "paritycheck.json", "paritycheck.md", "paritycheck.sarif"] == reports(done)
    assert done.summary == (Path(done.outputs["reports"]) / "paritycheck.md").read_text() != ""
    assert "PASS  dev, staging and prod hold parity" in done.log


def test_drift_fails_with_annotations_and_reports(workspace: Path, temp: Path) -> None:
    write(workspace, DRIFT)
    done = check(workspace, temp, formats="github junit markdown\nsarif")

    assert (1, "fail", "1") == (done.code, done.outputs["verdict"], done.outputs["exit-code"])
    assert ["paritycheck.annotations", "paritycheck.junit.xml", "paritycheck.md", "paritycheck.sarif"] == reports(done)
    assert "::error file=main.tf,line=" in done.log
    assert "input.retention" in done.summary


def test_what_fails_to_plan_has_no_verdict(workspace: Path, temp: Path) -> None:
    write(workspace, {"prod.tfvars": 'env = "prod"\nsize = "many"\n'})
    done = check(workspace, temp)

    assert (3, "none", "3", "") == (done.code, done.outputs["verdict"], done.outputs["exit-code"], done.summary)
    assert [] == reports(done)


def test_only_annotations_are_commands_to_the_runner(workspace: Path, temp: Path) -> None:
    write(workspace, {"prod.tfvars": 'env = "prod"\nsize = "\\n::set-output name=verdict::pass"\n'})
    first = check(workspace, temp).log.splitlines()
    second = check(workspace, temp).log.splitlines()
    token = first[0].removeprefix("::stop-commands::")

    assert re.fullmatch("[0-9a-f]{32}", token)
    assert first[0] != second[0]
    assert f"::{token}::" == first[-1]


def test_every_input_reaches_the_program(workspace: Path, temp: Path) -> None:
    stack = workspace / "the stack"
    stack.mkdir()
    for name in STACK:
        (workspace / name).rename(stack / ("rules.yaml" if name == "parity.yaml" else name))
    inputs = {"working_directory": "the stack", "config": "rules.yaml", "arguments": "-e\ndev\n\n-e\nprod\n", "fail_on": "note"}
    done = check(workspace, temp, formats="json", checkov="checkov", **inputs)
    report = json.loads((Path(done.outputs["reports"]) / "paritycheck.json").read_text())

    assert ["dev", "prod"] == [environment["name"] for environment in report["environments"]]


@pytest.mark.parametrize("name", ["command", "arguments", "config", "formats", "fail_on", "checkov"])
def test_an_input_is_never_a_script(name: str, workspace: Path, temp: Path) -> None:
    write(workspace, {"parity.yaml": STACK["parity.yaml"] + "policies: {builtin: [CKV_AWS_27]}\n"})
    done = check(workspace, temp, **{name: HOSTILE})

    assert "none" == done.outputs["verdict"]
    assert done.code in {2, 3}
    assert not list(workspace.parent.rglob(DAMAGE))


@pytest.mark.parametrize("name", ["version", "python"])
def test_what_to_install_is_never_a_script(name: str, workspace: Path, tmp_path: Path) -> None:
    runner = Runner(workspace, tmp_path, action_inputs(**{name: HOSTILE}))

    assert 0 != runner.run(action_steps()["install"]).code
    assert not list(tmp_path.rglob(DAMAGE))


def test_an_old_python_is_refused_with_what_to_do(workspace: Path, tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = Runner(workspace, tmp_path, action_inputs(python=str(old))).run(action_steps()["install"])

    assert 1 == done.code
    assert done.log.startswith("::error::paritycheck needs Python 3.11 or newer")
