"""`paritycheck init`: from a stack that is there to its `parity.yaml`, whose proposals count as soon as they have reasons."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import MAIN, STACK, write

STACKS = Path(__file__).parents[1] / "assets" / "stacks"

BARE = {name: text for name, text in STACK.items() if name != "parity.yaml"}
"""A stack that nobody has described yet."""


def report(directory: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(paritycheck("run", "--format", "json", cwd=directory).out)
    return document


def give_reasons(directory: Path) -> None:
    file = directory / "parity.yaml"
    file.write_text(re.sub(r"(?m)^(    reason:).*$", r"\1 It is meant.", file.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "names", "proposals", "left"),
    [
        ("files", ["dev", "staging", "prod"], 7, set()),
        ("folders", ["staging", "production"], 8, set()),
        ("workspaces", ["dev", "qa", "prod"], 5, {"environment-dependent-count"}),
    ],
)
def test_what_is_proposed_passes_once_it_has_reasons(name: str, names: list[str], proposals: int, left: set[str], tmp_path: Path) -> None:
    stack = Path(shutil.copytree(STACKS / name, tmp_path / name))
    done = paritycheck("init", cwd=stack)
    proposed = report(stack)
    give_reasons(stack)
    reasoned = report(stack)

    assert 0 == done.code
    assert "Traceback" not in done.err
    assert names == [each["name"] for each in proposed["environments"]]
    differences = [finding for finding in proposed["findings"] if finding["severity"] == "error"]
    unexplained = [finding for finding in proposed["findings"] if finding["rule"] == "unexplained-allowance"]
    assert differences
    assert all("would permit it, once it has a reason" in finding["message"] for finding in differences)
    assert proposals == len(unexplained)
    assert ("pass", left) == (reasoned["verdict"], {finding["rule"] for finding in reasoned["findings"]})
    assert len(differences) == len(reasoned["allowed"])


def test_the_file_says_what_differs_and_where_that_is_written(tmp_path: Path) -> None:
    stack = Path(shutil.copytree(STACKS / "files", tmp_path / "files"))
    done = paritycheck("init", cwd=stack)
    text = (stack / "parity.yaml").read_text()

    assert "  prod: {var_files: [tfvars/common.tfvars, tfvars/prod.tfvars], backend_config: [backend-prod.hcl]}\n" in text
    assert "\nnormalize: {variable: environment}\n" in text
    assert "\n#     account: {dev: " in text
    assert "\n#       sources: [src]\n" in text
    assert (
        """
  # aws_lambda_function.resize.memory_size
  #   dev: 512, staging: 1024, prod: 2048
  # written in functions.tf:58, variables.tf:24, tfvars/staging.tfvars:5, tfvars/prod.tfvars:5
  - id: image-memory
    resources: [aws_lambda_function.resize]
    attributes: [memory_size]
    order: ascending
    reason:  # why these environments may differ here
