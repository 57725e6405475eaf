"""`paritycheck matrix` names the jobs of a pipeline."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.commands.matrix import _ids
from tests.commands.invoke import Outcome, paritycheck
from tests.commands.stack import STACK, write

NAMES = ["dev", "staging", "prod"]


def stack(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return write(directory, STACK)


def jobs(done: Outcome) -> list[dict[str, Any]]:
    assert (0, "") == (done.code, done.err)
    include: list[dict[str, Any]] = json.loads(done.out)["include"]
    return include


def test_there_is_a_job_for_each_environment_in_their_order(tmp_path: Path) -> None:
    stack(tmp_path)
    expected = [{"id": "root", "stack": ".", "config": "parity.yaml", "environment": name} for name in NAMES]

    assert expected == jobs(paritycheck("matrix", cwd=tmp_path))


def test_every_stack_below_is_found_but_not_what_tools_keep(tmp_path: Path) -> None:
    for place in ("b/two", "a", "node_modules/x", ".terraform/modules/x", ".hidden", "env/lib"):
        stack(tmp_path / place)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "c" / "parity.yaml").mkdir(parents=True)
    os.mkfifo(tmp_path / "b" / "parity.yaml")
    expected = [
        {"id": "a", "stack": "a", "config": "a/parity.yaml", "environments": NAMES},
        {"id": "b-two", "stack": "b/two", "config": "b/two/parity.yaml", "environments": NAMES},
    ]

    assert expected == jobs(paritycheck("matrix", "--stacks", cwd=tmp_path))


def test_named_stacks_alone_are_taken_once_each_wherever_they_are(tmp_path: Path) -> None:
    for place in ("one", "two", "three", "here"):
        stack(tmp_path / place)
    done = paritycheck("matrix", "--stacks", "../two/parity.yaml", "../one", "../one/../two/parity.yaml", cwd=tmp_path / "here")

    assert ["../two", "../one"] == [job["stack"] for job in jobs(done)]


def test_a_directory_with_a_hostile_name_is_data_in_one_line_of_ascii(tmp_path: Path) -> None:
    hostile = '-"; touch pwned; $(touch pwned)\n::set-output name=x::\u202e${{ github.token }}'
    stack(tmp_path / hostile)
    done = paritycheck("matrix", "--stacks", cwd=tmp_path)
    (job,) = jobs(done)

    assert f"./{hostile}" == job["stack"]
    assert "touch-pwned-touch-pwned-set-output-name-x-github-token" == job["id"]
    assert done.out.isascii()
    assert 1 == done.out.count("\n")
    assert 0 == paritycheck("plan", "--config", job["config"], "--output", "plans", "-e", "dev", cwd=tmp_path).code


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    stack(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")))
    done = paritycheck("matrix", cwd=tmp_path)

    assert (2, "") == (done.code, done.out)
    assert "is not UTF-8" in done.err


@pytest.mark.parametrize("arguments", [(), (".",), ("none",), ("parity.yaml",)])
def test_a_matrix_without_a_stack_is_an_error(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = paritycheck("matrix", *arguments, cwd=tmp_path)

    assert (2, "") == (done.code, done.out)


def test_a_stack_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    stack(tmp_path / "good")
    (stack(tmp_path / "bad") / "parity.yaml").write_text("version: 1\nenvironments: {dev: {}}\n")
    done = paritycheck("matrix", cwd=tmp_path)

    assert (2, "") == (done.code, done.out)
    assert "bad/parity.yaml" in done.err


@given(st.lists(st.text(alphabet="aA1/.-_ é", max_size=100), max_size=8))
def test_every_stack_has_an_id_of_its_own_that_fits_an_artifact(places: list[str]) -> None:
    ids = list(_ids(places))

    assert len(places) == len({name.casefold() for name in ids})
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") and name for name in ids)
