"""The workflows: their scripts run here as they are, and nothing untrusted becomes a part of a script."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paritycheck.findings import EnvironmentSummary, Finding, Report, Severity
from paritycheck.reporters import Format, Style
from tests.ci.runner import ACTION, ROOT, WORKFLOWS, Runner, action_inputs, action_steps, load, named_step
from tests.commands.stack import STACK, write

PROGRAM = Path(sys.executable).with_name("paritycheck")
SECRET = "correct-horse-battery-staple"
PASSPHRASE = "a passphrase; $(touch pwned)"
NAMES = ["dev", "staging", "prod"]

pipeline = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg, which every runner has, is not installed here")


def all_steps() -> list[tuple[str, dict[str, Any]]]:
    """List the steps of the action and of all workflows, with where they are."""
    found = [("action", step) for step in load(ACTION)["runs"]["steps"]]
    for path in sorted(WORKFLOWS.glob("*.yml")):
        jobs = load(path)["jobs"]
        found += [(f"{path.stem} {job}", step) for job in jobs for step in jobs[job].get("steps", [])]
    return found


SCRIPTS = [pytest.param(step["run"], id=f"{place} {step.get('name') or step['run']}") for place, step in all_steps() if "run" in step]


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_is_put_together_from_values(script: str) -> None:
    assert "${{" not in script


@pytest.mark.parametrize("script", SCRIPTS)
def test_shellcheck_has_nothing_to_say(script: str) -> None:
    as_run = f"set -eo pipefail\n{script}"
    shellcheck = [Path(sys.executable).with_name("shellcheck"), "--shell=bash", "-"]
    done = subprocess.run(shellcheck, input=as_run, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stdout)


def test_every_job_says_what_it_may() -> None:
    """A workflow has no permissions; each job asks for its own, and only those that run nothing of a pull request may write."""
    granted = {
        (path.stem, name): {key for key, value in job["permissions"].items() if value == "write"}
        for path in WORKFLOWS.glob("*.yml")
        for name, job in load(path)["jobs"].items()
    }

    assert all({} == load(path)["permissions"] for path in WORKFLOWS.glob("*.yml"))
    assert {
        ("ci", "report"): {"pull-requests", "security-events"},
        ("plans", "plan"): {"id-token"},
        ("plans", "report"): {"pull-requests", "security-events"},
        ("report", "report"): {"pull-requests", "security-events"},
    } == {place: writes for place, writes in granted.items() if writes}
    assert not any("checkout" in step.get("uses", "") for step in load(WORKFLOWS / "report.yml")["jobs"]["report"]["steps"])


def test_secrets_are_for_steps_alone() -> None:
    """None is in the environment of a whole job or workflow, nor handed to another one's code."""
    using = [step for _, step in all_steps() if "${{ secrets." in json.dumps(step)]

    assert ["Encrypt the plan", "Decrypt the plans"] == [step["name"] for step in using]
    assert 2 == sum(path.read_text().count("secrets.") for path in WORKFLOWS.glob("*.yml"))


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    directory = tmp_path / "stack"
    directory.mkdir()
    secret = f'variable "password" {{\n  sensitive = true\n  default   = "{SECRET}"\n}}\n'
    return write(directory, {**STACK, "secret.tf": secret + 'resource "terraform_data" "secret" {\n  input = var.password\n}\n'})