"""
        in text
    )
    assert "  var.environment holds the environment's name\n" in done.out
    assert "9 differences today: 7 allow rules proposed, without a reason, in parity.yaml\n" in done.out
    assert done.out.endswith("     paritycheck run\n")


def test_a_proposal_covers_nothing_but_what_differs(tmp_path: Path) -> None:
    instances = '  for_each = toset(["a", "b", "c", "d", "e", "f"])\n'
    many = f'resource "terraform_data" "cache" {{\n{instances}  input = {{ size = SIZE, ttl = var.size }}\n}}\n'
    main = MAIN + many.replace("SIZE", 'each.key == "f" ? 1 : var.size')
    paritycheck("init", cwd=write(tmp_path, {**BARE, "main.tf": main}))
    text = (tmp_path / "parity.yaml").read_text()
    give_reasons(tmp_path)
    passed = report(tmp_path)
    (tmp_path / "main.tf").write_text(MAIN + many.replace("SIZE", "var.size"))
    failed = report(tmp_path)

    assert "terraform_data.*" not in text
    assert "pass" == passed["verdict"]
    assert [('terraform_data.cache["f"]', "input.size")] == [(each["address"], each["path"]) for each in failed["findings"]]


def test_a_secret_is_not_written_down(tmp_path: Path) -> None:
    resource = 'resource "terraform_data" "k" {\n  input = { key = var.key, size = var.size }\n}\n'
    main = f'{MAIN}variable "key" {{\n  sensitive = true\n}}\n\n{resource}'
    files = {name: f'{text}key = "hunter{len(name)}"\n' if name.endswith(".tfvars") else text for name, text in BARE.items()}
    done = paritycheck("init", cwd=write(tmp_path, {**files, "main.tf": main}))
    text = (tmp_path / "parity.yaml").read_text()
    give_reasons(tmp_path)

    assert 0 == done.code
    assert "terraform_data.k.input.key\n  #   dev: (sensitive), staging: (sensitive), prod: (sensitive)\n" in text
    assert "hunter" not in text + done.out + done.err
    assert "pass" == report(tmp_path)["verdict"]


@pytest.mark.parametrize("text", ["x\\n- id: y\\n  # z", "\u202e\\u001b[31m ::error::a", "a # b: c", "\U0001f600"])
def test_hostile_values_stay_in_their_comments(text: str, tmp_path: Path) -> None:
    files = {name: f'{content}owner = "{name} {text}"\n' if name.endswith(".tfvars") else content for name, content in BARE.items()}
    main = f'{MAIN}variable "owner" {{}}\n\nresource "terraform_data" "o" {{\n  for_each = {{ "{text}" = 1 }}\n  input    = var.owner\n}}\n'
    done = paritycheck("init", cwd=write(tmp_path, {**files, "main.tf": main}))
    document = (tmp_path / "parity.yaml").read_text(encoding="utf-8")
    give_reasons(tmp_path)

    assert (0, "") == (done.code, done.err)
    assert all(line.isprintable() for line in document.split("\n"))
    assert "pass" == report(tmp_path)["verdict"]


def test_without_a_plan_nothing_is_proposed(tmp_path: Path) -> None:
    done = paritycheck("init", "--no-plan", "--engine", "terraform", cwd=write(tmp_path, BARE))
    text = (tmp_path / "parity.yaml").read_text()

    assert (0, "") == (done.code, done.err)
    assert text.startswith("version: 1\nengine: terraform\n")
    assert "allow:" not in text


def test_a_file_that_is_there_stays_without_force(tmp_path: Path) -> None:
    write(tmp_path, STACK)
    refused = paritycheck("init", "--no-plan", cwd=tmp_path)
    kept = (tmp_path / "parity.yaml").read_text()
    forced = paritycheck("init", "--no-plan", "--force", cwd=tmp_path)

    assert 2 == refused.code
    assert "error: parity.yaml is there already\nhint: Replace it with --force" in refused.err
    assert STACK["parity.yaml"] == kept
    assert 0 == forced.code
    assert STACK["parity.yaml"] != (tmp_path / "parity.yaml").read_text()


@pytest.mark.parametrize(
    ("main", "code", "message"),
    [
        (
            MAIN + 'variable "owner" {}\n',
            3,
            "nothing sets var.owner: give it a value in a variables file, or under `",
        ),
        (MAIN + 'resource "acme_rocket" "x" {}\n', 3, "the offline engine has no schema for the provider hashicorp/acme"),
        (MAIN + 'module "x" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n', 3, "modules are not installed: x"),
        (MAIN.replace('variable "size"', 'variable "sizes"').replace("var.size", "var.sizes"), 2, "sets the variable size, which the"),
    ],
)
def test_where_nothing_can_be_planned_the_file_is_written_without_rules(main: str, code: int, message: str, tmp_path: Path) -> None:
    done = paritycheck("init", cwd=write(tmp_path, {**BARE, "main.tf": main}))
    text = (tmp_path / "parity.yaml").read_text()

    assert code == done.code
    assert message in done.err
    assert "parity.yaml has no allow rules: its environments cannot be compared yet.\n" in done.out
    assert "paritycheck init --force" in done.out
    assert "  prod: {var_files: [prod.tfvars]}\n" in text
    assert "allow:" not in text


def components(directory: Path) -> Path:
    """Write stacks that share their environments' directories."""
    for name in ("dev/app", "dev/network", "prod/app", "prod/network"):
        place = directory / "live" / name
        place.mkdir(parents=True)
        write(place, {"main.tf": f'resource "terraform_data" "x" {{\n  input = "{name}"\n}}\n'})
    return directory


def test_several_stacks_in_one_place_are_named(tmp_path: Path) -> None:
    done = paritycheck("init", cwd=components(tmp_path))

    assert 2 == done.code
    assert "error: 2 stacks would share one file\nhint: Name one environment's directory" in done.err
    assert "\n  dev, prod: live/dev/app\n  dev, prod: live/dev/network\n" in done.err
    assert not list(tmp_path.rglob("parity.yaml"))


def test_one_of_them_is_chosen_by_the_directory_of_an_environment(tmp_path: Path) -> None:
    done = paritycheck("init", "live/dev/app", "--output", "app.yaml", cwd=components(tmp_path))
    text = (tmp_path / "app.yaml").read_text()

    assert 0 == done.code
    assert "  dev: {dir: live/dev/app}\n  prod: {dir: live/prod/app}\n" in text
    assert "     paritycheck run --config app.yaml\n" in done.out


def test_each_stack_in_a_place_of_its_own_gets_a_file(tmp_path: Path) -> None:
    for name in ("orders", "users"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, BARE)
    (tmp_path / "users" / "main.tf").write_text(MAIN + 'resource "acme_rocket" "x" {}\n')
    done = paritycheck("init", cwd=tmp_path)

    assert 3 == done.code
    assert "allow:" in (tmp_path / "orders" / "parity.yaml").read_text()
    assert "allow:" not in (tmp_path / "users" / "parity.yaml").read_text()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "there are no Terraform files in . or below it"),
        ({"main.tf": MAIN}, "no environments were found in . or below it"),
        ({"main.tf": MAIN, "prod.tfvars": ""}, "there is only one environment in .: prod (.)"),
        ({"terragrunt.hcl": ""}, ". holds Terragrunt's files and no configuration of Terraform's own"),
    ],
)
def test_where_there_is_nothing_to_compare_nothing_is_written(files: dict[str, str], message: str, tmp_path: Path) -> None:
    done = paritycheck("init", cwd=write(tmp_path, files))

    assert (2, "") == (done.code, done.out)
    assert f"error: {message}\nhint: " in done.err
    assert sorted(files) == sorted(path.name for path in tmp_path.iterdir())


def test_ten_thousand_files_keep_nobody_waiting(tmp_path: Path) -> None:
    write(tmp_path, BARE)
    for number in range(100):
        (tmp_path / f"d{number}").mkdir()
        for name in range(100):
            (tmp_path / f"d{number}" / f"{name}.json").touch()
    done = paritycheck("init", "--no-plan", cwd=tmp_path)

    assert (0, "") == (done.code, done.err)
