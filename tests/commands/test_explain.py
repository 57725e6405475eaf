"""`paritycheck explain`: a value in every environment, and where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import DRIFT, MAIN, STACK, write
from tests.conftest import Snapshot

KEYED = """
variable "secret" {
  type      = string
  sensitive = true
}

resource "terraform_data" "each" {
  for_each = toset(["a", "${var.env}-b"])
  input    = { secret = var.secret, list = [{ size = var.size }], from = terraform_data.queue.id }
}
"""

MORE = {**DRIFT, "main.tf": MAIN + KEYED} | {
    f"{name}.tfvars": DRIFT[f"{name}.tfvars"] + f'secret = "hunter2-{name}"\n' for name in ("dev", "staging", "prod")
}


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("finding", "terraform_data.archive.input.retention"),
        ("allowed", "terraform_data.queue.input.size"),
        ("equal", "terraform_data.queue.input.name"),
        ("resource", "terraform_data.queue"),
        ("variable", "var.retention"),
        ("local", "local.name"),
        ("output", "output.name"),
        ("instance", 'terraform_data.each["prod-b"].input.list[0].size'),
        ("normalized", 'terraform_data.each["{env}-b"].input.list.size'),
    ],
)
def test_explains(name: str, subject: str, tmp_path: Path, snapshot: Snapshot) -> None:
    done = paritycheck("explain", subject, cwd=write(tmp_path, MORE))

    assert (0, "") == (done.code, done.err)
    snapshot(f"explain-{name}.txt", done.out)


@pytest.mark.parametrize("subject", ['terraform_data.each["a"].input.secret', 'terraform_data.each["a"]', "var.secret"])
def test_a_secret_is_never_shown(subject: str, tmp_path: Path) -> None:
    done = paritycheck("explain", subject, "--verbose", cwd=write(tmp_path, MORE))

    assert 0 == done.code
    assert subject.endswith("]") or "(sensitive)" in done.out
    assert "hunter2" not in done.out + done.err


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("terraform_data.quue", "no environment has 'terraform_data.quue'"),
        ("terraform_data.quue", "details:\n  terraform_data.queue"),
        ("terraform_data.queue.inptu", "terraform_data.queue plans no 'inptu'\nhint: It plans input."),
        ("terraform_data.queue.input.nothing", "terraform_data.queue plans no 'input.nothing'"),
        ("terraform_data.queues", "no environment has"),
        ("[red]\x1b[31m", "no environment has '[red]\\x1b[31m'"),
        ("", "no environment has ''"),
        ("var.nothing", "no environment has 'var.nothing'"),
    ],
)
def test_what_is_not_there_is_said_so(subject: str, message: str, tmp_path: Path) -> None:
    done = paritycheck("explain", subject, cwd=write(tmp_path, STACK))

    assert (2, "") == (done.code, done.out)
    assert message in done.err


def test_an_output_that_differs_shows_its_values(tmp_path: Path) -> None:
    main = f'{MAIN}\noutput "size" {{\n  value = var.size\n}}\n'
    done = paritycheck("explain", "output.size", cwd=write(tmp_path, {**STACK, "main.tf": main}))

    assert 0 == done.code
    assert ["dev      1", "staging  2", "prod     4"] == [line.strip() for line in done.out.split("\n")[3:6]]


def test_of_a_block_its_instances_are_named(tmp_path: Path) -> None:
    done = paritycheck("explain", "terraform_data.each", cwd=write(tmp_path, MORE))

    assert (2, "") == (done.code, done.out)
    assert "terraform_data.each has instances" in done.err
    assert '  terraform_data.each["a"]\n' in done.err


def test_one_environment_is_explained_alone(tmp_path: Path) -> None:
    done = paritycheck("explain", "terraform_data.queue.input.size", "-e", "prod", cwd=write(tmp_path, STACK))

    assert 0 == done.code
    assert "prod  4" in done.out
    assert "staging" not in done.out


def test_what_some_environments_lack_is_compared_among_the_others(tmp_path: Path) -> None:
    extra = 'resource "terraform_data" "extra" {\n  count = var.env == "dev" ? 0 : 1\n  input = { size = 1 }\n}\n'
    done = paritycheck("explain", "terraform_data.extra[0]", cwd=write(tmp_path, {**STACK, "main.tf": f"{MAIN}\n{extra}"}))

    assert (0, "") == (done.code, done.err)
    assert "missing in dev." in done.out
    assert "the same in every environment that has it." in done.out
