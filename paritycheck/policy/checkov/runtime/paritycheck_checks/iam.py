"""What checks may ask about IAM policies: paritycheck's own reading of them, in checkov's interpreter.

It needs the standard library alone. Of what else is installed beside paritycheck nothing becomes importable.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

_ROOT = Path(__file__).resolve().parents[4]


def _mount(name: str) -> None:
    """Make a package's modules importable without the package's own imports, some of which checkov's interpreter lacks."""
    if name not in sys.modules:
        module = sys.modules[name] = ModuleType(name)
        module.__path__ = [str(_ROOT.parent.joinpath(*name.split(".")))]


for _package in ("paritycheck", "paritycheck.policy", "paritycheck.policy.iam"):
    _mount(_package)

from paritycheck.policy.iam.escalation import ESCALATIONS  # noqa: E402
from paritycheck.policy.iam.knowledge import Action, Scope, load_knowledge  # noqa: E402
from paritycheck.policy.iam.parsing import UNKNOWN, PolicyError, parse_policy  # noqa: E402
from paritycheck.policy.iam.patterns import Pattern, arn_pattern, text_pattern  # noqa: E402
from paritycheck.policy.iam.statements import Condition, Effect, Names, Policy, Principal, Statement  # noqa: E402

__all__ = [
    "ESCALATIONS",
    "UNKNOWN",
    "Action",
    "Condition",
    "Effect",
    "Names",
    "Pattern",
    "Policy",
    "PolicyError",
    "Principal",
    "Scope",
    "Statement",
    "arn_pattern",
    "load_knowledge",
    "parse_policy",
    "text_pattern",
]
