"""`paritycheck rules`: what is checked, why, and how to mend it."""

from __future__ import annotations

import difflib

from paritycheck.commands import ExitCode
from paritycheck.commands.output import print_out
from paritycheck.errors import UsageError
from paritycheck.rules import RULES, Rule


def rules(slug: str | None) -> ExitCode:
    """Print all rules in a line each, or all about one of them."""
    if slug is None:
        width = max(map(len, RULES))
        print_out("".join(f"{name:<{width}}  {rule.severity:<7}  {rule.what}\n" for name, rule in RULES.items()))
    else:
        print_out(_describe(_find(slug)))
    return ExitCode.HELD


def _find(slug: str) -> Rule:
    if slug not in RULES:
        near = difflib.get_close_matches(slug, RULES, n=1)
        raise UsageError(f"there is no rule {slug!r}", hint=f"did you mean {near[0]}?" if near else "`paritycheck rules` lists them")
    return RULES[slug]


def _describe(rule: Rule) -> str:
    return f"{rule.slug} ({rule.severity})\n\nWhat  {rule.what}\nWhy   {rule.why}\nFix   {rule.fix}\n"
