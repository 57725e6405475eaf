"""`paritycheck rules`: what is checked, why, and how to mend it."""

from __future__ import annotations

import difflib

from paritycheck.commands import ExitCode
from paritycheck.commands.output import print_out
from paritycheck.errors import UsageError
from paritycheck.rules import RULES, Rule

_TEXT = """\
{rule.slug} ({rule.severity}; {allowable})

{rule.what}

Why      {rule.why}
Fix      {rule.fix}
Instead  {rule.before}
write    {rule.after}
"""


def rules(slug: str | None) -> ExitCode:
    """Print all rules in short, or all about one of them."""
    if slug is None:
        print_out("".join(f"{rule.slug} ({rule.severity})\n    {rule.what}\n" for rule in RULES.values()))
    else:
        print_out(_describe(_find(slug)))
    return ExitCode.HELD


def _find(slug: str) -> Rule:
    if slug not in RULES:
        near = difflib.get_close_matches(slug, RULES, n=1)
        raise UsageError(f"there is no rule {slug!r}", hint=f"Did you mean {near[0]}?" if near else "`paritycheck rules` lists them.")
    return RULES[slug]


def _describe(rule: Rule) -> str:
    return _TEXT.format(rule=rule, allowable="an allow rule can permit it" if rule.allowable else "no allow rule can permit it")
