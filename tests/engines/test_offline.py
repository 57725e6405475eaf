"""The offline engine with a small provider of the tests' own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.engines.core import BUNDLED
from paritycheck.engines.offline import OfflineEngine
from paritycheck.engines.planning import Planning
from paritycheck.errors import EngineError, SchemaError, shown_path
from paritycheck.plan import Plan
from paritycheck.process import ProcessError
from tests.engines.conftest import BoxProvider, Write, content, environments
from tests.waiting import PATIENCE, alive, number_in, processes_below, until

REQUIRED = """
terraform {
  required_providers {
    example = { source = "example/example" }
  }
}

variable "env" {}
"""

BOX = REQUIRED + 'resource "example_box" "a" {\n  label = var.env\n}\n'


def box_engine(core: str = BUNDLED, on_plan: Callable[[str], None] = lambda _: None) -> OfflineEngine:
    return OfflineEngine(lambda planning: [BoxProvider(planning.shadow.directory, on_plan)], core)


def after(plan: Plan, address: str) -> Any:
    return plan.decode(plan.resources[address].change.after)


def test_resources_are_planned_and_data_sources_read_by_the_embedded_provider(core: str, write: Write) -> None:
    """A relative path is the configuration's, wherever the check was started."""
    directory = write(
        {
            "main.tf": BOX + 'data "example_box" "d" {\n  label = "d"\n  file = "${path.module}/texts/${var.env}.txt"\n}\n',
            "texts/dev.txt": "of dev",
            "texts/prod.txt": "of prod",
        }
    )
    before = content(directory)
    plans = box_engine(core).plan_all(environments(directory, "dev", "prod"))

    assert ["of dev", "of prod"] == [after(plan, "data.example_box.d")["id"] for plan in plans]
    assert [{"label": "dev", "file": None}, {"label": "prod", "file": None}] == [after(plan, "example_box.a") for plan in plans]
    assert before == content(directory)


def test_plans_run_side_by_side_against_one_server(write: Write) -> None:
    """No plan goes on until all three are being made."""
    meeting = threading.Barrier(3, timeout=PATIENCE)
    engine = box_engine(on_plan=lambda _: (meeting.wait(), None)[1])

    assert [1, 1, 1] == [len(plan.resources) for plan in engine.plan_all(environments(write({"main.tf": BOX}), "dev", "staging", "prod"))]


@pytest.mark.parametrize(
    "settings",
    [
        'backend "s3" {\n    bucket = "b"\n    key = "k"\n    region = "r"\n  }',
        'backend "gcs" {}',
        'backend "local" {\n    path = "/nowhere/state"\n  }',
        'cloud {\n    organization = "o"\n    workspaces {\n      tags = ["t"]\n    }\n  }',
    ],
)
def test_a_configured_backend_is_left_alone(core: str, write: Write, settings: str) -> None:
    directory = write({"main.tf": BOX, "terraform.tf": "terraform {\n  " + settings + "\n}\n"})
    before = content(directory)
    plans = box_engine(core).plan_all([replace(each, workspace=each.name) for each in environments(directory, "dev", "prod")])

    assert [1, 1] == [len(plan.resources) for plan in plans]
    assert before == content(directory)


def test_a_provider_without_a_schema_is_named(write: Write) -> None:
    directory = write({"main.tf": BOX + 'resource "other_thing" "a" {}\ndata "third_thing" "b" {}\n'})
    with pytest.raises(SchemaError, match="no schema for the providers hashicorp/other, hashicorp/third") as caught:
        box_engine().plan_all(environments(directory, "dev"))

    assert "paritycheck schema import FILE" in (caught.value.hint or "")


def test_all_types_without_a_schema_are_named(write: Write) -> None:
    directory = write(
        {
            "main.tf": BOX + 'resource "example_bax" "a" {}\ndata "example_bux" "b" {}\nmodule "m" {\n  source = "./m"\n}\n',
            "more.tf": 'resource "terraform_data" "c" {}',
            "m/main.tf": 'resource "example_bex" "a" {}\n' + REQUIRED.replace('variable "env" {}', ""),
        }
    )
    expected = "no schema for resource type example_bax, resource type example_bex, data source example_bux"
    with pytest.raises(SchemaError, match=expected) as caught:
        box_engine().plan_all(environments(directory, "dev"))

    assert f"{shown_path(directory / 'main.tf')}:12:1" == str(caught.value.location)
    assert f"{shown_path(directory / 'm/main.tf')}:1:1: example_bex.a" in (caught.value.details or "")


def test_ephemeral_resources_are_refused_with_their_places(write: Write) -> None:
    directory = write({"main.tf": BOX + 'ephemeral "example_token" "t" {}\n'})
    with pytest.raises(SchemaError, match="knows no ephemeral resources") as caught:
        box_engine().plan_all(environments(directory, "dev"))

    assert f"{shown_path(directory / 'main.tf')}:12:1: ephemeral.example_token.t" == caught.value.details
    assert "engine: terraform" in (caught.value.hint or "")


REMOTE = (
    BOX
    + 'module "vpc" {\n  source = "example/vpc/aws"\n  version = "1.0.0"\n}\nmodule "git" {\n  source = "git::https://example.com/x.git"\n}\n'
)


