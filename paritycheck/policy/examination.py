"""All that is held against policies in one run: checkov's checks in a process of their own, and the least-privilege proof here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from paritycheck.findings import Allowed, Finding, PolicyCounts, Skipped
from paritycheck.policy.privilege import prove, supersede

if TYPE_CHECKING:
    from paritycheck.config import Config
    from paritycheck.normalize import Vocabulary
    from paritycheck.plan import Plan
    from paritycheck.policy.checkov import Checks
    from paritycheck.source import Sources


@dataclass(frozen=True, slots=True)
class Examination:
    """What policies have to say."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Allowed, ...] = ()
    counts: PolicyCounts | None = None
    """`None` where no policy judged anything."""
    skipped: tuple[Skipped, ...] = ()
    """What had nothing to say."""

    def supersede(self, others: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings of a comparison and these, without those whose meaning others of them tell."""
        return supersede((*others, *self.findings))


class Examiner:
    """Examines the plans of one run; checkov's process ends with the context."""

    def __init__(self, config: Config, python: Path | None) -> None:
        """Start checkov's interpreter, if there is one to run policies with, so that it is ready when the plans are."""
        self.checkov = python
        """The interpreter that runs the checks; `None` where none run."""
        self._config = config
        self._stack = ExitStack()
        self._checks: Checks | None = None
        if python and config.policies:
            from paritycheck.policy.checkov import start_checks

            self._checks = self._stack.enter_context(start_checks(python, config.policies, config.path))

    def __enter__(self) -> Examiner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, trace)

    def begin(self, plans: Sequence[Plan], sources: Sequence[Sources], today: date) -> Callable[[Vocabulary], Examination]:
        """Hand the plans to the policies, and do not wait for them.

        What is returned proves least privilege while they run, and then waits for their verdicts; it raises `PlanError` where
        there are none.
        """
        checks, config = self._checks, self._config
        if checks is None:
            return lambda vocabulary: Examination(prove(plans, config, sources, vocabulary))
        from paritycheck.policy.checkov import Suppressions, judge

        suppressions = Suppressions.read(sources)
        checks.submit(plans, suppressions.ids, sources)

        def examine(vocabulary: Vocabulary) -> Examination:
            findings = prove(plans, config, sources, vocabulary)
            results = checks.results()
            judgment = judge(results, vocabulary, sources, suppressions, environments=config.known, today=today)
            found = (*findings, *judgment.findings)
            if not any(results.environments.values()):
                return Examination(found, skipped=(_unconcerned(len(results.policies)),))
            return Examination(found, judgment.suppressed, PolicyCounts(judgment.passed, judgment.failed, judgment.skipped))

        return examine


def _unconcerned(count: int) -> Skipped:
    """Say that no policy had anything to judge: no resource is of a type that one of them is about."""
    none = f"none of the {count} policies is about a" if count > 1 else "the only policy is about no"
    return Skipped("policies", f"{none} resource of these plans")
