"""What findings and verdicts are in words: in one line, inert, for every format to lay out as it likes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from paritycheck.errors import Location
from paritycheck.findings import SUPPRESSED, Allowed, EnvironmentSummary, Finding, PolicyCounts, Report, Severity, join_path
from paritycheck.inert import inert, shorten
from paritycheck.reporters.causes import Cause
from paritycheck.reporters.values import side_by_side, stands_alone
from paritycheck.rules import RULES

_TEXT = 600
"""Characters of a message, an address or a hint that are shown."""

_HINTS = 3
"""Different hints of one cause that are shown."""


def one_line(text: str) -> str:
    """Return a text in one line that cannot act, the middle of a long one left out."""
    return inert(shorten(text, _TEXT))


def subject(finding: Finding | Allowed) -> str:
    """Name what a finding is about: the address and the path below it; empty for the run itself."""
    return one_line(join_path(finding.address, finding.path))


def sentence(message: str) -> str:
    """Let a message, which says of its address what is wrong, stand alone; what begins with a name keeps it as it is."""
    message = one_line(message)
    begin = message[:1].upper() if message.partition(" ")[0].isalpha() else message[:1]
    return begin + message[1:] + ("" if message.endswith((".", ":", "!", "?")) else ".")


def odd_one(finding: Finding) -> str | None:
    """Name the one environment whose value stands out; a verdict tells by itself what is wrong."""
    return None if finding.policy else stands_alone(finding.values)


def summary(findings: Sequence[Finding]) -> str:
    """Say what findings of one cause have in common, if anything: the message, and which environment stands out."""
    messages, odd = {finding.message for finding in findings}, {odd_one(finding) for finding in findings}
    message = sentence(messages.pop()) if len(messages) == 1 else ""
    name = odd.pop() if len(odd) == 1 else None
    return f"{message} {one_line(name)} stands alone.".lstrip() if name else message


def hints(cause: Cause) -> list[str]:
    """Say how to mend a cause, in some ways if its findings have several."""
    different = dict.fromkeys(finding.hint or RULES[cause.rule].fix for finding in cause.findings)
    return [one_line(hint) for hint in different][:_HINTS]


def shown_values(finding: Finding | Allowed) -> dict[str, str]:
    """Return the value of every environment, each in one line."""
    return {one_line(name): " ".join(text.split("\n")) for name, text in side_by_side(finding.values).items()}


def shown_place(location: Location | None) -> str:
    """Name a place as `file:line:column`."""
    return one_line(str(location)) if location else ""


def by_rule(permitted: Iterable[Allowed]) -> Iterator[tuple[str, list[Allowed]]]:
    """Yield each rule, or policy, with what it permits."""
    ordered = sorted(permitted, key=lambda one: (one.allow, one.address, one.path))
    for rule, members in groupby(ordered, key=lambda one: one.allow):
        yield rule, list(members)


def suppressed_in(members: Iterable[Allowed]) -> list[str]:
    """Name the environments in which verdicts are suppressed."""
    return list(dict.fromkeys(inert(name) for one in members for name, value in one.values.items() if value == SUPPRESSED))


def outcome(report: Report) -> str:
    """Say of the environments what holds, and what does not."""
    grave = report.passed and any(each.severity.reaches(report.fail_on) for each in report.known)
    return f"{_listed(report.environments)} {_held(report)}{', but for what the baseline holds' if grave else ''}".lstrip()


def counts(report: Report) -> str:
    """Say how much was found and examined; empty where there is nothing to say."""
    found = [
        *(counted(report.count(severity), severity.value) for severity in Severity if report.count(severity)),
        *([f"{len(report.known):,} known"] if report.known else []),
        *(_compared(report) if report.compared else ()),
        *(_judged(report.policies) if report.policies else ()),
    ]
    return ", ".join(found)


def verdict(report: Report) -> str:
    """Return all of this in one line, without the word PASS or FAIL."""
    return ": ".join(filter(None, (outcome(report), counts(report)))) + "."


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 error`, `2 errors`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _listed(environments: tuple[EnvironmentSummary, ...]) -> str:
    names = [inert(environment.name) for environment in environments]
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _held(report: Report) -> str:
    if not report.compared:
        several = len(report.environments) > 1
        keeps, keeps_not = ("keep", "do not keep") if several else ("keeps", "does not keep")
        return f"{keeps if report.passed else keeps_not} the policies"
    match _passed(report, of_policies=False), _passed(report, of_policies=True):
        case True, True:
            return "hold parity and keep the policies" if report.policies else "hold parity"
        case True, False:
            return "hold parity, but do not keep the policies"
        case False, True:
            return "do not hold parity"
        case _:
            return "neither hold parity nor keep the policies"


def _passed(report: Report, *, of_policies: bool) -> bool:
    return replace(report, findings=tuple(each for each in report.findings if RULES[each.rule].of_policies is of_policies)).passed


def _compared(report: Report) -> Iterator[str]:
    yield counted(len(report.allowed), "allowed difference")
    yield counted(report.compared_values, "value") + " compared"
    yield f"{report.normalized:,} equal but for the environment's name"


def _judged(policies: PolicyCounts) -> Iterator[str]:
    yield counted(policies.passed, "policy verdict") + " passed"
    if policies.suppressed:
        yield f"{policies.suppressed:,} suppressed"
