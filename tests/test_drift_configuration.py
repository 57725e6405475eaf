"""Seeded drift in the stack's own configuration: edits of its files, planned again in all environments.

Edits that do not touch each other share one plan, which takes seconds; each must be found by itself, where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from paritycheck import parity
from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Finding
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.schemas.sets import set_test
from paritycheck.source import load_all
from tests.drift_edits import HARMFUL, HARMLESS, Edit
from tools.copy_stack import copy_stack


def planned(edits: Sequence[Edit], directory: Path) -> tuple[Finding, ...]:
    """Plan a copy of the stack with all edits in it, and return what is found."""
    copy_stack(directory)
    for edit in edits:
        path = directory / edit.file
        text, count = re.subn(edit.pattern, edit.replacement, path.read_text(encoding="utf-8"))
        assert count, f"{edit.pattern} does not match {edit.file}"
        path.write_text(text, encoding="utf-8")
    config = load_config(directory / "parity.yaml")
    sources = load_all(config.environments, config.normalize.variable)
    plans = select_engine(config).plan_all(config.environments)
    is_set = set_test(builtin_providers(directory))
    return parity.check(plans, config, sources=sources, is_set=is_set, today=date(2025, 1, 1)).findings


@pytest.fixture(scope="module")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Finding, ...]]:
    """The stack with all harmful edits in it, and what is found."""
    directory = tmp_path_factory.mktemp("drifting")
    return directory, planned(HARMFUL, directory)


def lines(finding: Finding, directory: Path) -> Iterator[str]:
    """Return the lines that a finding names: its own, and those that lead to it."""
    for place in filter(None, (finding.location, *(related.location for related in finding.related))):
        yield read(directory / Path(place.file).relative_to(directory) if Path(place.file).is_absolute() else directory / place.file)[
            place.line - 1
        ]


@cache
def read(path: Path) -> list[str]:
    """Return the lines of a file."""
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("edit", [edit for edit in HARMFUL if edit.expected], ids=lambda edit: edit.kind)
def test_a_harmful_edit_is_found_where_it_is_written(edit: Edit, drifting: tuple[Path, tuple[Finding, ...]]) -> None:
    directory, findings = drifting
    for rule, address, path in edit.expected:
        about = [finding for finding in findings if finding.address.startswith(address) and finding.path.startswith(path)]
        matching = [finding for finding in about if finding.rule == rule]

        assert matching, [(finding.rule, finding.address, finding.path) for finding in about]
        assert any(edit.marker in line for finding in matching for line in lines(finding, directory)), [
            (finding.location, finding.related) for finding in matching
        ]


def test_harmless_edits_are_not_reported(tmp_path: Path) -> None:
    assert planned(HARMLESS, tmp_path) == ()
