"""The hooks, as pre-commit installs and runs them in somebody else's repository."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.repository import commit_all, environment, git
from tests.commands.stack import DRIFT, STACK, write

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def home(published: Path) -> Path:
    """What pre-commit keeps between runs, so that it makes one environment for all tests."""
    return published.parent / "home"


def pre_commit(directory: Path, home: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run pre-commit; return its exit code and output. What pip installs is not compiled, for a few seconds less."""
    extra = {"PRE_COMMIT_HOME": str(home), "PIP_NO_COMPILE": "1", "NO_COLOR": "1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "pre_commit", *map(str, arguments)]
    done = subprocess.run(command, cwd=directory, env=environment(extra), capture_output=True, timeout=600, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def consumer(tmp_path: Path, published: Path) -> Path:
    """A repository with a stack that holds parity, and the hooks."""
    checkov = ROOT / ".checkov"
    configuration = CONSUMER.format(repository=published, commit=git(published, "rev-parse", "HEAD"), checkov=checkov)
    write(tmp_path, {**STACK, "README.md": "# A stack\n", ".pre-commit-config.yaml": configuration})
    commit_all(tmp_path)
    return tmp_path


def test_the_hook_can_be_tried_on_a_repository_that_does_not_have_it(tmp_path: Path, published: Path, home: Path) -> None:
    commit_all(write(tmp_path, STACK))
    code, output = pre_commit(tmp_path, home, "try-repo", published, "paritycheck", "--all-files", "--verbose")

    assert 0 == code, output
    assert "Terraform environments keep parity.......................................Passed" in output
    assert "PASS  dev, staging and prod hold parity" in output


def test_a_commit_that_breaks_parity_is_refused_with_the_finding(consumer: Path, home: Path) -> None:
    write(consumer, {"prod.tfvars": DRIFT["prod.tfvars"]})
    git(consumer, "add", "prod.tfvars")
    pre_commit(consumer, home, "install")
    done = subprocess.run(
        ["git", "commit", "--message", "Keep it longer"],
        cwd=consumer,
        env=environment({"PRE_COMMIT_HOME": str(home), "PIP_NO_COMPILE": "1"}),
        capture_output=True,
        timeout=600,
        check=False,
    )
    output = (done.stdout + done.stderr).decode()

    assert 1 == done.returncode, output
    assert "- exit code: 1" in output
    assert re.search(r"input\.retention +main\.tf:\d+:\d+ +7 +7 +. 30", output)
    assert "All of it" == git(consumer, "log", "-1", "--format=%s")


def test_a_commit_that_cannot_be_checked_is_refused(consumer: Path, home: Path) -> None:
    write(consumer, {"prod.tfvars": 'env = "prod"\nsize = "many"\n'})
    git(consumer, "add", "prod.tfvars")
    code, output = pre_commit(consumer, home, "run", "paritycheck")

    assert 1 == code
    assert "- exit code: 3" in output


def test_a_commit_of_other_files_is_not_held_up(consumer: Path, home: Path) -> None:
    write(consumer, {"README.md": "# The stack\n"})
    git(consumer, "add", "README.md")
    code, output = pre_commit(consumer, home, "run")

    assert 0 == code
    assert "(no files to check)Skipped" in output


def test_the_hook_of_policies_fails_where_one_is_broken(consumer: Path, home: Path) -> None:
    (consumer / "policies").mkdir()
    write(consumer, {"policies/trigger.py": POLICY, "parity.yaml": STACK["parity.yaml"] + "policies: policies\n"})
    git(consumer, "add", "--all")
    code, output = pre_commit(consumer, home, "run", "paritycheck-policy", "--hook-stage", "manual")

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


OURS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]


def test_our_own_configuration_has_the_hook_that_we_publish() -> None:
    ours = next(hook for hook in OURS if hook["id"] == "paritycheck")
    same = ("name", "files", "pass_filenames", "require_serial")

    assert [HOOKS["paritycheck"][key] for key in same] == [ours[key] for key in same]
    assert f".venv/bin/{HOOKS['paritycheck']['entry']}" == ours["entry"]


def test_our_own_hooks_work_after_make_setup(tmp_path: Path, home: Path) -> None:
    for name in (".pre-commit-config.yaml", ".yamllint.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    write(tmp_path, {**STACK, "good.py": '"""A module."""\n', ".gitignore": "/.venv\n"})
    (tmp_path / ".venv").symlink_to(sys.prefix)
    commit_all(tmp_path)
    passed = pre_commit(tmp_path, home, "run", "--files", "good.py", "parity.yaml")
    write(tmp_path, {"parity.yaml": STACK["parity.yaml"].replace("ascending", "descending")})
    failed = pre_commit(tmp_path, home, "run", "--files", "good.py", "parity.yaml")

    assert (0, 5) == (passed[0], passed[1].count(".Passed\n")), passed[1]
    assert (1, 4) == (failed[0], failed[1].count(".Passed\n")), failed[1]
    assert "order-violation" in failed[1]
