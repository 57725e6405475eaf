"""The core: plans in, a report out. Each step is a module of its own; this one only puts them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from paritycheck.allowlist import Breach, Judge, Permit, audit, refuse_contradictions
from paritycheck.compare import Difference, IsSet, Redactor, compare, inspect, know_secrets, require
from paritycheck.config import Config
from paritycheck.errors import Location, PlanError, shown_path
from paritycheck.findings import Allowed, Area, Finding, Report, Skipped, sort_findings
from paritycheck.normalize import Vocabulary, build_vocabulary
from paritycheck.plan import Plan
from paritycheck.rules import RULES
from paritycheck.topology import Topology

if TYPE_CHECKING:
    from paritycheck.policy import Examination
    from paritycheck.source import Sources

    Examine = Callable[[Vocabulary], Examination]
    """Says what policies have found; called when the comparison is done, because they run beside it."""

_PROTECTABLE = frozenset({"value-difference", "undecidable-value", "edge-difference"})


def check(
    plans: Sequence[Plan],
    config: Config,
    *,
    sources: Sequence[Sources] | None = None,
    is_set: IsSet | None = None,
    today: date,
    examine: Examine | None = None,
    topology: bool = False,
) -> Report:
    """Prove that the environments are the same but for what is allowed, or say where they are not.

    `sources` explain findings; `is_set` is the schema's word on which values are sets; with `topology`, the report holds
    all resources. Raises `PlanError` where there is no verdict, and `ConfigError` where the rules contradict each other.
    """
    require(plans)
    refuse_contradictions(config.allow, config.protect)
    judge = Judge(config.allow, config.protect, today)
    vocabulary = build_vocabulary(plans, config.normalize)
    comparison = compare(plans, vocabulary, is_set, sources)
    if not comparison.compared_values and not comparison.differences:
        raise PlanError("Nothing was compared: the plans hold no values", hint="Plan the whole stack, and pass its plans.")
    outcome = _Outcome()
    for difference in (*inspect(plans, vocabulary), *comparison.differences):
        outcome.add(difference, judge, sources)
    outcome.findings += audit(judge, outcome.uses, comparison.addresses)
    if sources:
        from paritycheck.source import hazards

        outcome.findings += hazards(sources, config.normalize.variable)
    report = Report(
        environments=tuple(plan.summary for plan in plans),
        findings=tuple(outcome.findings),
        allowed=tuple(outcome.allowed),
        skipped=tuple(_skipped(plans)),
        compared_values=comparison.compared_values,
        normalized=comparison.normalized,
        place=_place(config),
        examined=(Area.COMPARISON, Area.ALLOWANCES, *((Area.SOURCES,) if sources else ())),
        topology=_topology(plans, vocabulary, comparison.redactor, is_set, sources) if topology else None,
    )
    return _complete(report, config, examine(vocabulary) if examine else None, comparison.redactor)


def check_policies(
    plans: Sequence[Plan], config: Config, examine: Examine, *, sources: Sequence[Sources] | None = None, topology: bool = False
) -> Report:
    """Hold one environment or more against policies alone. Raises `PlanError` where there is no verdict."""
    vocabulary = build_vocabulary(plans, config.normalize)
    redactor = know_secrets(plans, vocabulary)
    report = Report(
        environments=tuple(plan.summary for plan in plans),
        findings=(),
        place=_place(config),
        compared=False,
        topology=_topology(plans, vocabulary, redactor, None, sources) if topology else None,
    )
    return _complete(report, config, examine(vocabulary), redactor)


def survey(plans: Sequence[Plan], config: Config, *, sources: Sequence[Sources] | None = None) -> Report:
    """Show the resources of one environment or more, held against nothing. Raises `PlanError` as `check` does."""
    vocabulary = build_vocabulary(plans, config.normalize)
    redactor = know_secrets(plans, vocabulary)
    topology = _topology(plans, vocabulary, redactor, None, sources)
    return Report(tuple(plan.summary for plan in plans), findings=(), compared=False, topology=topology)


def _place(config: Config) -> Location | None:
    """Return where the stack is described: in `parity.yaml`, or else in the first file of an environment."""
    described = (file for each in config.environments for file in (*each.var_files, each.plan) if file)
    file = config.path if config.known else next(described, None)
    return Location(shown_path(file), 1) if file else None


def _topology(
    plans: Sequence[Plan], vocabulary: Vocabulary, redactor: Redactor, is_set: IsSet | None, sources: Sequence[Sources] | None
) -> Topology:
    from paritycheck.graph import build_topology

    return build_topology(plans, vocabulary, redactor, is_set=is_set, sources=sources)


def _complete(report: Report, config: Config, examination: Examination | None, redactor: Redactor) -> Report:
    """Add what policies found, put all in order, and blot out the secrets."""
    if examination:
        findings = examination.supersede(report.findings)
        examined = {Area.POLICIES: examination.counts is not None, Area.PRIVILEGES: config.least_privilege is not None}
        report = replace(
            report,
            findings=findings,
            suppressed=examination.suppressed,
            policies=examination.counts,
            skipped=(*report.skipped, *examination.skipped),
            examined=(*report.examined, *(area for area, done in examined.items() if done)),
        )
    redact = redactor.redact_finding
    return replace(
        report,
        findings=sort_findings([redact(finding) for finding in report.findings]),
        allowed=tuple(map(redact, report.allowed)),
        suppressed=tuple(map(redact, report.suppressed)),
    )


@dataclass
class _Outcome:
    findings: list[Finding] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)
    uses: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Address and path of what each allow rule covers."""

    def add(self, difference: Difference, judge: Judge, sources: Sequence[Sources] | None) -> None:
        """Ask the rules about a difference, and keep what they say."""
        allowable = RULES[difference.rule].allowable
        protection = judge.protection(difference.address, difference.path) if allowable else None
        verdict = judge.judge(difference.subject) if allowable and not protection else None
        if verdict:
            self.uses.setdefault(verdict.rule.id, []).append((difference.address, difference.path))
        if isinstance(verdict, Permit):
            rule = verdict.rule
            self.allowed.append(Allowed(rule.id, rule.reason, difference.address, difference.path, difference.values))
            return
        finding = _finding(difference)
        if protection:
            slug = "protected-difference" if difference.rule in _PROTECTABLE else difference.rule
            hint = f"Protected by {protection.id!r}: {protection.reason}"
            finding = replace(finding, rule=slug, allow=protection.id, hint=hint)
        elif isinstance(verdict, Breach):
            message = f"breaks allow rule {verdict.rule.id!r}, which demands {verdict.demand}"
            finding = replace(finding, rule=verdict.slug, allow=verdict.rule.id, message=message, hint=RULES[verdict.slug].fix)
        elif idle := judge.idle(difference.subject):
            rule, says = idle
            finding = replace(finding, message=f"{finding.message}; {says}", allow=rule.id)
        self.findings.append(_explain(finding, difference, sources))


def _finding(difference: Difference) -> Finding:
    rule = RULES[difference.rule]
    return Finding(
        rule=rule.slug,
        severity=difference.severity or rule.severity,
        address=difference.address,
        path=difference.path,
        message=difference.message,
        hint=rule.fix,
        values=difference.values,
    )


def _explain(finding: Finding, difference: Difference, sources: Sequence[Sources] | None) -> Finding:
    """Add where the configuration writes it, and where each environment's value comes from, or what decides that there is none."""
    if not sources or not difference.actual:
        return finding
    from paritycheck.source import explain

    somewhere = next(iter(difference.actual.values()))
    addresses = {name: difference.actual.get(name, somewhere) for name in (source.environment.name for source in sources)}
    trace = explain(sources, addresses, difference.path)
    places = (source.locate(addresses[source.environment.name], difference.path) for source in sources)
    return replace(finding, location=next(filter(None, places), None), cause=trace.cause, related=trace.steps)


def _skipped(plans: Iterable[Plan]) -> Iterator[Skipped]:
    for plan in plans:
        if not plan.has_configuration:
            yield Skipped("edge-difference", f"{plan.environment}'s document holds no configuration, so references cannot be compared")
