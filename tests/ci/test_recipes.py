"""The recipes of docs/ci.md: each is valid where it belongs, and its commands are run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from paritycheck.reporters import Format
from tests.ci.runner import ACTION, ROOT, WORKFLOWS, load
from tests.commands.stack import STACK, write

TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?:(?:#|//) (?P<file>\S+)\n)?(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = list(BLOCK.finditer(TEXT))
SCHEMAS = {".github/workflows/parity.yml": "github-workflows", ".gitlab-ci.yml": "gitlab-ci"}
BIN = Path(sys.executable).parent
NAMES = ["dev", "staging", "prod"]
PASSPHRASE = "a passphrase; $(touch pwned)"

gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg, which every CI machine has, is not installed here")


def recipes(file: str) -> list[str]:
    """Return the examples of a file, with a commit where the reader puts one."""
    return [block["content"].replace("COMMIT", "ab" * 20) for block in BLOCKS if block["file"] == file]


def run(command: list[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)


def test_every_example_is_of_a_kind_that_is_tried() -> None:
    kinds = [(block["language"], block["file"]) for block in BLOCKS]

    assert kinds == [
        ("sh", None),
        ("yaml", ".pre-commit-config.yaml"),
        ("yaml", ".pre-commit-config.yaml"),
        ("yaml", ".github/workflows/parity.yml"),
        ("yaml", ".gitlab-ci.yml"),
        ("groovy", "Jenkinsfile"),
        ("yaml", ".gitlab-ci.yml"),
        ("sh", None),
        ("groovy", "Jenkinsfile"),
    ]


@pytest.mark.parametrize(("file", "number"), [(file, number) for file in SCHEMAS for number in range(len(recipes(file)))])
def test_a_pipeline_is_valid(file: str, number: int, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yml").write_text(recipes(file)[number])
    done = run([BIN / "check-jsonschema", "--builtin-schema", f"vendor.{SCHEMAS[file]}", tmp_path / "pipeline.yml"])

    assert 0 == done.returncode, done.stdout


def test_the_workflow_has_no_security_flaw(tmp_path: Path) -> None:
    (content,) = recipes(".github/workflows/parity.yml")
    (tmp_path / "parity.yml").write_text(content)
    done = run([BIN / "zizmor", "--offline", "--persona=pedantic", "--format=json", tmp_path / "parity.yml"])

    assert (0, []) == (done.returncode, json.loads(done.stdout))


def test_the_workflow_uses_what_our_own_use() -> None:
    """So that an action is renewed everywhere at once."""
    pins = re.compile(r"uses: ((?!OWNER|\$/).*)")
    ours = {pin for path in WORKFLOWS.glob("*.yml") for pin in pins.findall(path.read_text())}

    assert set(pins.findall(TEXT)) <= ours
    assert len(ours) == len({pin.split("@")[0] for pin in ours})


@pytest.mark.parametrize("content", recipes(".pre-commit-config.yaml"))
def test_a_configuration_of_pre_commit_is_valid_and_names_our_hooks(content: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(content)
    published = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    named = {hook["id"] for repository in yaml.safe_load(content)["repos"] for hook in repository["hooks"]}

    assert 0 == run([BIN / "pre-commit", "validate-config", tmp_path / "config.yaml"]).returncode
    assert named <= published


def table(header: str) -> set[str]:
    """Return the names in the first column of the table with that header."""
    rows = TEXT.split(f"| {header} |")[1].split("\n\n")[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_inputs_and_outputs_of_the_action_are_told() -> None:
    assert set(load(ACTION)["inputs"]) == table("input | what")
    assert set(load(ACTION)["outputs"]) == table("output | what")


def test_every_format_that_ours_ask_for_exists() -> None:
    lines = [
        line for path in (ACTION, *WORKFLOWS.glob("*.yml")) for line in re.findall(r"(?:formats|default): (github .*)", path.read_text())
    ]

    assert 2 == len(lines)
    assert {word for line in lines for word in line.split()} <= set(Format)


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    return write(tmp_path, STACK)


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the variables of a pipeline hold; gpg keeps its files in a directory whose name is short enough for its socket."""
    with tempfile.TemporaryDirectory(prefix="gnupg", dir="/tmp") as home:
        variables = {"GNUPGHOME": home, "HOME": home, "PLANS_PASSPHRASE": PASSPHRASE, "AWS_TOKEN": "token", "PARITYCHECK_NO_CACHE": "1"}
        yield {**variables, "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token")}
        run(["gpgconf", "--kill", "all"], env={"GNUPGHOME": home, "PATH": "/usr/bin:/bin"})