def test_modules_that_are_not_installed_are_named_with_their_places(write: Write) -> None:
    directory = write({"main.tf": REMOTE})
    with pytest.raises(EngineError, match=re.escape("vpc (example/vpc/aws), git (git::https://example.com/x.git)")) as caught:
        box_engine().plan_all(environments(directory, "dev", "prod"))

    assert "`terraform get`" in (caught.value.hint or "")
    assert f"{shown_path(directory / 'main.tf')}:12:1: module vpc" in (caught.value.details or "")


MANIFEST = """{"Modules": [
  {"Key": "", "Source": "", "Dir": "."},
  {"Key": "vpc", "Source": "registry.terraform.io/example/vpc/aws", "Version": "1.0.0", "Dir": ".terraform/modules/vpc"},
  {"Key": "git", "Source": "git::https://example.com/x.git", "Dir": ".terraform/modules/git"}
]}"""

INSTALLED = {
    "main.tf": REMOTE,
    ".terraform/modules/modules.json": MANIFEST,
    ".terraform/modules/vpc/main.tf": 'resource "terraform_data" "where" { input = path.module }',
    ".terraform/modules/git/main.tf": REQUIRED.replace('variable "env" {}', "") + 'resource "example_box" "b" { label = "of git" }',
}


def test_modules_that_the_user_installed_are_used(core: str, write: Write) -> None:
    directory = write(INSTALLED)
    before = content(directory)
    plans = box_engine(core).plan_all(environments(directory, "dev", "prod"))

    assert [".terraform/modules/vpc"] * 2 == [after(plan, "module.vpc.terraform_data.where")["input"] for plan in plans]
    assert ["of git"] * 2 == [after(plan, "module.git.example_box.b")["label"] for plan in plans]
    assert before == content(directory)


def test_nothing_is_downloaded(core: str, write: Write) -> None:
    """Where one of several modules is not installed, Terraform tries to get it, in vain."""
    directory = write({**INSTALLED, ".terraform/modules/modules.json": MANIFEST.replace('"git"', '"other"')})
    with pytest.raises(EngineError, match="Failed to download module") as caught:
        box_engine(core).plan_all(environments(directory, "dev"))

    assert "`terraform get`" in (caught.value.hint or "")


def test_a_type_that_only_the_state_has_is_planned(core: str, write: Write) -> None:
    state = """{"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "x", "outputs": {}, "resources": [
      {"mode": "managed", "type": "example_box", "name": "old", "provider": "provider[\\"registry.terraform.io/example/example\\"]",
       "instances": [{"schema_version": 0, "attributes": {"id": "1", "label": "old", "file": null}}]}]}"""
    directory = write({"main.tf": REQUIRED, "old.tfstate": state})
    [plan] = box_engine(core).plan_all(environments(directory, "dev", state=directory / "old.tfstate"))

    assert {"example_box.old": "delete"} == {address: resource.change.action for address, resource in plan.resources.items()}


def test_a_killed_terraform_is_an_error_and_leaves_nothing(core: str, write: Write) -> None:
    """The provider kills the Terraform that asks it for a plan."""
    plannings: list[Planning] = []

    def providers(planning: Planning) -> list[BoxProvider]:
        plannings.append(planning)
        return [BoxProvider(planning.shadow.directory, lambda _: kill_all(processes_below(plannings[0].shadow.directory)))]

    directory = write({"main.tf": BOX})
    before = content(directory)
    with pytest.raises(ProcessError, match="terraform plan was killed by SIGKILL") as caught:
        OfflineEngine(providers, core).plan_all(environments(directory, "dev"))

    assert "memory" in (caught.value.hint or "")
    assert before == content(directory)


def kill_all(process_ids: Iterable[int]) -> None:
    for process_id in process_ids:
        os.kill(process_id, signal.SIGKILL)


PROGRAM = """
import sys, tempfile, time
from pathlib import Path
from paritycheck.engines.offline import OfflineEngine
from tests.engines.conftest import BoxProvider, environments

directory, signs, tempfile.tempdir = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def block(label):
    (signs / label).write_text("1")
    while not (signs / "over").exists():
        time.sleep(0.02)

engine = OfflineEngine(lambda planning: [BoxProvider(planning.shadow.directory, block)], sys.argv[4])
engine.plan_all(environments(directory, "dev", "prod"))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_while_planning_leaves_neither_files_nor_processes(
    core: str, write: Write, tmp_path: Path, temporary: Path, number: int
) -> None:
    """Both plans are blocked in the provider when the signal comes."""
    directory = write({"main.tf": BOX})
    before = content(directory)
    signs = tmp_path / "signs"
    signs.mkdir()
    arguments = [str(directory), str(signs), str(temporary), core]
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], stderr=subprocess.PIPE, start_new_session=True)
    try:
        for name in ("dev", "prod"):
            number_in(signs / name)
        children = processes_below(temporary)
        os.killpg(program.pid, number)
        until(lambda: not any(map(alive, children)))
    finally:
        (signs / "over").touch()
        program.communicate(timeout=PATIENCE)

    assert len(children) == 2
    until(lambda: not list(temporary.iterdir()))
    assert before == content(directory)
