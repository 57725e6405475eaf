"""From verdicts to findings: one for a policy and a resource, with the verdict of every environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from paritycheck.errors import Location
from paritycheck.findings import SUPPRESSED, Allowed, Finding, Severity, Shown, Special, Word
from paritycheck.normalize import Vocabulary
from paritycheck.plan import static_address
from paritycheck.policy.checkov.outcome import Policy, Result, Results, Verdict
from paritycheck.policy.checkov.suppressions import Suppression, Suppressions
from paritycheck.rules import RULES
from paritycheck.source import Sources


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the policies found."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Allowed, ...]
    """What comments take back, under the policy's id, with their reasons."""
    passed: int
    """Verdicts, one for each policy, resource and environment."""
    failed: int
    """Those that are not suppressed; what cannot be decided before apply counts too."""
    skipped: int
    """Suppressed ones."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A policy and a resource."""

    policy: Policy
    address: str
    """Normalized."""
    results: Mapping[str, Result]
    """By environment."""
    suppressions: Mapping[str, Suppression]
    """By environment, where the verdict is no pass."""

    @property
    def open(self) -> dict[str, Result]:
        """The results that count."""
        return {name: result for name, result in self.results.items() if name not in self.suppressions}

    def values(self, environments: Sequence[str]) -> dict[str, Shown]:
        """Return what to show for every environment."""
        shown = {name: Word(result.verdict.value) for name, result in self.results.items()} | dict.fromkeys(self.suppressions, SUPPRESSED)
        return {name: shown.get(name, Special.ABSENT) for name in environments}


def judge(
    results: Results,
    vocabulary: Vocabulary,
    sources: Sequence[Sources],
    suppressions: Suppressions,
    *,
    environments: Sequence[str],
    today: date,
) -> Judgment:
    """Turn verdicts into findings, and hold the suppressions against them.

    `environments` are the names of all environments that `parity.yaml` has, even if only some were judged.
    """
    cases = list(_cases(results, vocabulary, suppressions, today))
    by_name = {source.environment.name: source for source in sources}
    judged = list(results.environments)
    findings = [finding for case in cases if (finding := _finding(case, judged, by_name))]
    findings += _audit(results, cases, suppressions, environments, today)
    verdicts = [(result.verdict, name in case.suppressions) for case in cases for name, result in case.results.items()]
    passed, skipped = sum(verdict is Verdict.PASS for verdict, _ in verdicts), sum(taken_back for _, taken_back in verdicts)
    return Judgment(tuple(findings), tuple(_suppressed(cases, judged)), passed, len(verdicts) - passed - skipped, skipped)


def _cases(results: Results, vocabulary: Vocabulary, suppressions: Suppressions, today: date) -> Iterator[_Case]:
    """Bring the verdicts on one resource in all environments together."""
    found: dict[tuple[str, str], dict[str, Result]] = {}
    normalizers = dict(zip(vocabulary.environments, vocabulary.normalizers, strict=True))
    for name, verdicts in results.environments.items():
        for result in verdicts:
            shared = normalizers[name].normalize(result.address)
            found.setdefault((result.policy.id, shared), {})[name] = result
    for (id_, shared), by_name in found.items():
        taken_back = {
            name: suppression
            for name, result in by_name.items()
            if result.verdict is not Verdict.PASS
            and (suppression := suppressions.find(id_, static_address(result.address), name, today)) is not None
        }
        yield _Case(results.policies[id_], vocabulary.show(shared), by_name, taken_back)


def _finding(case: _Case, judged: Sequence[str], sources: Mapping[str, Sources]) -> Finding | None:
    """Return what is wrong, if anything that is not suppressed is."""
    verdicts = {result.verdict for result in case.open.values()}
    if verdicts <= {Verdict.PASS}:
        return None
    slug, severity, message = _wording(case, verdicts)
    result = next(iter(sorted(case.open.values(), key=lambda each: (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS).index(each.verdict))))
    name = next(name for name, each in case.open.items() if each is result)
    path, location = _place(sources.get(name), result)
    return Finding(
        rule=slug,
        severity=severity,
        address=case.address,
        path=path,
        message=message,
        hint=_hint(case.policy),
        values=case.values(judged),
        location=location,
        cause=f"{case.policy.id} {case.policy.slug}" if case.policy.file else case.policy.id,
        policy=case.policy.id,
    )


