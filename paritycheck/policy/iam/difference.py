"""What one set of policies grants and another does not, statement by statement.

Nothing is left out: where it cannot be shown that the other policies grant the same, at least as freely, it is reported, with
the reason. So a grant may be reported that the others give in a roundabout way, such as by two statements with conditions of
which one always holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from paritycheck.policy.iam.grants import ActionSet, Cell, Gap, Reason, Side, Sides, known_actions
from paritycheck.policy.iam.inclusion import Part
from paritycheck.policy.iam.knowledge import load_knowledge
from paritycheck.policy.iam.patterns import EVERYTHING, WILDCARDS, text_pattern
from paritycheck.policy.iam.statements import Effect, Names, Policy, Principal, Principals, Statement


@dataclass(frozen=True, slots=True)
class Excess:
    """Something that is granted beyond the other policies."""

    reason: Reason
    statement: Statement | None
    """What is granted beyond: the statement that grants it, with those of its principals, actions and resources alone.

    `None` where a whole policy, on either side, is known only after apply.
    """
    origin: Statement | None = None
    """The statement as it is written."""
    other: Statement | None = None
    """The statement of the other policies that comes closest, or that denies it."""
    example: str = ""
    """A resource for which this is so."""


def beyond(more: Iterable[Policy], less: Iterable[Policy]) -> tuple[Excess, ...]:
    """Return what some policies grant beyond others; nothing only where there is nothing for certain.

    Names that differ between environments must be normalized before. Policies of roles and policies of resources are
    different things: compare like with like.
    """
    more, less = tuple(more), tuple(less)
    sides = Sides(Side.of(more), Side.of(less))
    hidden = [Excess(Reason.UNDECIDED, None)] if any(policy.unknown for policy in (*more, *less)) else []
    return (*hidden, *(excess for allow in sides.more.allows for excess in _compare(sides, allow)))


def undenied(more: Iterable[Policy], less: Iterable[Policy]) -> tuple[Excess, ...]:
    """Return what others deny and some policies do not: a resource's denials limit what other policies grant as well.

    What is returned holds statements of `less`, and nothing only where there is nothing for certain.
    """
    return tuple(
        replace(each, statement=_deny(each.statement), origin=_deny(each.origin), other=_deny(each.other))
        for each in beyond(map(_take_denials, less), map(_take_denials, more))
    )


def _take_denials(policy: Policy) -> Policy:
    """Return a policy that allows what another denies, and nothing else."""
    return replace(policy, statements=tuple(replace(each, effect=Effect.ALLOW) for each in policy.statements if each.effect is Effect.DENY))


def _deny(statement: Statement | None) -> Statement | None:
    return replace(statement, effect=Effect.DENY) if statement else None


def _compare(sides: Sides, allow: Statement) -> Iterator[Excess]:
    """Yield what is beyond in one statement, as few reduced statements."""
    found: dict[tuple[Principal | None, tuple[str, ...], Reason, Statement | None], list[tuple[str, str]]] = {}
    for principal in _list_principals(allow):
        for resource, resources in _resource_parts(allow):
            beyond_here: dict[tuple[Reason, Statement | None], list[tuple[str, str]]] = {}
            for names, finding in _judge_actions(sides, allow, principal, resources):
                beyond_here.setdefault((finding.reason, finding.other), []).extend((name, finding.example) for name in names)
            for (reason, other), named in beyond_here.items():
                actions = tuple(sorted({name for name, _ in named}))
                found.setdefault((principal, actions, reason, other), []).append((resource, named[0][1]))
    for (principal, actions, reason, other), places in found.items():
        yield Excess(reason, _reduce(allow, principal, actions, [place for place, _ in places]), allow, other, places[0][1])
    if not allow.is_known:
        yield Excess(Reason.UNDECIDED, allow, allow)


def _judge_actions(sides: Sides, allow: Statement, principal: Principal | None, resources: Part) -> Iterator[tuple[Sequence[str], Gap]]:
    for written, part in _action_parts(allow):
        whole = sides.judge(Cell(allow, principal, ActionSet(part), resources))
        if whole is None:
            continue
        if not allow.actions.negated and not WILDCARDS & {*written}:
            yield (written,), whole
            continue
        groups = _group(sides, allow, written)
        findings = [(group, sides.judge(Cell(allow, principal, ActionSet(part, group), resources))) for group in groups]
        missing = [(group, finding) for group, finding in findings if finding]
        if missing == findings and len({(finding.reason, finding.other) for _, finding in missing}) <= 1:
            yield (written,), whole
        elif missing:
            yield from ((_spell(group), finding) for group, finding in missing)
        elif sides.is_open(Cell(allow, principal, ActionSet(part), resources)):
            yield (written,), replace(whole, reason=Reason.OTHER_ACTIONS)


def _group(sides: Sides, allow: Statement, written: str) -> tuple[tuple[str, ...], ...]:
    """Sort the known actions of a pattern by the rules that are about them: what is true of one of a group is true of all."""
    rules = frozenset(rule.statement.actions.values for rule in (*sides.less.granting, *sides.less.denying, *sides.more.denying))
    return _group_names((written,), allow.actions.values if allow.actions.negated else (), rules)


def _action_parts(allow: Statement) -> list[tuple[str, Part]]:
    """Return what a statement writes of its actions, and what that stands for."""
    if allow.actions.negated:
        return [("*", Part(EVERYTHING, allow.action_patterns()))]
    return [(value, Part(text_pattern(value.lower()))) for value in allow.actions.values]


def _resource_parts(allow: Statement) -> list[tuple[str, Part]]:
    if allow.resources.negated:
        return [("*", Part(EVERYTHING, allow.resource_patterns()))]
    return [(value, Part(pattern)) for value, pattern in zip(allow.resources.values, allow.resource_patterns(), strict=True)]


@lru_cache(maxsize=64)
def _group_names(patterns: tuple[str, ...], spared: tuple[str, ...], rules: frozenset[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    sets = [known_actions(values) for values in rules]
    groups: dict[tuple[bool, ...], list[str]] = {}
    for name in sorted(known_actions(patterns) - known_actions(spared)):
        groups.setdefault(tuple(name in each for each in sets), []).append(name)
    return tuple(map(tuple, groups.values()))


def _spell(names: Iterable[str]) -> tuple[str, ...]:
    """Return known actions in AWS's own case."""
    knowledge = load_knowledge()
    return tuple(action.name for name in names if (action := knowledge.action(name)))


def _list_principals(allow: Statement) -> Sequence[Principal | None]:
    """Return whom a statement is about, one by one; all but some are nobody whom other statements include for certain."""
    if allow.principals is None:
        return [None]
    return [Principal("", "*")] if allow.principals.negated else allow.principals.values


def _reduce(allow: Statement, principal: Principal | None, actions: tuple[str, ...], resources: Sequence[str]) -> Statement:
    """Return a statement with some of its principals, actions and resources alone."""
    whole = allow.actions.negated and actions == ("*",)
    named = allow.principals
    return replace(
        allow,
        principals=Principals((principal,)) if principal and named and not named.negated else named,
        actions=allow.actions if whole else Names(actions),
        resources=allow.resources if allow.resources.negated else Names(tuple(sorted(set(resources)))),
    )
