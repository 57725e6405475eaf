"""Offline planning of this stack's three environments against Terraform's own built-in resource."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import Row, seconds
from paritycheck.config import Config, load_config
from paritycheck.engines import select_engine

STACK = Path(__file__).parent.parent / "parity.yaml"


def _plan(config: Config) -> list[int]:
    return [len(plan.resources) for plan in select_engine(config).plan_all(config.environments)]


def _built_in(config: Config, directory: Path, resources: int) -> Config:
    """Return the same environments with as many built-in `terraform_data` resources instead."""
    blocks = [f'resource "terraform_data" "r{index}" {{\n  input = var.env\n}}\n' for index in range(resources)]
    (directory / "main.tf").write_text('variable "env" {\n  type = string\n}\n' + "".join(blocks), encoding="utf-8")
    environments = tuple(
        replace(environment, dir=directory, var_files=(), variables={"env": environment.name}) for environment in config.environments
    )
    return replace(config, environments=environments)


def _server_ready() -> float:
    from paritycheck.provider.builtin import builtin_providers
    from paritycheck.provider.server import ProviderServer

    with tempfile.TemporaryDirectory() as directory:
        start = time.perf_counter()
        providers = builtin_providers(Path(directory))
        types = {"aws_sqs_queue", "aws_iam_policy_document"}
        with ProviderServer(providers, Path(directory, "server"), types) as server:
            assert json.loads(server.reattach)
            return time.perf_counter() - start


def rows() -> Iterator[Row]:
    """Measure the server's start, and the planning of all environments side by side."""
    yield Row("provider server ready, its imports included", _server_ready(), 0.3, "s")
    config = load_config(STACK)
    resources = max(_plan(config))
    ours = seconds(lambda: _plan(config))
    with tempfile.TemporaryDirectory() as directory:
        built_in = _built_in(config, Path(directory), resources)
        theirs = seconds(lambda: _plan(built_in))
    note = f"{ours:.2f} s against {theirs:.2f} s for 3 x {resources} resources"
    yield Row("offline plans of three environments / of terraform_data", ours / theirs, 2, "x", note=note)