def _wording(case: _Case, verdicts: set[Verdict]) -> tuple[str, Severity, str]:
    policy = case.policy
    said = f"{policy.id}, {policy.name!r}"
    if verdicts == {Verdict.FAIL}:
        return "policy-violation", policy.severity, f"violates {said}"
    names = {verdict: [name for name, result in case.open.items() if result.verdict is verdict] for verdict in sorted(verdicts)}
    everywhere = len(names) == 1 and not case.suppressions
    told = ", ".join(_TOLD[verdict] + ("" if everywhere else f" in {_listed(found)}") for verdict, found in names.items())
    if Verdict.FAIL in verdicts:
        return "policy-difference", Severity.ERROR, f"{said}: {told}"
    severity = policy.severity if policy.file else min(policy.severity, Severity.WARNING, key=_MILDEST.index)
    return "undecided-policy", severity, f"{said}: {told}, because of a value that is known only after apply"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


_TOLD = {Verdict.PASS: "holds", Verdict.FAIL: "is violated", Verdict.UNKNOWN: "cannot be decided"}
_MILDEST = [Severity.NOTE, Severity.WARNING, Severity.ERROR]


def _hint(policy: Policy) -> str:
    """Return a guideline in words as it is, and one that is only an address with what to do with it."""
    guideline = " ".join((policy.guideline or "").split())
    if " " in guideline:
        return guideline
    mend = f"Do as {guideline} says" if guideline else "Give it what the policy demands"
    return f"{mend}, or suppress it with a reason: `#checkov:skip={policy.id}:REASON` in its block."


def _place(sources: Sources | None, result: Result) -> tuple[str, Location | None]:
    """Return the attribute that the policy looked at and where it is written; else the block."""
    path = result.paths[0] if len(result.paths) == 1 else ""
    if sources is None:
        return path, None
    return path, (sources.locate(result.address, path) if path else None) or sources.locate(result.address)


def _suppressed(cases: Iterable[_Case], judged: Sequence[str]) -> Iterator[Allowed]:
    for case in cases:
        reasons = dict.fromkeys(suppression.reason for suppression in case.suppressions.values())
        if reasons:
            yield Allowed(case.policy.id, "; ".join(reasons), case.address, "", case.values(judged))


def _audit(
    results: Results, cases: Iterable[_Case], suppressions: Suppressions, environments: Sequence[str], today: date
) -> Iterator[Finding]:
    """Yield what is wrong with the suppressions themselves."""
    used: dict[Suppression, set[str]] = {}
    for case in cases:
        for name, suppression in case.suppressions.items():
            used.setdefault(suppression, set()).add(name)
    for suppression in suppressions.all:
        told = _complaint(suppression, results, used.get(suppression, set()), environments, today)
        if told:
            slug, message = told
            yield Finding(
                rule=slug,
                severity=RULES[slug].severity,
                address=suppression.block or "",
                message=message,
                hint=RULES[slug].fix,
                location=suppression.location,
                policy=suppression.policy or None,
            )


def _complaint(
    suppression: Suppression, results: Results, used: set[str], environments: Sequence[str], today: date
) -> tuple[str, str] | None:
    """Return what is wrong with a suppression: the rule's slug and a message."""
    id_ = suppression.policy
    if miswritten := _miswritten(suppression, results, environments):
        return "unknown-suppression", f"the suppression {miswritten}"
    if id_ not in results.policies:
        return None  # a check of checkov's own that was not run
    if not suppression.reason:
        return "unexplained-suppression", f"the suppression of {id_} has no reason, and suppresses nothing"
    if suppression.has_expired(today):
        return "expired-suppression", f"the suppression of {id_} expired on {suppression.until}"
    concerned = [name for name in results.environments if suppression.counts_in(name)]
    idle = [name for name in concerned if name not in used]
    if not idle or (used and suppression.environments is None):
        return None
    where = f" in {_listed(idle)}" if used else ""
    return "stale-suppression", f"the suppression of {id_} suppresses nothing{where}"


def _miswritten(suppression: Suppression, results: Results, environments: Sequence[str]) -> str | None:
    id_ = suppression.policy
    if not id_:
        return "names no policy"
    if id_ not in results.policies and id_ not in results.builtin:
        return f"names {id_}, which is no policy"
    if suppression.problem:
        return f"of {id_} {suppression.problem}"
    misspelled = sorted(set(suppression.environments or ()) - set(environments))
    return f"of {id_} names the environment {misspelled[0]!r}, which parity.yaml does not have" if misspelled else None
