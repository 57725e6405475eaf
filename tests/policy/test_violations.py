"""Seeded violations on this repository's own stack: each is noticed, at the right resource, and the stack as it is has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from paritycheck.findings import Special
from paritycheck.normalize import build_vocabulary
from paritycheck.plan import Plan, read_plan
from paritycheck.policy.checkov import Result, Verdict, find_checkov, start_checks
from paritycheck.policy.privilege import prove
from paritycheck.source import Sources, load_all
from tests.policy.violations import Draft, Violation, rounds
from tests.policy.violations_attributes import KEYS, VALUES, attribute_violations
from tests.policy.violations_configuration import CONFIGURATIONS, write_configuration
from tests.policy.violations_documents import document_violations
from tests.policy.violations_identity import IDENTITY
from tests.policy.violations_others import OTHERS
from tests.policy.violations_resources import resource_violations

ROOT = Path(__file__).parents[2]
CONFIG = load_config(ROOT / "parity.yaml")
ENVIRONMENT = CONFIG.environments[0]
TOGETHER = 100
"""Violations that share a plan: for each alone, judging took hours."""


Reported = set[tuple[str, str]]
"""What is reported of a plan: the address, and the name of the policy or of the proof's rule."""


@dataclass(frozen=True)
class Round:
    """Violations that share a plan, and what is reported of it."""

    violations: Sequence[Violation]
    checked: Reported
    proven: Reported

    def missed(self) -> Iterator[str]:
        """Name the violations that are not noticed at each of their addresses."""
        found = self.checked | self.proven
        for violation in self.violations:
            for address in violation.addresses:
                if not any((address, name) in found for name in violation.by):
                    others = sorted(name for where, name in found if where == address)
                    yield f"{violation}: nothing but {others} at {address}"

    def surplus(self) -> Iterator[str]:
        """Name what is reported although nothing was done there."""
        concerned = {address for each in self.violations for address in (*each.addresses, *each.beside)}
        spreads = any(each.spreads for each in self.violations)
        yield from (f"{name} at {address}" for address, name in self.checked if address not in concerned)
        yield from (f"{name} at {address}" for address, name in self.proven if address not in concerned and not spreads)


def judge(texts: Sequence[bytes]) -> Iterator[tuple[Reported, Reported]]:
    """Yield what the policies and what the proof reports of each plan."""
    environments = [replace(ENVIRONMENT, name=f"plan{number}") for number in range(len(texts))]
    plans = [read_plan(text, environment=each.name, engine="files", origin="test") for text, each in zip(texts, environments, strict=True)]
    sources = load_all(environments, CONFIG.normalize.variable)
    assert CONFIG.policies
    with start_checks(find_checkov(None, ROOT, lambda path: pytest.fail(f"no {path}: make setup")), CONFIG.policies, CONFIG.path) as checks:
        checks.submit(plans, (), sources)
        proven = list(_prove(plans, sources))
        checked = checks.results().environments
    for plan, reported in zip(plans, proven, strict=True):
        yield {(each.address, _name(each)) for each in checked[plan.environment] if each.verdict is not Verdict.PASS}, reported


def seeded(draft: Draft) -> list[Violation]:
    """Return all violations of a plan, but for those of configurations."""
    return [*attribute_violations(draft), *document_violations(draft, (*IDENTITY, *OTHERS)), *resource_violations(draft)]


@cache
def stack() -> bytes:
    """Plan the stack as it is, in one environment."""
    return bytes(select_engine(CONFIG).plan(ENVIRONMENT).document)


def _plan_changed(directory: Path) -> list[bytes]:
    """Plan each of the changed configurations."""
    environments = []
    for number, rewritings in enumerate(CONFIGURATIONS):
        environments.append(replace(ENVIRONMENT, name=f"changed{number}", dir=directory / str(number)))
        environments[-1].dir.mkdir()
        write_configuration(ROOT, environments[-1].dir, rewritings)
    return [bytes(plan.document) for plan in select_engine(CONFIG).plan_all(environments)]


def _break(stack: bytes, violations: Sequence[Violation]) -> bytes:
    draft = Draft(stack)
    for violation in violations:
        violation.apply(draft)
    return draft.dump()


def _name(result: Result) -> str:
    """Name the policy; one that cannot tell has not noticed anything."""
    return result.policy.slug if result.verdict is Verdict.FAIL else f"undecided {result.policy.slug}"


def _prove(plans: Sequence[Plan], sources: Sequence[Sources]) -> Iterator[Reported]:
    """Yield what the proof reports of each plan by itself: that one grants more than another is not its own fault."""
    proven = prove(plans, CONFIG, sources, build_vocabulary(plans, CONFIG.normalize))
    findings = [finding for finding in proven if finding.rule != "excess-grant"]
    for plan in plans:
        yield {
            (finding.address, finding.rule)
            for finding in findings
            if not finding.values or finding.values[plan.environment] is not Special.ABSENT
        }


def test_every_violation_is_noticed_where_it_is_and_nothing_else(tmp_path: Path) -> None:
    shared = list(rounds(seeded(Draft(stack())), TOGETHER))
    rewritten = [[each.violation(Draft(stack())) for each in rewritings] for rewritings in CONFIGURATIONS]
    texts = [stack(), *(_break(stack(), violations) for violations in shared), *_plan_changed(tmp_path)]
    clean, *judged = (Round(violations, *reported) for violations, reported in zip([[], *shared, *rewritten], judge(texts), strict=True))

    assert (set(), set()) == (clean.checked, clean.proven)
    assert [] == [missed for each in judged for missed in each.missed()]
    assert [] == [surplus for each in judged for surplus in each.surplus()]


def test_every_way_to_break_a_stack_breaks_this_one() -> None:
    """A pattern that no longer matches the stack would test nothing, and say nothing."""
    made = seeded(Draft(stack()))
    families = {each.family for each in (*IDENTITY, *OTHERS)} | {*VALUES}
    places = {*KEYS, *(place for each in VALUES.values() for place in each)}
    tried = {f"{each.addresses[0].partition('.')[0]} {each.detail.partition(' = ')[0]}" for each in made}

    assert (set(), set()) == (families - {each.family for each in made}, places - tried)
    assert len(made) >= 1500
