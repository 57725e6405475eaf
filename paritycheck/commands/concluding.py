"""From a report to an exit code: what is known is set apart, the reports are written, the verdict is given."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from paritycheck.commands import ExitCode
from paritycheck.commands.output import Outputs
from paritycheck.findings import Severity

if TYPE_CHECKING:
    from paritycheck.config import Config
    from paritycheck.findings import Report


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a run ends."""

    outputs: Outputs
    fail_on: Severity = Severity.ERROR
    """The mildest severity that fails it."""

    def draw(self, report: Report) -> ExitCode:
        """Write the reports, and return the exit code that the verdict has."""
        report = dataclasses.replace(report, fail_on=self.fail_on)
        self.outputs.write(report)
        return ExitCode.HELD if report.passed else ExitCode.FINDINGS


def find_news(config: Config, examine: Callable[[], Report]) -> Report:
    """Examine the environments, and set what the baseline holds apart from the news."""
    set_apart = _baseline(config)
    return set_apart(examine())


def _baseline(config: Config) -> Callable[[Report], Report]:
    """Read the baseline, if there is one, before anybody waits for a plan; return what sets apart the findings that it holds."""
    file = config.baseline
    if file is None:
        return lambda report: report
    from paritycheck.baseline import read_baseline, set_apart

    baseline = read_baseline(file)
    today = datetime.now(UTC).date()

    def apply(report: Report) -> Report:
        complete = report.compared and {environment.name for environment in report.environments} >= {*config.known}
        return set_apart(report, baseline, file, today, complete=complete)

    return apply
