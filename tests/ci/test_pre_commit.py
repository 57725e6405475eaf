"""The hooks, as pre-commit installs and runs them in somebody else's repository."""

from __future__ import annotations

import fcntl
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.ci.repository import commit_all, environment, git
from tests.commands.stack import DRIFT, STACK, write

ROOT = Path(__file__).parents[2]
PACKAGE = [".pre-commit-hooks.yaml", "LICENSE", "README.md", "paritycheck", "pyproject.toml"]
"""What an installation is built from."""

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
CONSUMER = """\
repos:
  - repo: {repository}
    rev: {commit}
    hooks:
      - id: paritycheck
        args: [--checkov, {checkov}]
      - id: paritycheck-policy
        args: [--checkov, {checkov}]
        stages: [manual]
"""
POLICY = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Trigger(BaseResourceCheck):
    def __init__(self):
        super().__init__("What is replaced says when", "CKV_OWN_1", [CheckCategories.CONVENTION], ["terraform_data"])

    def scan_resource_conf(self, conf):
        return CheckResult.PASSED if conf.get("triggers_replace") else CheckResult.FAILED


check = Trigger()
"""


@dataclass(frozen=True)
class Published:
    """paritycheck as a repository that others name in their configuration."""

    directory: Path
    commit: str
    home: Path
    """What pre-commit keeps between runs."""


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Published:
    """One for all processes of a test run, so that pre-commit makes one environment."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "pre-commit"
    shared.mkdir(exist_ok=True)
    directory = shared / "paritycheck"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not directory.exists():
            publish(directory)
        return Published(directory, git(directory, "rev-parse", "HEAD"), shared / "home")


def publish(directory: Path) -> None:
    """Commit this working tree's package to a repository of its own."""
    directory.mkdir()
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, directory)
    commit_all(directory)


def pre_commit(directory: Path, home: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run pre-commit; return its exit code and output. What pip installs is not compiled, for a few seconds less."""
    extra = {"PRE_COMMIT_HOME": str(home), "PIP_NO_COMPILE": "1", "NO_COLOR": "1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "pre_commit", *map(str, arguments)]
    done = subprocess.run(command, cwd=directory, env=environment(extra), capture_output=True, timeout=600, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def consumer(tmp_path: Path, published: Published) -> Path:
    """A repository with a stack that holds parity, and the hooks."""
    checkov = ROOT / ".checkov"
    configuration = CONSUMER.format(repository=published.directory, commit=published.commit, checkov=checkov)
    write(tmp_path, {**STACK, "README.md": "# A stack\n", ".pre-commit-config.yaml": configuration})
    commit_all(tmp_path)
    return tmp_path


def test_the_hook_can_be_tried_on_a_repository_that_does_not_have_it(tmp_path: Path, published: Published) -> None:
    commit_all(write(tmp_path, STACK))
    code, output = pre_commit(tmp_path, published.home, "try-repo", published.directory, "paritycheck", "--all-files", "--verbose")

    assert 0 == code, output
    assert "Terraform environments keep parity.......................................Passed" in output
    assert "PASS  dev, staging and prod hold parity" in output


def test_a_commit_that_breaks_parity_is_refused_with_the_finding(consumer: Path, published: Published) -> None:
    write(consumer, {"prod.tfvars": DRIFT["prod.tfvars"]})
    git(consumer, "add", "prod.tfvars")
    pre_commit(consumer, published.home, "install")
    done = subprocess.run(
        ["git", "commit", "--message", "Keep it longer"],
        cwd=consumer,
        env=environment({"PRE_COMMIT_HOME": str(published.home), "PIP_NO_COMPILE": "1"}),
        capture_output=True,
        timeout=600,
        check=False,
    )
    output = (done.stdout + done.stderr).decode()

    assert 1 == done.returncode, output
    assert "- exit code: 1" in output
    assert re.search(r"input\.retention +main\.tf:\d+:\d+ +7 +7 +. 30", output)
    assert "All of it" == git(consumer, "log", "-1", "--format=%s")


def test_a_commit_that_cannot_be_checked_is_refused(consumer: Path, published: Published) -> None:
    write(consumer, {"prod.tfvars": 'env = "prod"\nsize = "many"\n'})
    git(consumer, "add", "prod.tfvars")
    code, output = pre_commit(consumer, published.home, "run", "paritycheck")

    assert 1 == code
    assert "- exit code: 3" in output


def test_a_commit_of_other_files_is_not_held_up(consumer: Path, published: Published) -> None:
    write(consumer, {"README.md": "# The stack\n"})
    git(consumer, "add", "README.md")
    code, output = pre_commit(consumer, published.home, "run")

    assert 0 == code
    assert "(no files to check)Skipped" in output


def test_the_hook_of_policies_fails_where_one_is_broken(consumer: Path, published: Published) -> None:
    (consumer / "policies").mkdir()
    write(consumer, {"policies/trigger.py": POLICY, "parity.yaml": STACK["parity.yaml"] + "policies: policies\n"})
    git(consumer, "add", "--all")
    code, output = pre_commit(consumer, published.home, "run", "paritycheck-policy", "--hook-stage", "manual")

    assert 1 == code
    assert "- exit code: 1" in output
    assert "CKV_OWN_1" in output


def test_both_hooks_are_triggered_by_the_same_files() -> None:
    assert 1 == len({hook["files"] for hook in HOOKS.values()})


@pytest.mark.parametrize(
    "path",
    [
        "main.tf",
        "stacks/orders/main.tf.json",
        "main.tofu",
        "tfvars/prod.tfvars",
        "prod.auto.tfvars.json",
        "templates/definition.json.tftpl",
        ".terraform.lock.hcl",
        "parity.yaml",
        "live/parity.yaml",
        "parity.baseline.json",
        "policies/bucket.yaml",
        "src/orders/handler.py",
        "lambdas/orders/package.json",
        "lambda/index.mjs",
        "live/functions/orders/main.go",
    ],
)
def test_what_may_change_the_verdict_triggers_both_hooks(path: str) -> None:
    assert [True, True] == [bool(re.search(hook["files"], path)) for hook in HOOKS.values()]


@pytest.mark.parametrize(
    "path", ["README.md", "docs/parity.yaml.md", "package.json", "main.tf.bak", "a/policy.md", "tfvars/notes.txt", "x.tfplan"]
)
def test_what_cannot_change_the_verdict_triggers_neither(path: str) -> None:
    assert [False, False] == [bool(re.search(hook["files"], path)) for hook in HOOKS.values()]
