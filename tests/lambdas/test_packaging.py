"""What the stack packs for each function: all that it needs beside Lambda's runtime and the layer, and no more."""

import importlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.applied import plan_as_applied

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "lambdas" / "layer" / "python"
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
"""What functions import of Lambda's Python runtime: boto3 and all that it needs."""

LOAD = """\
import importlib, json, os, sys
*paths, handler = sys.argv[1:]
sys.path[:0] = paths
module, name = handler.rsplit(".", 1)
handle = getattr(importlib.import_module(module), name)
loaded = sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names)
role = module.partition(".")[0]
if os.path.exists(os.path.join(paths[0], role, "settings.py")):
    importlib.import_module(role + ".settings").read_settings(os.environ)
if "AURORA_HOST" in os.environ:
    importlib.import_module("shared.aurora").Aurora(os.environ)
print(json.dumps({"callable": callable(handle), "loaded": loaded}))
"""
"""Imports a handler, finds what it wants in its environment, and says which packages it needed."""

Planned = Mapping[str, Mapping[str, Any]]
Environments = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def functions() -> Planned:
    """The planned functions."""
    changes = plan_as_applied("prod")["resource_changes"]
    return {change["index"]: change["change"]["after"] for change in changes if change["address"].startswith("aws_lambda_function.this[")}


@pytest.fixture(scope="module")
def environments(functions: Planned) -> Environments:
    """Their environments."""
    return {role: function["environment"][0]["variables"] for role, function in functions.items()}


@pytest.fixture(scope="module")
def archives() -> Mapping[str, Mapping[str, str]]:
    """The contents of the files in their archives."""
    resources = plan_as_applied("prod")["prior_state"]["values"]["root_module"]["resources"]
    return {
        resource["index"]: {source["filename"]: source["content"] for source in resource["values"]["source"]}
        for resource in resources
        if resource["address"].startswith("data.archive_file.function[")
    }


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Directories with what the layer and the runtime bring, in Lambda's order."""
    layer, runtime = tmp_path_factory.mktemp("layer"), tmp_path_factory.mktemp("runtime")
    for path in LAYER.iterdir():
        if not path.name.endswith((".dist-info", ".libs", ".txt")):
            (layer / path.name).symlink_to(path if runs_here(path) else installed(path.stem))
    for package in RUNTIME:
        path = installed(package)
        (runtime / path.name).symlink_to(path)
    return [layer, runtime]


def runs_here(path: Path) -> bool:
    """Whether this Python imports what is made for Lambda's."""
    lambdas = (sys.version_info[:2], platform.system(), platform.machine()) == ((3, 12), "Linux", "x86_64")
    return lambdas or not any(path.rglob("*.so"))


def installed(package: str) -> Path:
    """Where the tests' own Python has a package or a module."""
    path = Path(importlib.import_module(package).__file__ or "")
    return path.parent if path.name == "__init__.py" else path


@pytest.fixture(scope="module")
def loaded(
    functions: Planned,
    environments: Environments,
    archives: Mapping[str, Mapping[str, str]],
    libraries: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, set[str]]:
    """The packages that each function's handler imports, with nothing to be found but what it has in Lambda."""

    def load(role: str) -> Mapping[str, Any]:
        directory = unpack(archives[role], tmp_path_factory.mktemp(role))
        done = subprocess.run(
            # Neither the working directory nor the tests' packages are looked through.
            [sys.executable, "-I", "-S", "-B", "-c", LOAD, directory, *libraries, functions[role]["handler"]],
            env={**environments[role], "AWS_DEFAULT_REGION": "us-east-1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stderr
        answer: Mapping[str, Any] = json.loads(done.stdout)
        return answer

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        answers = dict(zip(functions, threads.map(load, functions), strict=True))
    assert {True} == {answer["callable"] for answer in answers.values()}
    return {role: set(answer["loaded"]) for role, answer in answers.items()}


def unpack(archive: Mapping[str, str], directory: Path) -> Path:
    for name, content in archive.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return directory


def test_every_folder_is_a_function(functions: Planned) -> None:
    folders = {path.parent.name for path in (ROOT / "lambdas").glob("*/__init__.py")}

    assert folders == functions.keys() | {"shared"}


def test_an_archive_holds_its_function_and_what_all_share_and_nothing_else(archives: Mapping[str, Mapping[str, str]]) -> None:
    assert {role: {role, "shared"} for role in archives} == {
        role: {name.partition("/")[0] for name in archive} for role, archive in archives.items()
    }


def test_every_function_runs_on_its_archive_the_layer_and_the_runtime_in_its_planned_environment(
    functions: Planned, loaded: Mapping[str, set[str]]
) -> None:
    assert functions.keys() == loaded.keys()
    assert [] == [role for role, packages in loaded.items() if (functions.keys() | {"shared"}) & packages != {role, "shared"}]


def test_what_takes_long_to_import_is_imported_only_where_it_is_used(environments: Environments, loaded: Mapping[str, set[str]]) -> None:
    def users(package: str) -> set[str]:
        return {role for role, packages in loaded.items() if package in packages}

    def told_of(variable: str) -> set[str]:
        return {role for role, environment in environments.items() if variable in environment}

    assert {"image_validator"} == users("PIL")
    assert told_of("AURORA_HOST") == users("pymysql")
    assert told_of("REDIS_HOST") == users("redis")
    assert {"location_processor", "matcher", "order_processor"} == users("pygeohash")
