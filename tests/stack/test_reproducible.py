"""The same sources give the same plans, wherever and by whomever they were checked out."""

import json
import os
from pathlib import Path
from typing import Any

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from tools.copy_stack import copy_stack


def plan(directory: Path, umask: int) -> list[Any]:
    """The environments' plans of a copy of the stack, without the time, and the one list that Terraform writes in any order."""
    before = os.umask(umask)
    try:
        directory.mkdir(parents=True)
        copy_stack(directory)
        config = load_config(directory / "parity.yaml")
        plans = [json.loads(document) for document in select_engine(config).documents(config.environments)]
    finally:
        os.umask(before)
    return [json.dumps({**plan, "timestamp": None, "relevant_attributes": None}) for plan in plans]


def test_the_plans_are_the_same_in_another_place_under_another_umask(tmp_path: Path) -> None:
    first = plan(tmp_path / "one", 0o022)
    second = plan(tmp_path / "quite another" / "place", 0o077)

    assert first == second
