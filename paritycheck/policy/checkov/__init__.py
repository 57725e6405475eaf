"""Custom and built-in checkov checks on all plans, in one process of checkov's own interpreter."""

from paritycheck.policy.checkov.outcome import Policy, Result, Results, Verdict
from paritycheck.policy.checkov.running import Checks, Selection, start_checks

__all__ = ["Checks", "Policy", "Result", "Results", "Selection", "Verdict", "start_checks"]
