"""What becomes of the functions' calls in a run of pytest."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.observation.recorder import ROOT

CONFTEST = """\
from pathlib import Path

from tests.observation.plugin import Scope, install, pytest_addoption
from tests.observation.shop import STACK

HERE = Path(__file__).parent


def pytest_configure(config):
    paths = {name: HERE / name for name in ("lambdas", "committed", "seen")}
    install(config, Scope(recorded=(HERE / "first", HERE / "second"), load=lambda directory: STACK, **paths))
"""
STORES = """\
def read(dynamodb):
    return dynamodb.get_item(TableName="orders", Key={"id": {"S": "o-1"}})


def write(dynamodb):
    try:
        dynamodb.put_item(TableName="orders", Item={"id": {"S": "o-1"}})
    except Exception:
        return False
    return True


def ask(dynamodb):
    return list(dynamodb.get_paginator("query").paginate(TableName="orders", IndexName="by_day"))
"""
BEGINNING = """\
import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from clerk import stores


@pytest.fixture(scope="module")
def dynamodb():
    options = {"region_name": "us-east-1", "aws_access_key_id": "any", "aws_secret_access_key": "any"}
    return boto3.client("dynamodb", endpoint_url="http://127.0.0.1:9", config=Config(retries={"total_max_attempts": 1}), **options)


"""
READS = """\
@pytest.mark.parametrize("time", [1, 2])
def test_read(dynamodb, time):
    with pytest.raises(EndpointConnectionError):
        stores.read(dynamodb)
"""
ASKS = """\
def test_ask(dynamodb):
    with pytest.raises(EndpointConnectionError):
        stores.ask(dynamodb)
"""
READ = {"function": "clerk", "action": "dynamodb:GetItem", "resource": 'aws_dynamodb_table.this["orders"]', "conditions": []}
ASK = {"function": "clerk", "action": "dynamodb:Query", "resource": 'aws_dynamodb_table.this["orders"]/index/by_day', "conditions": []}
COMMITTED = {"format_version": 1, "calls": [READ, ASK]}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a function, and tests of it in two directories."""
    files = {
        "pytest.ini": "[pytest]\npythonpath = lambdas\n",
        "conftest.py": CONFTEST,
        "lambdas/clerk/__init__.py": "",
        "lambdas/clerk/stores.py": STORES,
        "first/test_first.py": BEGINNING + READS,
        "second/test_second.py": BEGINNING + ASKS,
        "committed": json.dumps(COMMITTED),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(project: Path, *arguments: str) -> tuple[int, str]:
    """Run pytest there; return its exit status and what it says."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "-p",
            "no:hypothesispytest",
            "-p",
            "no:cov",
            *arguments,
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def seen(project: Path) -> Any:
    return json.loads((project / "seen").read_text(encoding="utf-8"))


@pytest.mark.parametrize("processes", [(), ("--numprocesses", "2")], ids=["alone", "in two processes"])
def test_a_run_that_sees_what_is_known_passes(project: Path, processes: tuple[str, ...]) -> None:
    status, output = run(project, *processes)

    assert 0 == status, output
    assert {"tests": 3, "complete": True, "incomplete": []} == seen(project)["made_by"]
    assert [{**READ, "tests": 2}, {**ASK, "tests": 1}] == seen(project)["calls"]


@pytest.mark.parametrize(
    ("committed", "expected"),
    [
        ([READ], 'dynamodb:Query on aws_dynamodb_table.this["orders"]/index/by_day is new'),
        ([READ, ASK, {**READ, "action": "dynamodb:Scan"}], 'dynamodb:Scan on aws_dynamodb_table.this["orders"] was not seen'),
    ],
)
def test_a_run_that_sees_something_else_fails_until_it_is_recorded(project: Path, committed: list[Any], expected: str) -> None:
    (project / "committed").write_text(json.dumps({**COMMITTED, "calls": committed}), encoding="utf-8")

    status, output = run(project)

    assert 1 == status
    assert f"clerk: {expected}" in output
    assert "pytest --record-calls" in output
    assert 0 == run(project, "--record-calls")[0]
    assert COMMITTED == json.loads((project / "committed").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("first",), "not all tests of second were asked for"),
        (("-k", "ask"), "there was -k"),
        (("first/test_first.py::test_read", "second"), "not all tests of first were asked for"),
        (("--deselect", "first/test_first.py::test_read[2]"), "tests were deselected"),
        (("--ignore", "second"), "there was --ignore"),
    ],
)
def test_a_run_of_some_tests_says_so_and_compares_nothing(project: Path, arguments: tuple[str, ...], reason: str) -> None:
    (project / "committed").write_text("{}", encoding="utf-8")

    assert 0 == run(project, *arguments)[0]
    assert not seen(project)["made_by"]["complete"]
    assert reason in seen(project)["made_by"]["incomplete"]


def test_a_run_of_some_tests_is_never_recorded(project: Path) -> None:
    status, output = run(project, "first", "--record-calls")

    assert 1 == status
    assert "not recorded: not all tests of second were asked for" in output
    assert COMMITTED == json.loads((project / "committed").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("test", "reason"),
    [("def test_more():\n    pytest.skip('today')\n", "a test was skipped"), ("def test_more():\n    assert False\n", "a test failed")],
)
def test_a_run_in_which_a_test_does_not_pass_is_not_complete(project: Path, test: str, reason: str) -> None:
    (project / "first" / "test_more.py").write_text(f"import pytest\n\n\n{test}", encoding="utf-8")

    run(project)

    assert {"tests": 3, "complete": False, "incomplete": [reason]} == seen(project)["made_by"]


def test_a_call_that_is_not_granted_fails_its_test_though_the_function_swallows_the_error(project: Path) -> None:
    text = BEGINNING + "def test_write(dynamodb):\n    assert not stores.write(dynamodb)\n\n\ndef test_nothing():\n    pass\n"
    (project / "first" / "test_write.py").write_text(text, encoding="utf-8")

    status, output = run(project)

    assert 1 == status
    assert "1 failed, 4 passed" in output
    assert "clerk (lambdas/clerk/stores.py:7) calls dynamodb:PutItem" in output
    assert "nearest: ReadOrder grants dynamodb:GetItem" in output
