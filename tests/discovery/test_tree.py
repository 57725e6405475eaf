"""A walk through whatever a directory holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from paritycheck.discovery import tree as module
from paritycheck.discovery import walk
from paritycheck.errors import ConfigError
from tests.discovery.build import touch


def test_other_peoples_directories_are_passed_over(tmp_path: Path) -> None:
    foreign = (".git", ".terraform/modules/x", "node_modules/y", "modules/z", "examples/simple", "a/venv")
    touch(tmp_path, "main.tf", "a/venv/pyvenv.cfg", *(f"{name}/main.tf" for name in foreign), *(f"{name}/dev.tfvars" for name in foreign))
    tree = walk(tmp_path)

    assert ([tmp_path], [], True) == (tree.configurations, tree.variables, tree.whole)


def test_links_lead_nowhere(tmp_path: Path) -> None:
    touch(tmp_path, "envs/dev/main.tf")
    (tmp_path / "envs" / "dev" / "again").symlink_to(tmp_path)
    (tmp_path / "loop.tfvars").symlink_to(tmp_path / "loop.tfvars")
    tree = walk(tmp_path)

    assert ([tmp_path / "envs" / "dev"], []) == (tree.configurations, tree.variables)


def test_a_walk_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 20)
    touch(tmp_path, "main.tf", *(f"d{number}/f{number}.txt" for number in range(30)), "z/prod/main.tf")
    tree = walk(tmp_path)

    assert ([tmp_path], False) == (tree.configurations, tree.whole)


def test_a_walk_goes_no_deeper_than_anybody_would(tmp_path: Path) -> None:
    touch(tmp_path, "/".join(["d"] * 30) + "/main.tf")
    tree = walk(tmp_path)

    assert ([], False) == (tree.configurations, tree.whole)


def test_names_that_yaml_cannot_hold_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "dev.tfvars")
    (tmp_path / os.fsdecode(b"pr\xffod.tfvars")).touch()

    assert [tmp_path / "dev.tfvars"] == walk(tmp_path).variables


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf")
    with pytest.raises(ConfigError, match=r"main\.tf is no directory"):
        walk(tmp_path / "main.tf")
