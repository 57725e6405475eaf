"""What checks may ask about IAM policies: paritycheck's own reading of them, in checkov's interpreter.

It needs the standard library alone. Of what else is installed beside paritycheck nothing becomes importable.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def _mount(name: str, directory: Path) -> None:
    """Make a package importable, and nothing beside it."""
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(name, directory / "__init__.py", submodule_search_locations=[str(directory)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{directory} holds no package")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


_mount("paritycheck", Path(__file__).resolve().parents[4])

from paritycheck.policy.iam.knowledge import Action, Scope, load_knowledge  # noqa: E402
from paritycheck.policy.iam.parsing import UNKNOWN, PolicyError, parse_policy  # noqa: E402
from paritycheck.policy.iam.patterns import Pattern, arn_pattern, text_pattern  # noqa: E402
from paritycheck.policy.iam.statements import Condition, Effect, Names, Policy, Principal, Statement  # noqa: E402

__all__ = [
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
