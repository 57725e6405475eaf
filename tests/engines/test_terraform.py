"""What only the engine with the real providers does."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paritycheck.engines.core import BUNDLED, child_environment, find_core
from paritycheck.engines.terraform import TerraformEngine
from paritycheck.errors import EngineError
from paritycheck.plan import Plan
from paritycheck.process import run
from tests.engines.conftest import Write, content, environments
from tests.engines.test_planning import actions, apply

STACK = 'variable "env" {}\nresource "terraform_data" "a" { input = var.env }\n'
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
MIRROR = os.environ.get("TF_PROVIDER_MIRROR")


def test_the_state_of_a_configured_backend_is_planned_against(core: str, write: Write) -> None:
    """Each environment has its own, by `backend_config`; no plan changes it."""
    directory = write({"main.tf": STACK})
    apply(directory, core, "-var=env=dev")
    (directory / "terraform.tfstate").rename(directory / "dev.tfstate")
    (directory / "backend.tf").write_text(LOCAL_BACKEND)
    (directory / "prod.backend").write_text(f'path = "{directory}/prod.tfstate"\n')
    dev, prod = environments(directory, "dev", "prod")
    before = content(directory)

    plans = TerraformEngine(core).plan_all(
        [
            replace(dev, backend_config=(f"path={directory}/dev.tfstate",)),
            replace(prod, backend_config=(str(directory / "prod.backend"),)),
        ]
    )

    assert ["no-op", "create"] == [actions(plan)["terraform_data.a"] for plan in plans]
    assert before == content(directory)


def test_the_state_of_a_workspace_is_planned_against(core: str, write: Write) -> None:
    directory = write({"main.tf": STACK})
    apply(directory, core, "-var=env=dev")
    (directory / "terraform.tfstate.d/dev").mkdir(parents=True)
    (directory / "terraform.tfstate").rename(directory / "terraform.tfstate.d/dev/terraform.tfstate")
    before = content(directory)

    plans = TerraformEngine(core).plan_all([replace(each, workspace=each.name) for each in environments(directory, "dev", "prod")])

    assert ["no-op", "create"] == [actions(plan)["terraform_data.a"] for plan in plans]
    assert before == content(directory)


def test_the_lock_file_holds_and_is_not_changed(write: Write) -> None:
    """A provider that it does not name would change it."""
    lock = "# Nothing is locked.\n"
    directory = write({"main.tf": STACK + 'resource "example_box" "a" {}\n', ".terraform.lock.hcl": lock})
    with pytest.raises(EngineError) as caught:
        TerraformEngine(BUNDLED).plan_all(environments(directory, "dev"))

    assert "example" in str(vars(caught.value))
    assert lock == (directory / ".terraform.lock.hcl").read_text()


AWS = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "env" {}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "y"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

resource "aws_sqs_queue" "orders" {
  name = "orders-${var.env}"
}
"""


@pytest.fixture
def mirror(tmp_path: Path) -> dict[str, str]:
    """The environment that leads Terraform to the real provider's mirror."""
    if MIRROR is None:
        pytest.skip("TF_PROVIDER_MIRROR names no filesystem mirror with hashicorp/aws")
    settings = tmp_path / "terraformrc"
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{MIRROR}"\n  }}\n}}\n')
    return {"TF_CLI_CONFIG_FILE": str(settings)}


def planned(plan: Plan) -> Any:
    return plan.decode(plan.resources["aws_sqs_queue.orders"].change.after)


@pytest.mark.oracle
def test_the_real_provider_plans_and_is_installed_nowhere(core: str, write: Write, mirror: dict[str, str]) -> None:
    directory = write({"main.tf": AWS})
    before = content(directory)
    plans = TerraformEngine(core).plan_all(environments(directory, "dev", "prod", env=mirror))

    assert ["orders-dev", "orders-prod"] == [planned(plan)["name"] for plan in plans]
    assert before == content(directory)


@pytest.mark.oracle
def test_packages_that_the_user_installed_are_used_and_left_alone(write: Write, mirror: dict[str, str]) -> None:
    directory = write({"main.tf": AWS})
    env = child_environment({}, mirror | {"PATH": "/bin:/usr/bin"})
    run([*find_core(BUNDLED).command, "init"], title="setup", cwd=directory, env=env)
    before = content(directory)

    [plan] = TerraformEngine(BUNDLED).plan_all(environments(directory, "dev", env=mirror))

    assert "orders-dev" == planned(plan)["name"]
    assert before == content(directory)


@pytest.mark.oracle
def test_what_the_real_provider_refuses_has_file_and_line(write: Write, mirror: dict[str, str]) -> None:
    directory = write({"main.tf": AWS.replace('"orders-${var.env}"', '"orders"\n  visibility_timeout_seconds = 999999')})
    with pytest.raises(EngineError, match="Terraform refuses dev and prod: expected visibility_timeout_seconds") as caught:
        TerraformEngine(BUNDLED).plan_all(environments(directory, "dev", "prod", env=mirror))

    assert ("main.tf", 24) == (Path(getattr(caught.value.location, "file", "")).name, getattr(caught.value.location, "line", 0))
