"""Variables that nobody declares, and files that are not there, are told before anybody plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.errors import ConfigError, Location
from paritycheck.source import Sources, check_variables

Write = Callable[..., Path]
Load = Callable[..., Sources]


def test_an_undeclared_variable_is_refused_with_its_line(write: Write, load: Load) -> None:
    """The probable meaning is named, and the other mistakes follow."""
    write(main='variable "shard_count" {}\n', **{"dev.tfvars": "# c\nshard_cuont = 1\nzzz = 2\n"})

    with pytest.raises(ConfigError) as caught:
        check_variables([load("dev", "dev.tfvars", variables={"yyy": 1})])

    assert "dev sets the variable shard_cuont, which the configuration does not declare" == caught.value.message
    assert "Did you mean shard_count?" == caught.value.hint
    assert Location("dev.tfvars", 2, 1) == caught.value.location
    assert "dev.tfvars:3:1: zzz\nparity.yaml: yyy" == caught.value.details


def test_many_undeclared_variables_are_counted(write: Write, load: Load) -> None:
    write(main="", **{"dev.tfvars": "".join(f"v{n} = 1\n" for n in range(9))})

    with pytest.raises(ConfigError) as caught:
        check_variables([load("dev", "dev.tfvars")])

    assert 'Declare variable "v0", or remove the line.' == caught.value.hint
    assert "and 3 more" == str(caught.value.details).splitlines()[-1]


def test_json_files_are_checked_too(write: Write, load: Load) -> None:
    write(main='variable "a" {}\n', **{"dev.tfvars.json": '{\n  "a": 1,\n  "b": {"c": 2}\n}\n'})

    assert [("b", Location("dev.tfvars.json", 3, 3))] == [(each.name, each.location) for each in load("dev", "dev.tfvars.json").undeclared]


def test_what_terraform_loads_by_itself_may_hold_more(write: Write, load: Load) -> None:
    """Terraform ignores what a shared automatic file sets for other configurations."""
    write(main='variable "a" {}\n', **{"terraform.tfvars": "other = 1\n", "x.auto.tfvars": "more = 1\n", "dev.tfvars": "a = 1\n"})

    check_variables([load("dev", "dev.tfvars", env={"TF_VAR_a": "1", "TF_LOG": "off"})])


def test_what_the_shell_sets_is_weaker_than_all_else_and_may_be_more(write: Write, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    write(main='variable "a" {\n  default = 1\n}\nvariable "b" {}\n', **{"dev.tfvars": "b = 2\n"})
    for name in ("a", "b", "other"):
        monkeypatch.setenv(f"TF_VAR_{name}", "shell")
    sources = load("dev", "dev.tfvars")
    check_variables([sources])

    assert [(None, '"shell"'), (Location("dev.tfvars", 1, 1), "2")] == [sources.assigned(name) for name in ("a", "b")]
    assert '"own"' == load("dev", "dev.tfvars", env={"TF_VAR_a": "own"}).assigned("a")[1]


def test_what_the_shell_sets_is_none_of_a_plan_that_was_made_elsewhere(write: Write, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    write(main='variable "a" {\n  default = 1\n}\n')
    monkeypatch.setenv("TF_VAR_a", "shell")

    assert "1" == load("dev", plan=Path("dev.json")).assigned("a")[1]


def test_a_missing_file_is_an_error(write: Write, load: Load) -> None:
    write(main="")

    with pytest.raises(ConfigError, match=r"the variables file dev\.tfvars does not exist"):
        load("dev", "dev.tfvars")
