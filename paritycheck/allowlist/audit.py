"""Findings about the rules themselves: stale, too broad, expired, not reasoned yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from paritycheck.allowlist.judge import Judge
from paritycheck.allowlist.patterns import Coverage, is_wild
from paritycheck.allowlist.rules import AllowRule, ProtectRule
from paritycheck.findings import Finding
from paritycheck.plan import static_address
from paritycheck.rules import RULES

Use = tuple[str, str]
"""Address and path of a difference that a rule covers."""

Known = tuple[str, str]
"""All addresses, one a line: as they are, and without the keys of their instances."""

FEW = 3
"""Names up to which a pattern could as well list what differs."""
MANY = 50
"""Resources from which on a rule for one in a hundred of them is too broad."""


def audit(judge: Judge, uses: Mapping[str, Sequence[Use]], addresses: Iterable[str]) -> Iterator[Finding]:
    """Yield what is wrong with the rules, given the differences that each covered, by its id, and all addresses there are."""
    lines = "\n".join(" ".join(address.splitlines()) for address in addresses)
    known = lines, static_address(lines)
    for rule, _ in judge.expired:
        yield _finding("expired-allowance", rule, f"allow rule {rule.id!r} expired on {rule.expires}")
    for rule, _ in judge.proposed:
        yield _finding("unexplained-allowance", rule, f"allow rule {rule.id!r} has no reason")
    for rule, coverage in judge.active:
        if not uses.get(rule.id):
            yield _finding("stale-allowance", rule, _staleness(rule, coverage, known, judge.passed_over.get(rule.id)))
        elif excess := _excess(rule, coverage, uses[rule.id], known):
            yield _finding("broad-allowance", rule, f"allow rule {rule.id!r} {excess}")
    for protection, coverage in judge.protect:
        if not _matches(coverage, known):
            yield _finding("stale-protection", protection, f"protect rule {protection.id!r} matches no resource of any plan")


def _matches(coverage: Coverage, known: Known) -> int:
    return next(filter(None, map(coverage.count, known)), 0)


def _staleness(rule: AllowRule, coverage: Coverage, known: Known, reason: str | None) -> str:
    if not _matches(coverage, known):
        return f"allow rule {rule.id!r} matches no resource of any plan"
    return f"allow rule {rule.id!r} permits nothing: {reason or 'what it covers agrees in all environments'}"


def _excess(rule: AllowRule, coverage: Coverage, uses: Sequence[Use], known: Known) -> str | None:
    """Say how a rule is too broad: a pattern for everything where few names differ, or one resource in a hundred."""
    if rule.one_of:
        return None
    attributes = sorted({path.partition(".")[0].partition("[")[0] for _, path in uses if path})
    if attributes and any(map(is_wild, rule.attributes)):
        return f"covers all attributes, but only {_listing(attributes)} of what it matches differ"
    kinds = sorted({static_address(address).rpartition(".")[0] for address, _ in uses})
    if any(map(is_wild, rule.resources)) and len(kinds) <= FEW < _kinds(known[1]):
        return f"covers all resources, but only {_listing(kinds)} differ"
    matched, differing = _matches(coverage, known), len({address for address, _ in uses})
    if matched >= MANY and differing * 100 <= matched:
        return f"covers {matched} resources, of which {differing} differ"
    return None


def _kinds(lines: str) -> int:
    return len({address.rpartition(".")[0] for address in lines.splitlines()})


def _listing(names: Sequence[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def _finding(slug: str, rule: AllowRule | ProtectRule, message: str) -> Finding:
    definition = RULES[slug]
    address = f"{'allow' if isinstance(rule, AllowRule) else 'protect'}.{rule.id}"
    return Finding(slug, definition.severity, address, message, definition.fix, location=rule.location, allow=rule.id)
