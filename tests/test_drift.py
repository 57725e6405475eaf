"""Seeded drift on this repository's own stack: every harmful change is found where it is, no harmless one is reported."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from paritycheck import parity
from paritycheck.allowlist.patterns import Coverage
from paritycheck.compare.paths import render
from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Finding, Severity
from paritycheck.normalize import Vocabulary, build_vocabulary
from paritycheck.plan import read_plan
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.schemas.sets import set_test
from tests.drift import HARMFUL, HARMLESS, Mutant, Stack, Steps

ROOT = Path(__file__).parents[1]
CONFIG = load_config(ROOT / "parity.yaml")
TODAY = date(2025, 1, 1)
IS_SET = set_test(builtin_providers(ROOT))


def may_differ(address: str, steps: Steps) -> bool:
    """Tell whether an allow rule covers a path, so that a change there may be harmless."""
    coverages = [Coverage(rule) for rule in CONFIG.allow]
    return any(coverage.covers_address(address) and coverage.covers_path(render(steps)) for coverage in coverages)


@cache
def stack() -> Stack:
    """Plan the stack once for all tests of a process."""
    plans = select_engine(CONFIG).plan_all(CONFIG.environments)
    return Stack({plan.environment: json.loads(plan.document) for plan in plans}, IS_SET, may_differ)


@cache
def names() -> Vocabulary:
    """Return what stands for the environments in the stack's names."""
    plans = [read_plan(document, environment=name, engine="files", origin=name) for name, document in stack().raw.items()]
    return build_vocabulary(plans, CONFIG.normalize)


def errors(mutant: Mutant) -> list[Finding]:
    """Return what a run reports as errors."""
    plans = [read_plan(document, environment=name, engine="files", origin=name) for name, document in mutant.documents.items()]
    report = parity.check(plans, CONFIG, is_set=IS_SET, today=TODAY)
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]


def points_at(finding: Finding, mutant: Mutant) -> bool:
    """Tell whether a finding is about what was changed: its address, and a path on the way to the change or below it."""
    vocabulary = names()
    number = max(0, vocabulary.environments.index(mutant.environment)) if mutant.environment != "*" else 0
    address = vocabulary.show(vocabulary.normalizers[number].normalize(mutant.address))
    if re.sub(r"\[.*", "", finding.address) != re.sub(r"\[.*", "", address):
        return False
    if finding.address not in (address, re.sub(r"\[.*", "", address)):
        return False
    found, wanted = (re.sub(r"\[\d+\]", "", path) for path in (finding.path, mutant.path))
    return found.startswith(wanted) or wanted.startswith(found)


def test_the_stack_itself_is_clean() -> None:
    assert errors(Mutant("none", "*", stack().raw)) == []


@pytest.mark.parametrize(("generate", "count"), HARMFUL, ids=lambda value: getattr(value, "__name__", ""))
def test_every_harmful_change_is_found_where_it_is(generate, count) -> None:
    mutants = list(generate(stack(), count))
    missed = [str(mutant) for mutant in mutants if not any(points_at(finding, mutant) for finding in errors(mutant))]

    assert missed == []
    assert len(mutants) >= count * 2 // 3


@pytest.mark.parametrize(("generate", "count"), HARMLESS, ids=lambda value: getattr(value, "__name__", ""))
def test_no_harmless_change_is_reported(generate, count) -> None:
    mutants = list(generate(stack(), count))
    reported = [f"{mutant}: {finding.rule} {finding.address} {finding.path}" for mutant in mutants for finding in errors(mutant)]

    assert reported == []
    assert len(mutants) >= count * 2 // 3
