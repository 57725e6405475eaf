"""Policies: what is granted, and what is checked."""

from paritycheck.policy.examination import Examination, Examiner

__all__ = ["Examination", "Examiner"]
