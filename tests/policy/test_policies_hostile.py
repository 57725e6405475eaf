"""Custom policies on values that no provider would plan: each gives a verdict or none, and no policy breaks."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Config, Environment, Policies
from paritycheck.engines import select_engine
from paritycheck.plan import Plan, read_plan
from paritycheck.policy.checkov import Results, find_checkov, start_checks

ROOT = Path(__file__).parents[2]
POLICIES = Policies(directory=ROOT / "policies")
CONFIGURATIONS = sorted((ROOT / "tests" / "assets" / "policies").glob("*.tf"))


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"a": [value]}
    return value


HOSTILE: list[Any] = [
    "",
    " ",
    "\x00\x1b[31m<b>",
    "x" * 100_000,
    "arn:" + ":" * 50_000,
    "::/0",
    "null",
    "7",
    "[]",
    '"text"',
    '{"Statement": ' + "[" * 500,
    '{"Statement": ' + "[" * 200 + "]" * 200 + "}",
    json.dumps({"Statement": {"Effect": "Allow", "Action": "*" * 5_000, "Resource": "?*" * 5_000}}),
    json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::" + "*a" * 2_000}] * 50}),
    json.dumps({"Statement": {"Effect": "Allow", "Principal": {"AWS": []}, "Action": "s3:Get*", "Condition": {"Bool": {"a": []}}}}),
    json.dumps({"deadLetterTargetArn": []}),
    -1,
    10**400,
    1.5,
    True,
    False,
    [],
    [None],
    [[["x"]]],
    [{}],
    {},
    {"a": None},
    {"name": [], "value": {}},
    nested(20),
]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One plan of the resources of all policies."""
    directory = tmp_path_factory.mktemp("policies")
    root = ['provider "aws" {\n  region = "eu-west-1"\n}\n']
    for path in CONFIGURATIONS:
        (directory / path.stem).mkdir()
        (directory / path.stem / "main.tf").write_bytes(path.read_bytes())
        root.append(f'module "{path.stem}" {{\n  source = "./{path.stem}"\n}}\n')
    (directory / "main.tf").write_text("".join(root), encoding="utf-8")
    config = Config(directory / "parity.yaml", "offline", (Environment("test", directory),))
    return select_engine(config).documents(config.environments)[0]


def spoil(value: Any, chance: random.Random, share: float) -> Any:
    """Put something else into the place of a share of the values, at any depth."""
    if chance.random() < share:
        return chance.choice(HOSTILE)
    if isinstance(value, dict):
        return {key: spoil(item, chance, share) for key, item in value.items()}
    return [spoil(item, chance, share) for item in value] if isinstance(value, list) else value


def spoiled(document: bytes, seed: int, share: float) -> Plan:
    """The plan with other values, and others that are unknown."""
    chance = random.Random(seed)
    plan = json.loads(document)
    for resource in plan["resource_changes"]:
        change = resource["change"]
        before = change["after"]
        change["after"] = {key: spoil(value, chance, share) for key, value in before.items()}
        kept = {key: mark for key, mark in change["after_unknown"].items() if before.get(key) == change["after"].get(key)}
        change["after_unknown"] = {**kept, **{key: True for key in before if chance.random() < share / 3}}
    return read_plan(json.dumps(plan).encode(), environment=f"{seed}", engine="files", origin="hostile.json")


def judge(plans: list[Plan]) -> Results:
    checkov = find_checkov(None, ROOT, lambda path: pytest.fail(f"checkov is missing in {path}: make setup"))
    with start_checks(checkov, POLICIES, ROOT / "parity.yaml") as checks:
        checks.submit(plans)
        return checks.results()


def test_no_value_breaks_a_policy(document: bytes) -> None:
    shares = [0.02, 0.1, 0.3, 0.6, 0.9, 1.0]
    results = judge([spoiled(document, seed, share) for seed, share in enumerate(shares)])

    assert [True] * len(shares) == [bool(found) for found in results.environments.values()]
