"""Offline planning of this stack's three environments, against Terraform's own built-in resource in the same configuration.

The built-in form packs no archives. So the stack is planned with a layer that holds its lock alone: packing the real one is
what `benchmarks.script` measures, on both sides.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.builtin import write_builtin
from benchmarks.measure import Row, alternate
from paritycheck.config import Config, load_config
from paritycheck.engines import select_engine
from tools.copy_stack import copy_stack

STACK = Path(__file__).parent.parent


def _plan(config: Config) -> list[int]:
    return [len(plan.resources) for plan in select_engine(config).plan_all(config.environments)]


def _built_in(config: Config, directory: Path) -> Config:
    """Return the same environments of the stack's replaced form."""
    directory.mkdir()
    write_builtin(STACK / "tap_stack.tf", directory / "main.tf")
    environments = tuple(replace(environment, dir=directory) for environment in config.environments)
    return replace(config, environments=environments)


def _light(directory: Path) -> Config:
    """Return the stack's environments with a layer that holds its lock alone."""
    copy_stack(directory)
    return load_config(directory / "parity.yaml")


def _server_ready() -> float:
    start = time.perf_counter()
    from paritycheck.provider.builtin import builtin_providers
    from paritycheck.provider.plugin.server import ProviderServer

    with tempfile.TemporaryDirectory() as directory:
        providers = builtin_providers(Path(directory))
        types = {"aws_sqs_queue", "aws_iam_policy_document"}
        with ProviderServer(providers, Path(directory, "server"), types) as server:
            assert json.loads(server.reattach)
            return time.perf_counter() - start


def rows() -> Iterator[Row]:
    """Measure the server's start, and the planning of all environments side by side."""
    yield Row("provider server ready, with the whole catalog", _server_ready(), 0.3, "s")
    with tempfile.TemporaryDirectory() as directory:
        config = _light(Path(directory, "stack"))
        built_in = _built_in(config, Path(directory, "built_in"))
        counts = _plan(config), _plan(built_in)
        ours, theirs = alternate(lambda: _plan(config), lambda: _plan(built_in))
    note = f"{ours:.2f} s for 3 x {counts[0][0]} objects against {theirs:.2f} s for 3 x {counts[1][0]}"
    yield Row("offline plans of three environments / of terraform_data", ours / theirs, 2, "x", note=note)
