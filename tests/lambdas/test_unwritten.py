"""What the stack packs and calls for each function: one that works, or one that says by name that it is not written yet."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine

ROOT = Path(__file__).parents[2]
WORKING = {
    "analytics",
    "customer_consumer",
    "driver_consumer",
    "earnings_calculator",
    "earnings_lister",
    "earnings_settler",
    "image_validator",
    "location_processor",
    "matcher",
    "order_processor",
    "order_publisher",
    "order_validator",
    "restaurant_consumer",
    "schema_migrator",
    "websocket_connect",
    "websocket_disconnect",
    "websocket_message",
}
"""The functions that are written; all others say that they are not."""

CALL = """\
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
module, name = sys.argv[2].rsplit(".", 1)
handle = getattr(importlib.import_module(module), name)
try:
    print(json.dumps(callable(handle) if sys.argv[3] == "written" else handle({}, None)))
except NotImplementedError as error:
    print(json.dumps(str(error)))
"""

Planned = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def prod() -> Mapping[str, Any]:
    """The plan of one environment."""
    config = load_config(ROOT / "parity.yaml")
    (document,) = select_engine(config).documents([environment for environment in config.environments if environment.name == "prod"])
    plan: Mapping[str, Any] = json.loads(document)
    return plan


@pytest.fixture(scope="module")
def functions(prod: Mapping[str, Any]) -> Planned:
    """The planned functions."""
    return {
        change["index"]: change["change"]["after"]
        for change in prod["resource_changes"]
        if change["address"].startswith("aws_lambda_function.this[")
    }


@pytest.fixture(scope="module")
def packages(prod: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """What is in each function's archive, in a directory of its own."""
    archives = {
        resource["index"]: resource["values"]
        for resource in prod["prior_state"]["values"]["root_module"]["resources"]
        if resource["address"].startswith("data.archive_file.function[")
    }
    directories = {role: tmp_path_factory.mktemp(role) for role in archives}
    for role, archive in archives.items():
        for source in archive["source"]:
            path = directories[role] / source["filename"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source["content"], encoding="utf-8")
    return directories


def call(package: Path, function: Mapping[str, Any], state: str) -> Any:
    """Whether a written function is there, alone with the runtime, or what an unwritten one says that it lacks."""
    (environment,) = function["environment"] or [{}]
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", CALL, package, function["handler"], state],
        env={**os.environ, **environment.get("variables", {}), "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def test_every_function_works_or_says_that_it_is_not_written_yet(functions: Planned, packages: Mapping[str, Path]) -> None:
    states = {role: "written" if role in WORKING else "unwritten" for role in functions}
    answers = {role: call(packages[role], function, states[role]) for role, function in functions.items()}
    unwritten = {role: answer for role, answer in answers.items() if role not in WORKING}

    assert WORKING == {role for role, answer in answers.items() if answer is True}
    assert {} == {
        role: answer
        for role, answer in unwritten.items()
        if not (answer.startswith(f"{role}: ") and answer.endswith(" is not written yet"))
    }


def test_every_folder_is_a_function(functions: Planned) -> None:
    folders = {path.parent.name for path in (ROOT / "lambdas").glob("*/handler.py")}

    assert folders == functions.keys()