def execute(script: str, stack: Path, environ: Mapping[str, str]) -> None:
    """Run a script, but for what installs paritycheck."""
    kept = "\n".join(line for line in script.splitlines() if "pip install" not in line)
    done = run(["bash", "-e", "-o", "pipefail", "-c", kept], cwd=stack, env={**environ})
    assert 0 == done.returncode, done.stdout + done.stderr


def gitlab(number: int) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(recipes(".gitlab-ci.yml")[number])
    return document


def jenkins(number: int) -> list[str]:
    """Return the scripts of a Jenkinsfile, with paritycheck as it is installed here."""
    scripts = re.findall(r"\bsh '(.*?)'$", recipes("Jenkinsfile")[number], re.MULTILINE)
    return [script.replace(".parity/bin/", "") for script in scripts if "pip install" not in script]


def test_the_shell_recipe_writes_its_reports(stack: Path, environ: Mapping[str, str]) -> None:
    execute(BLOCKS[0]["content"], stack, environ)

    assert ["parity.md", "parity.xml"] == sorted(path.name for path in (stack / "reports").iterdir())


def test_the_recipe_of_gitlab_writes_its_reports(stack: Path, environ: Mapping[str, str]) -> None:
    job = gitlab(0)["parity"]
    execute("\n".join(job["script"]), stack, environ)

    assert all((stack / file).is_file() for file in job["artifacts"]["reports"].values())


def test_the_recipe_of_jenkins_writes_its_reports(stack: Path, environ: Mapping[str, str]) -> None:
    for script in jenkins(0):
        execute(script, stack, environ)

    assert (stack / "reports" / "parity.xml").is_file()


@gpg
def test_the_pipeline_of_gitlab_runs_from_the_plans_to_the_verdict(stack: Path, environ: Mapping[str, str]) -> None:
    document = gitlab(1)
    names = document["plan"]["parallel"]["matrix"][0]["ENVIRONMENT"]
    for name in names:
        execute("\n".join(document["plan"]["script"]), stack, {**environ, "ENVIRONMENT": name})
        (stack / "plans" / f"{name}.json").unlink()
    execute("\n".join(document["compare"]["script"]), stack, environ)

    assert NAMES == names
    assert (stack / "parity.xml").is_file()
    assert 0o600 == (stack / "token").stat().st_mode & 0o777
    assert not list(stack.rglob("pwned"))


@gpg
def test_the_pipeline_of_jenkins_runs_from_the_plans_to_the_verdict(stack: Path, environ: Mapping[str, str]) -> None:
    plan, encrypt, decrypt, compare, clean = jenkins(1)
    for name in NAMES:
        execute(f"{plan}\n{encrypt}", stack, {**environ, "ENVIRONMENT": name})
        (stack / "plans" / f"{name}.json").unlink()
    for script in (decrypt, compare, clean):
        execute(script, stack, environ)

    assert (stack / "parity.xml").is_file()
    assert not (stack / "plans").exists()


@pytest.mark.skipif(not shutil.which("jq"), reason="jq, which the recipe uses, is not installed here")
def test_the_pipeline_that_a_job_writes_is_valid(stack: Path, environ: Mapping[str, str]) -> None:
    execute(BLOCKS[7]["content"], stack, environ)
    done = run([BIN / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", stack / "child.yml"])

    assert 0 == done.returncode, done.stdout
    assert NAMES == [entry["ENVIRONMENT"] for entry in json.loads((stack / "child.yml").read_text())["plan"]["parallel"]["matrix"]]
