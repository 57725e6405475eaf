"""The layouts that stacks have."""

from __future__ import annotations

from pathlib import Path

import pytest

from paritycheck.discovery import Layout
from tests.discovery.build import PLAIN, environments, survey, touch

WORKSPACES = """\
locals {
  settings = merge(local.common, lookup({ prod = { size = 2 }, dev = { size = 1 }, default = {} }, terraform.workspace))
}
"""

VALIDATED = """\
variable "stage" {
  type = string

  validation {
    condition     = contains(["dev", "canary", "prod"], var.stage)
    error_message = "?"
  }
}
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["dev.tfvars", "prod.tfvars"], {"dev": ["dev.tfvars"], "prod": ["prod.tfvars"]}),
        (["tfvars/prod.tfvars", "tfvars/dev.tfvars"], {"dev": ["tfvars/dev.tfvars"], "prod": ["tfvars/prod.tfvars"]}),
        (["env/dev.tfvars.json", "env/prod.tfvars.json"], {"dev": ["env/dev.tfvars.json"], "prod": ["env/prod.tfvars.json"]}),
        (
            ["environments/prod/terraform.tfvars", "environments/stg/terraform.tfvars"],
            {"stg": ["environments/stg/terraform.tfvars"], "prod": ["environments/prod/terraform.tfvars"]},
        ),
        (
            ["config/dev/a.tfvars", "config/dev/b.tfvars", "config/prod/a.tfvars", "config/common.tfvars"],
            {
                "dev": ["config/common.tfvars", "config/dev/a.tfvars", "config/dev/b.tfvars"],
                "prod": ["config/common.tfvars", "config/prod/a.tfvars"],
            },
        ),
        (["vars.dev.tfvars", "vars.prod.tfvars", "terraform.tfvars"], {"dev": ["vars.dev.tfvars"], "prod": ["vars.prod.tfvars"]}),
        (
            ["envs/canary.tfvars", "envs/dev.tfvars", "envs/prod.tfvars"],
            {"canary": ["envs/canary.tfvars"], "dev": ["envs/dev.tfvars"], "prod": ["envs/prod.tfvars"]},
        ),
        (["envs/blue.tfvars", "envs/green.tfvars"], {"blue": ["envs/blue.tfvars"], "green": ["envs/green.tfvars"]}),
    ],
)
def test_variables_files_for_each_environment(files: list[str], expected: dict[str, list[str]], tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", *files)

    assert expected == environments(tmp_path)
    assert list(expected) == list(environments(tmp_path))


def test_files_beside_the_configuration_count_where_there_is_only_one(tmp_path: Path) -> None:
    touch(tmp_path, "terraform/main.tf", "vars/dev.tfvars", "vars/prod.tfvars")

    assert {"dev": ["terraform", "vars/dev.tfvars"], "prod": ["terraform", "vars/prod.tfvars"]} == environments(tmp_path)
    assert [tmp_path / "terraform"] == [stack.home for stack in survey(tmp_path).stacks]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["envs/dev/main.tf", "envs/prod/main.tf", "modules/x/main.tf"], {"dev": ["envs/dev"], "prod": ["envs/prod"]}),
        (["prod/main.tf", "stage/main.tf", "global/main.tf"], {"stage": ["stage"], "prod": ["prod"]}),
        (["live/dev/eu/main.tf", "live/prod/eu/main.tf"], {"dev": ["live/dev/eu"], "prod": ["live/prod/eu"]}),
        (["shop-dev/main.tf", "shop-prod/main.tf"], {"dev": ["shop-dev"], "prod": ["shop-prod"]}),
        (
            ["envs/dev/main.tf", "envs/dev/sizes.tfvars", "envs/dev/terraform.tfvars", "envs/prod/main.tf", "envs/prod/x.auto.tfvars"],
            {"dev": ["envs/dev", "envs/dev/sizes.tfvars"], "prod": ["envs/prod"]},
        ),
    ],
)
def test_a_directory_for_each_environment(files: list[str], expected: dict[str, list[str]], tmp_path: Path) -> None:
    touch(tmp_path, *files)

    assert expected == environments(tmp_path)


def test_a_module_that_others_call_is_no_stack(tmp_path: Path) -> None:
    touch(tmp_path, "envs/dev/main.tf", "envs/prod/main.tf", text='module "x" {\n  source = "../../service"\n}\n')
    touch(tmp_path, "service/main.tf", text='variable "environment" {}\nlocals { sizes = { dev = 1, prod = 2 } }\n')
    found = survey(tmp_path)

    assert [Layout.DIRECTORIES] == [stack.layout for stack in found.stacks]
    assert () == found.plain


def test_each_component_of_an_environment_is_a_stack(tmp_path: Path) -> None:
    touch(tmp_path, "live/dev/app/main.tf", "live/dev/network/main.tf", "live/prod/app/main.tf", "live/prod/network/main.tf")
    touch(tmp_path, "live/prod/audit/main.tf", "bootstrap/main.tf")
    found = survey(tmp_path)

    assert [["app", "app"], ["network", "network"]] == [[each.dir.name for each in stack.environments] for stack in found.stacks]
    assert [tmp_path / "live/prod/audit"] == [each.dir for stack in found.single for each in stack.environments]
    assert (tmp_path / "bootstrap",) == found.plain


def test_workspaces_are_known_by_what_the_configuration_chooses_by(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", text=WORKSPACES)
    touch(tmp_path, "more.tf", text=f'{PLAIN}locals {{ big = terraform.workspace == "staging" }}\n')
    touch(tmp_path, "terraform.tfstate.d/alice/terraform.tfstate")
    [stack] = survey(tmp_path).stacks

    assert Layout.WORKSPACES is stack.layout
    assert ["alice", "dev", "staging", "prod"] == [each.workspace for each in stack.environments]
    assert ["alice", "dev", "staging", "prod"] == [each.name for each in stack.environments]


def test_files_and_workspaces_go_together(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", text=WORKSPACES)
    touch(tmp_path, "dev.tfvars", "prod.tfvars")
    [stack] = survey(tmp_path).stacks

    assert [("dev", "dev.tfvars"), ("prod", "prod.tfvars")] == [(each.workspace, each.var_files[0].name) for each in stack.environments]


def test_a_variable_can_be_all_that_is_chosen_by(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", text=VALIDATED)
    [stack] = survey(tmp_path).stacks

    assert Layout.VARIABLE is stack.layout
    assert [{"stage": "canary"}, {"stage": "dev"}, {"stage": "prod"}] == [each.variables for each in stack.environments]


@pytest.mark.parametrize(
    "files",
    [
        ["backend-dev.hcl", "backend-prod.hcl"],
        ["backends/dev.tfvars", "backends/prod.tfvars"],
        ["backend/dev.s3.tfbackend", "backend/prod.s3.tfbackend"],
        ["envs/dev/backend.hcl", "envs/prod/backend.hcl"],
    ],
)
def test_settings_of_backends_belong_to_their_environments(files: list[str], tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "envs/dev/a.tfvars", "envs/prod/a.tfvars", *files)
    [stack] = survey(tmp_path).stacks

    assert files == [str(each.backend and each.backend.relative_to(tmp_path)) for each in stack.environments]
    assert {"dev": ["envs/dev/a.tfvars"], "prod": ["envs/prod/a.tfvars"]} == environments(tmp_path)


def test_a_file_of_which_nobody_can_tell_what_it_is_for_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "dev.tfvars", "prod.tfvars", "network.tfvars")

    assert [(tmp_path / "network.tfvars",)] == [stack.unused for stack in survey(tmp_path).stacks]


def test_a_name_that_can_be_no_environments_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "tfvars/dev.tfvars", "tfvars/prod.tfvars", "tfvars/[red]x\ny.tfvars")

    assert [(tmp_path / "tfvars" / "[red]x\ny.tfvars",)] == [stack.unused for stack in survey(tmp_path).stacks]


def test_configuration_that_cannot_be_read_keeps_no_other_from_being_found(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "dev.tfvars", "prod.tfvars", "broken/main.tf")
    (tmp_path / "broken" / "main.tf").write_bytes(b"\xff")
    found = survey(tmp_path)

    assert 1 == len(found.stacks)
    assert 1 == len(found.unreadable)
    assert "broken/main.tf is not UTF-8" in found.unreadable[0]


def test_one_environment_is_no_stack_to_compare(tmp_path: Path) -> None:
    touch(tmp_path, "main.tf", "prod.tfvars")
    found = survey(tmp_path)

    assert ((), ["prod"]) == (found.stacks, [each.name for stack in found.single for each in stack.environments])