@pytest.fixture
def gnupg(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let gpg keep nothing of its own in the user's directory, and in one whose name is short enough for its socket."""
    with tempfile.TemporaryDirectory(prefix="gnupg", dir="/tmp") as home:
        monkeypatch.setenv("GNUPGHOME", home)
        yield
        subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


def job(stack: Path, tmp_path: Path, name: str, **context: str) -> Runner:
    """Return the runner of a job."""
    temp = tmp_path / name
    temp.mkdir()
    known = {"steps.installed.outputs.program": str(PROGRAM), "secrets.PLANS_PASSPHRASE": PASSPHRASE}
    return Runner(stack, temp, {**known, **{key.replace("__", "."): value for key, value in context.items()}})


def run_plan(stack: Path, tmp_path: Path, entry: dict[str, str]) -> Path:
    """Run the job that plans one environment; return what it uploads."""
    values = {f"matrix.{key}": value for key, value in entry.items()}
    runner = job(stack, tmp_path, f"plan-{entry['environment']}", **values)
    for step in ("Plan", "Encrypt the plan"):
        done = runner.run(named_step("plans.yml", "plan", step))
        assert 0 == done.code, done.log
    (file,) = (runner.temp / "plans").iterdir()
    return file


@pipeline
@pytest.mark.usefixtures("gnupg")
def test_the_pipeline_from_the_matrix_to_the_verdict(stack: Path, tmp_path: Path, installation: Path) -> None:
    matrix = job(stack, tmp_path, "matrix").run(named_step("plans.yml", "matrix", "List them"))
    entries = json.loads(matrix.outputs["environments"])["include"]
    (whole,) = json.loads(matrix.outputs["stacks"])["include"]
    files = [run_plan(stack, tmp_path, entry) for entry in entries]

    assert NAMES == whole["environments"] == [entry["environment"] for entry in entries]
    assert [f"{name}.json.gpg" for name in NAMES] == [file.name for file in files]
    assert not any(SECRET.encode() in file.read_bytes() for file in files)

    compare = job(stack, tmp_path, "compare")
    plans = compare.temp / "plans"
    plans.mkdir()
    for file in files:
        shutil.copy(file, plans)
    done = compare.run(named_step("plans.yml", "compare", "Decrypt the plans"))

    assert (0, sorted(f"{name}.json" for name in NAMES)) == (done.code, sorted(file.name for file in plans.iterdir())), done.log
    assert {0o600} == {file.stat().st_mode & 0o777 for file in plans.iterdir()}
    assert SECRET in (plans / "prod.json").read_text()

    (compare.temp / "paritycheck").symlink_to(installation / "paritycheck")
    action = Runner(stack, compare.temp, action_inputs(command="compare", arguments=str(plans), config=whole["config"]))
    verdict = action.run(action_steps()["check"])

    assert (0, "pass") == (verdict.code, verdict.outputs["verdict"]), verdict.log
    assert SECRET not in verdict.log + verdict.summary

    (plans / "prod.json").unlink()

    assert (3, "none") == ((failed := action.run(action_steps()["check"])).code, failed.outputs["verdict"])


def encrypt(stack: Path, tmp_path: Path, **context: str) -> tuple[int, str, Path]:
    """Encrypt a small file in a plan's place; return the exit code, the log and the directory."""
    runner = job(stack, tmp_path, "encrypt", **{"matrix__environment": "prod", **context})
    plans = runner.temp / "plans"
    plans.mkdir()
    (plans / "prod.json").write_text(SECRET)
    done = runner.run(named_step("plans.yml", "plan", "Encrypt the plan"))
    return done.code, done.log, plans


@pipeline
@pytest.mark.usefixtures("gnupg")
@pytest.mark.parametrize("passphrase", ["another", ""])
def test_a_plan_does_not_open_with_another_passphrase(stack: Path, tmp_path: Path, passphrase: str) -> None:
    code, log, plans = encrypt(stack, tmp_path)
    runner = Runner(stack, plans.parent, {"secrets.PLANS_PASSPHRASE": passphrase})
    done = runner.run(named_step("plans.yml", "compare", "Decrypt the plans"))

    assert 0 == code, log
    assert 0 != done.code
    assert not (plans / "prod.json").exists()


@pipeline
@pytest.mark.usefixtures("gnupg")
def test_a_plan_that_somebody_changed_does_not_open(stack: Path, tmp_path: Path) -> None:
    _, _, plans = encrypt(stack, tmp_path)
    content = bytearray((plans / "prod.json.gpg").read_bytes())
    content[-8] ^= 1
    (plans / "prod.json.gpg").write_bytes(content)
    runner = Runner(stack, plans.parent, {"secrets.PLANS_PASSPHRASE": PASSPHRASE})

    assert 0 != runner.run(named_step("plans.yml", "compare", "Decrypt the plans")).code


@pipeline
@pytest.mark.usefixtures("gnupg")
def test_without_a_passphrase_no_plan_leaves_the_job(stack: Path, tmp_path: Path) -> None:
    code, log, plans = encrypt(stack, tmp_path, secrets__PLANS_PASSPHRASE="")

    assert 0 != code
    assert "set the secret PLANS_PASSPHRASE" in log
    assert ["prod.json"] == [file.name for file in plans.iterdir()]


@pipeline
@pytest.mark.usefixtures("gnupg")
@pytest.mark.parametrize("name", ["Plan", "Encrypt the plan"])
def test_an_environment_with_a_hostile_name_is_no_script(name: str, stack: Path, tmp_path: Path) -> None:
    hostile = '"; touch pwned; $(touch pwned) `touch pwned`'
    runner = job(stack, tmp_path, "plan", matrix__environment=hostile, matrix__config=hostile)
    (runner.temp / "plans").mkdir()

    assert 0 != runner.run(named_step("plans.yml", "plan", name)).code
    assert not list(tmp_path.rglob("pwned"))


@pipeline
@pytest.mark.usefixtures("gnupg")
def test_a_stack_in_a_directory_with_a_hostile_name_is_planned(stack: Path, tmp_path: Path) -> None:
    directory = stack / '-"; touch pwned; $(touch pwned)\n${{ secrets.X }}'
    directory.mkdir()
    for name in [*STACK, "secret.tf"]:
        (stack / name).rename(directory / name)
    step = named_step("plans.yml", "matrix", "List them")
    step["run"] = step["run"].replace(" parity.yaml", "")
    matrix = job(stack, tmp_path, "matrix").run(step)
    entry = json.loads(matrix.outputs["environments"])["include"][0]

    assert f"./{directory.name}" == entry["stack"]
    assert "dev.json.gpg" == run_plan(stack, tmp_path, entry).name
    assert not list(tmp_path.rglob("pwned"))


FAKE_GH = """\
#!/usr/bin/env bash
# Answers as gh does where comments are listed, and writes down what it is asked to write.
set -euo pipefail
for last; do :; done
case " $* " in
  *" --paginate "*) jq --raw-output "$last" < "$COMMENTS" ;;
  *) printf '%s\\n' "$*" >> "$CALLS"; cp "${last#body=@}" "$BODY" ;;
esac
"""


@pytest.fixture
def comment(stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """The runner of the job that comments, where a stand-in for gh knows two comments of others and an earlier one of ours."""
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(FAKE_GH)
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{gh.parent}{os.pathsep}{os.environ['PATH']}")
    mark = "<!-- paritycheck offline -->\n"
    texts = [
        ("somebody", mark + "forged"),
        ("github-actions[bot]", "<!-- paritycheck offlines -->\nanother"),
        ("github-actions[bot]", mark),
    ]
    comments = [{"id": number, "user": {"login": login}, "body": body} for number, (login, body) in enumerate(texts)]
    (tmp_path / "comments").write_text(json.dumps(comments))
    for name in ("comments", "calls", "body"):
        monkeypatch.setenv(name.upper(), str(tmp_path / name))
    context = {"github.token": "t", "github.event.pull_request.number": "7", "github.server_url": "https://example.com"}
    context |= {"github.repository": "o/r", "github.run_id": "1", "inputs.title": "offline"}
    return job(stack, tmp_path, "comment", **context)


def run_comment(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Run the step; return how gh was called to write, and the text."""
    step = named_step("report.yml", "report", "Comment on the pull request, or renew the comment")
    step["env"] = {**step["env"], "GITHUB_REPOSITORY": "o/r"}
    done = runner.run(step)
    assert 0 == done.code, done.log
    directory = runner.temp.parent
    return (directory / "calls").read_text().partition(" --field")[0], (directory / "body").read_text()


needs_jq = pytest.mark.skipif(not shutil.which("jq"), reason="the stand-in for gh needs jq")


@needs_jq
def test_our_own_comment_is_renewed(comment: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    (comment.workspace / "reports").mkdir()
    (comment.workspace / "reports" / "paritycheck.md").write_text("**FAIL** $(touch pwned)\n")
    call, body = run_comment(comment, monkeypatch)

    assert "api --silent --method PATCH repos/o/r/issues/comments/2" == call
    assert "<!-- paritycheck offline -->\n**FAIL** $(touch pwned)\n" == body
    assert not list(comment.temp.parent.rglob("pwned"))


@needs_jq
def test_the_first_comment_is_made_and_says_where_there_is_no_verdict(comment: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    comment.context["inputs.title"] = "plans of root"
    call, body = run_comment(comment, monkeypatch)

    assert "api --silent --method POST repos/o/r/issues/7/comments" == call
    assert body.startswith("<!-- paritycheck plans of root -->\n**There is no verdict**")
    assert "https://example.com/o/r/actions/runs/1" in body


def test_the_largest_report_and_its_mark_fit_a_comment() -> None:
    """GitHub refuses one of more than 65,536 characters."""
    summary = EnvironmentSummary("dev", "offline", 1, 0, 0, {"create": 1}, "1.11.4")
    findings = tuple(
        Finding("value-difference", Severity.ERROR, f"aws_sqs_queue.this[{number}]", "differs", "mend it", cause=f"var.v{number // 7}")
        for number in range(20_000)
    )
    mark = f"<!-- paritycheck plans of {'x' * 80} -->\n"
    text = Format.MARKDOWN.reporter(Style()).render(Report((summary,), findings))

    assert 60_000 < len(mark + text) <= 65_536


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("zizmor"), "--offline", "--persona=pedantic", "--format=json", ROOT / ".github", ACTION],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, []) == (done.returncode, json.loads(done.stdout))
