"""Seeded drift on this repository's own stack: every harmful change is found where it is, no harmless one is reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from paritycheck import parity
from paritycheck.allowlist import AllowRule, ProtectRule
from paritycheck.allowlist.patterns import RuleBook
from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Finding, Severity
from paritycheck.normalize import Vocabulary, build_vocabulary
from paritycheck.plan import Plan, read_plan, static_address
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.schemas.sets import set_test
from tests.drift import Mutant, Stack, dump, rounds
from tests.drift_harmful import HARMFUL
from tests.drift_harmless import HARMLESS

ROOT = Path(__file__).parents[1]
CONFIG = load_config(ROOT / "parity.yaml")
TODAY = date(2025, 1, 1)
IS_SET = set_test(builtin_providers(ROOT))
KINDS = {"harmful": HARMFUL, "harmless": HARMLESS}
ALLOW, PROTECT = RuleBook(CONFIG.allow), RuleBook(CONFIG.protect)
TOGETHER = 16
"""Mutants that share plans, at different addresses: for each alone, reading and comparing them took minutes."""
SHARES = 8
"""Tests among which the mutants are divided."""


def rules(address: str, path: str) -> Sequence[AllowRule | ProtectRule]:
    """Return what covers an address and path; what is protected is not allowed, whatever else is written."""
    protections = [rule for rule, coverage in PROTECT.covering(address) if coverage.covers_path(path)]
    return protections or [rule for rule, coverage in ALLOW.covering(address) if coverage.covers_path(path)]


@cache
def stack() -> Stack:
    """Plan the stack once for all tests of a process."""
    plans = select_engine(CONFIG).plan_all(CONFIG.environments)
    return Stack({plan.environment: bytes(plan.document) for plan in plans}, IS_SET, rules)


@cache
def vocabulary() -> Vocabulary:
    """Return what stands for the environments in the stack's names."""
    return build_vocabulary([read(text, name) for name, text in stack().raw.items()], CONFIG.normalize)


def read(text: bytes, environment: str) -> Plan:
    """Read a plan of a test."""
    return read_plan(text, environment=environment, engine="files", origin=environment)


def errors(mutants: Sequence[Mutant]) -> list[Finding]:
    """Return what a run reports as errors of plans that hold these mutants."""
    documents = stack().fresh()
    for mutant in mutants:
        mutant.apply(documents)
    plans = [read(dump(document), name) for name, document in documents.items()]
    report = parity.check(plans, CONFIG, is_set=IS_SET, today=TODAY)
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]


def points_at(finding: Finding, mutant: Mutant) -> bool:
    """Tell whether a finding is about what was changed: its address, its rule, and a path on the way to the change or below it."""
    wanted, beside, path = (_shown(mutant, text) for text in (mutant.address, mutant.beside, mutant.path))
    if finding.address not in (wanted, beside, static_address(mutant.address)) or mutant.rule not in ("", finding.rule):
        return False
    found, written = _steps(finding.path), _steps(path)
    return bool(found) is bool(written) and all(one == two for one, two in zip(found, written, strict=False))


def _shown(mutant: Mutant, text: str) -> str:
    environments = vocabulary().environments
    number = environments.index(mutant.environment) if mutant.environment in environments else 0
    return vocabulary().show(vocabulary().normalizers[number].normalize(text))


def _steps(path: str) -> list[str]:
    """Return the names in a path; members of sets stand at other indexes in findings."""
    return re.findall(r'\["((?:[^"\\]|\\.)*)"\]|([^.\[\]]+)(?=[.\[]|$)', re.sub(r"\[\d+\]", "", path))


@cache
def divided(kinds: str) -> list[list[Mutant]]:
    """Return mutants of all kinds, in the rounds that share plans."""
    mutants = [mutant for generate, count in KINDS[kinds].values() for mutant in generate(stack(), count)]
    stack().random.shuffle(mutants)
    return list(rounds(mutants, TOGETHER))


def test_the_stack_itself_is_clean() -> None:
    assert errors([]) == []


@pytest.mark.parametrize("share", range(SHARES))
def test_every_harmful_change_is_found_where_it_is_and_nothing_else(share: int) -> None:
    missed, surplus = [], []
    for shared in divided("harmful")[share::SHARES]:
        found = errors(shared)
        missed += [str(mutant) for mutant in shared if not any(points_at(finding, mutant) for finding in found)]
        elsewhere = [finding for finding in found if not any(points_at(finding, mutant) for mutant in shared)]
        surplus += [f"{finding.rule} {finding.address} {finding.path}" for finding in elsewhere]

    assert missed == []
    assert surplus == []


@pytest.mark.parametrize("share", range(SHARES))
def test_no_harmless_change_is_reported(share: int) -> None:
    reported = [
        f"{finding.rule} {finding.address} {finding.path} {finding.values}: {[str(mutant) for mutant in shared]}"
        for shared in divided("harmless")[share::SHARES]
        for finding in errors(shared)
    ]

    assert reported == []


@pytest.mark.parametrize(("kinds", "least"), [("harmful", 500), ("harmless", 300)])
def test_the_mutants_are_as_many_and_as_various_as_they_should_be(kinds: str, least: int) -> None:
    """A pattern that no longer matches the stack would test nothing, and say nothing."""
    made = {name: sum(1 for _ in generate(stack(), count)) for name, (generate, count) in KINDS[kinds].items()}
    few = {name: count for name, count in made.items() if count < KINDS[kinds][name][1] * 2 // 3}

    assert few == {}
    assert sum(made.values()) >= least
