"""Custom and built-in checkov checks on all plans, in one process of checkov's own interpreter.

The order of use: `find_checkov`, `start_checks` before the plans are made, `Checks.submit` with the plans, `Checks.results` when
the comparison is done, and `judge`.
"""

from paritycheck.policy.checkov.environment import find_checkov
from paritycheck.policy.checkov.judgment import Judgment, judge
from paritycheck.policy.checkov.outcome import Policy, Result, Results, Verdict
from paritycheck.policy.checkov.running import Checks, start_checks
from paritycheck.policy.checkov.suppressions import Suppression, Suppressions

__all__ = [
    "Checks",
    "Judgment",
    "Policy",
    "Result",
    "Results",
    "Suppression",
    "Suppressions",
    "Verdict",
    "find_checkov",
    "judge",
    "start_checks",
]
