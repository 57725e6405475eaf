"""What a run came from is named, and where it cannot be, that is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.cache import NotKept
from paritycheck.cache.gather import gather
from paritycheck.cache.inputs import Input, Program, Source
from paritycheck.config import Config, load_config
from paritycheck.plan import Plan, read_plan
from paritycheck.source import load_all
from tests.commands.stack import STACK, write


@pytest.fixture(autouse=True)
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a program that looks like a Terraform, and nothing else, on the path."""
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    directory = tmp_path / "stack"
    directory.mkdir()
    monkeypatch.chdir(write(directory, STACK))
    return load_config(directory / "parity.yaml")


def sources_of(config: Config, *plans: Plan, checkov: Path | None = None) -> set[Source]:
    return set(gather(config, load_all(config.environments), plans, checkov))


def plan_of(resource: Mapping[str, Any]) -> Plan:
    """Return a plan that has read one data source."""
    known = {"mode": "data", "name": "x", "provider_name": "p", "values": {}, "address": "data.x.x"} | resource
    state = {"format_version": "1.0", "values": {"root_module": {"resources": [known]}}}
    document = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [], "prior_state": state}
    return read_plan(json.dumps(document).encode(), environment="dev", engine="offline", origin="dev")


def test_names_what_parity_yaml_names(config: Config) -> None:
    here = config.path.parent
    schema, baseline, state = (here / name for name in ("aws.catalog", "known.json", "dev.tfstate"))
    dev = replace(config.environments[0], state=state)
    found = sources_of(replace(config, schemas=(schema,), baseline=baseline, environments=(dev, *config.environments[1:])))
    named = [config.path, schema, baseline, state, *(file for each in config.environments for file in each.var_files)]

    assert {Input(str(path)) for path in named} <= found
    assert {Program("terraform"), Program("tofu")} <= found


@pytest.mark.parametrize(("kind", "engine"), [("plan", "files"), ("plan", "offline"), ("plan", "terraform"), ("state", "files")])
def test_of_ready_plans_only_the_files_count(kind: str, engine: str, config: Config) -> None:
    (config.path.parent / "more.tf").write_text('output "x" {\n  value = file(uuid())\n}\n')
    files = [config.path.parent / f"{each.name}.json" for each in config.environments]
    ready = tuple(replace(each, **{kind: file}) for each, file in zip(config.environments, files, strict=True))  # type: ignore[arg-type]
    found = sources_of(replace(config, engine=engine, environments=ready))

    assert {Input(str(file)) for file in files} <= found
    assert not [each for each in found if isinstance(each, Program)]


def test_a_configuration_that_would_be_found_first_counts(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    below = config.path.parent / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    found = sources_of(config)

    assert {Input(str(directory / "parity.yaml")) for directory in (below, below.parent, config.path.parent)} <= found


def test_where_there_is_no_configuration_one_anywhere_above_counts(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    below = config.path.parent / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    found = set(gather(Config(below, "files", ()), (), (), None))

    assert {Input(str(directory / "parity.yaml")) for directory in (below, *below.parents)} <= found


def test_reads_of_the_plan_count(config: Config) -> None:
    here = str(config.path.parent)
    archive = plan_of({"type": "archive_file", "values": {"source_dir": "./code", "source_file": None}})
    file = plan_of({"type": "local_file", "values": {"filename": "/etc/hosts"}})

    assert {Input(f"{here}/code", deep=True), Input("/etc/hosts")} <= sources_of(config, archive, file)


def test_the_code_of_functions_counts_from_the_first_placeholder_on(config: Config) -> None:
    text = STACK["parity.yaml"] + "least_privilege: {functions: [{resources: ['*'], sources: ['src/{key}/app', 'shared']}]}\n"
    config.path.write_text(text)
    (config.path.parent / "shared").mkdir()
    here = str(config.path.parent)
    expected = {Input(f"{here}/{name}", endings=(".py",), deep=True, skipped=("__pycache__",)) for name in ("src", "shared")}

    assert expected <= sources_of(load_config(config.path))


def test_the_version_of_checkov_counts(config: Config, tmp_path: Path) -> None:
    installed = tmp_path / "checkov" / "lib" / "python3.11" / "site-packages"
    installed.mkdir(parents=True)
    config.path.write_text(STACK["parity.yaml"] + "policies: checks\n")
    (config.path.parent / "checks").mkdir()
    found = sources_of(load_config(config.path), checkov=tmp_path / "checkov" / "bin" / "python")

    assert Input(str(installed), endings=(".dist-info",), contents=False) in found
    assert Input(str(config.path.parent / "checks"), deep=True, skipped=("__pycache__",)) in found
    assert Input(str(config.path.parent / ".checkov" / "pyvenv.cfg")) in found

    with pytest.raises(NotKept, match=r"the version of checkov in .* cannot be told"):
        sources_of(load_config(config.path), checkov=tmp_path / "nothing" / "bin" / "python")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("more.tofu", "", "files for OpenTofu alone"),
        ("more.tf", 'module "x" {\n  source = "a/b/c"\n}\n', "more.tf:1:1: module x is not a directory of this repository"),
        ("more.tf", 'output "x" {\n  value = templatefile("dev.tfvars", {})\n}\n', ""),
    ],
)
def test_says_what_cannot_be_told(name: str, content: str, why: str, config: Config) -> None:
    (config.path.parent / name).write_text(content)
    if not why:
        (config.path.parent / "dev.tfvars").write_text('env = "${file("x")}"\n')
        why = "dev.tfvars: a template that reads files itself"

    with pytest.raises(NotKept, match=why):
        sources_of(config)


def test_real_providers_may_answer_otherwise_the_next_time(config: Config) -> None:
    with pytest.raises(NotKept, match="real providers were asked"):
        sources_of(replace(config, engine="terraform"))


@pytest.mark.parametrize("content", [b"#!/bin/sh\nexec tfenv\n", None])
def test_what_stands_for_a_terraform_is_none(content: bytes | None, config: Config, core: Path) -> None:
    core.unlink()
    if content is None:
        (core.parent / "mise").write_bytes(b"\x7fELF")
        (core.parent / "mise").chmod(0o755)
        core.symlink_to("mise")
    else:
        core.write_bytes(content)
        core.chmod(0o755)

    with pytest.raises(NotKept, match="only stands for a Terraform"):
        sources_of(config)


def test_a_secret_path_is_not_written_down(config: Config) -> None:
    plan = plan_of({"type": "local_file", "values": {"filename": "hunter2"}, "sensitive_values": {"filename": True}})

    with pytest.raises(NotKept, match="reads a file whose path is a secret"):
        sources_of(config, plan)


def test_what_expires_by_the_hour_is_not_kept(config: Config) -> None:
    dev = replace(config.environments[0], state=config.path)
    plan = plan_of({"mode": "managed", "type": "time_rotating", "address": "time_rotating.x"})
    plan = replace(plan, resources={"x": next(iter(plan_of({"type": "time_rotating"}).resources.values()))})

    with pytest.raises(NotKept, match="expire by the hour"):
        sources_of(replace(config, environments=(dev, *config.environments[1:])), plan)
