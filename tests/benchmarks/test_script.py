"""The script that `paritycheck run` is measured against does its work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.script import PLANS, find_tools, run_script
from tools.record_stack import prepared_stack


def test_the_script_plans_and_compares_the_environments() -> None:
    with prepared_stack(None) as (core, stack, env):
        run_script(PLANS, stack, {**env, **find_tools(core.command)})

        for name in ("dev-staging.diff", "staging-prod.diff"):
            assert '"memory_size"' in (stack / name).read_text(encoding="utf-8")


def test_a_command_that_fails_ends_the_script(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no-such-program"):
        run_script("no-such-program; true", tmp_path, os.environ)
