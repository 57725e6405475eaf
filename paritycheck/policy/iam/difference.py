"""What one set of policies grants and another does not, statement by statement.

Nothing is left out: where it cannot be shown that the other policies grant the same, at least as freely, it is reported, with
the reason. So a grant may be reported that the others give in a roundabout way, such as by two statements with conditions of
which one always holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from paritycheck.policy.iam.inclusion import (
    Cover,
    Part,
    action_cover,
    find_uncovered,
    implies,
    includes_principal,
    may_include_principal,
    resource_cover,
)
from paritycheck.policy.iam.knowledge import load_knowledge
from paritycheck.policy.iam.patterns import EVERYTHING, WILDCARDS, IntractableError, text_pattern
from paritycheck.policy.iam.statements import Effect, Names, Policy, Principal, Principals, Statement


class Reason(StrEnum):
    """Why a grant is beyond the other policies."""

    NOT_GRANTED = "no statement grants it"
    CONDITION = "it is granted under other conditions only"
    DENIED = "a statement denies it"
    OTHER_ACTIONS = "its wildcard also stands for actions that are unknown today"
    UNDECIDED = "it cannot be decided"


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
    sides = _Sides(_Side.of(more), _Side.of(less))
    hidden = [Excess(Reason.UNDECIDED, None)] if any(policy.unknown for policy in (*more, *less)) else []
    return (*hidden, *(excess for allow in sides.more.allows for excess in sides.compare(allow)))


@dataclass(frozen=True, slots=True)
class _Rule:
    """A statement, and what it is about."""

    statement: Statement
    actions: Cover
    resources: Cover


@dataclass(frozen=True, slots=True)
class _Side:
    allows: tuple[Statement, ...]
    granting: tuple[_Rule, ...]
    denying: tuple[_Rule, ...]

    @classmethod
    def of(cls, policies: Iterable[Policy]) -> _Side:
        statements = dict.fromkeys(statement for policy in policies for statement in policy.statements)
        rules = [_Rule(each, action_cover(each), resource_cover(each)) for each in statements]
        allows = [rule for rule in rules if rule.statement.effect is Effect.ALLOW]
        denies = [rule for rule in rules if rule.statement.effect is Effect.DENY]
        return cls(tuple(rule.statement for rule in allows), tuple(allows), tuple(denies))


@dataclass(frozen=True, slots=True)
class _Actions:
    """Some actions of a statement: a pattern, or known ones that all statements treat alike."""

    part: Part
    names: tuple[str, ...] = ()
    """Known actions, in lower case, that are taken instead of the pattern."""

    def within(self, rule: _Rule) -> bool:
        """Whether a rule is for certain about all of them."""
        if not self.names:
            return rule.actions.includes(self.part)
        negated, unknown = rule.statement.actions.negated, rule.statement.actions.unknown
        return (self.names[0] in _known(rule.statement.actions.values)) != negated and not (negated and unknown)

    def touch(self, rule: _Rule) -> bool:
        """Whether a rule may be about some of them."""
        if not self.names:
            return rule.actions.touches(self.part)
        return rule.statement.actions.unknown or (self.names[0] in _known(rule.statement.actions.values)) != rule.statement.actions.negated


@dataclass(frozen=True, slots=True)
class _Cell:
    """A grant to one principal, of actions that are treated alike, for one pattern of resources."""

    allow: Statement
    principal: Principal | None
    actions: _Actions
    resources: Part

    def is_within(self, rule: _Rule) -> bool:
        """Whether a rule is for certain about all its actions, and its principal."""
        named = rule.statement.principals
        same = named == self.allow.principals and not (named and named.unknown)
        return (same or includes_principal(named, self.principal)) and self.actions.within(rule)


@dataclass(frozen=True, slots=True)
class _Finding:
    reason: Reason
    other: Statement | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class _Sides:
    more: _Side
    less: _Side

    def compare(self, allow: Statement) -> Iterator[Excess]:
        """Yield what is beyond in one statement, as few reduced statements."""
        found: dict[tuple[Principal | None, tuple[str, ...], Reason, Statement | None], list[tuple[str, str]]] = {}
        for principal in _list_principals(allow):
            for resource, resources in _resource_parts(allow):
                beyond_here: dict[tuple[Reason, Statement | None], list[tuple[str, str]]] = {}
                for names, finding in self._judge_actions(allow, principal, resources):
                    beyond_here.setdefault((finding.reason, finding.other), []).extend((name, finding.example) for name in names)
                for (reason, other), named in beyond_here.items():
                    actions = tuple(sorted({name for name, _ in named}))
                    found.setdefault((principal, actions, reason, other), []).append((resource, named[0][1]))
        for (principal, actions, reason, other), places in found.items():
            yield Excess(reason, _reduce(allow, principal, actions, [place for place, _ in places]), allow, other, places[0][1])
        if not allow.is_known:
            yield Excess(Reason.UNDECIDED, allow, allow)

    def _judge_actions(self, allow: Statement, principal: Principal | None, resources: Part) -> Iterator[tuple[Sequence[str], _Finding]]:
        for written, part in _action_parts(allow):
            whole = self._judge(_Cell(allow, principal, _Actions(part), resources))
            if whole is None:
                continue
            if not allow.actions.negated and not WILDCARDS & {*written}:
                yield (written,), whole
                continue
            groups = self._group(allow, written)
            findings = [(group, self._judge(_Cell(allow, principal, _Actions(part, group), resources))) for group in groups]
            missing = [(group, finding) for group, finding in findings if finding]
            if missing == findings and len({(finding.reason, finding.other) for _, finding in missing}) <= 1:
                yield (written,), whole
            elif missing:
                yield from ((_spell(group), finding) for group, finding in missing)
            elif self._is_open(_Cell(allow, principal, _Actions(part), resources)):
                yield (written,), replace(whole, reason=Reason.OTHER_ACTIONS)

    def _group(self, allow: Statement, written: str) -> tuple[tuple[str, ...], ...]:
        """Sort the known actions of a pattern by the rules that are about them: what is true of one of a group is true of all."""
        rules = frozenset(rule.statement.actions.values for rule in (*self.less.granting, *self.less.denying, *self.more.denying))
        return _group_names((written,), allow.actions.values if allow.actions.negated else (), rules)

    def _is_open(self, cell: _Cell) -> bool:
        """Whether actions that are not known today may be beyond, of a pattern whose known actions are all granted."""
        full = [
            rule.actions
            for rule in self.less.granting
            if (cell.allow.principals == rule.statement.principals or includes_principal(rule.statement.principals, cell.principal))
            and implies(cell.allow.conditions, rule.statement, variables=cell.allow.variables)
            and _covers(cell.resources, [rule])
        ]
        denied = any(rule.actions.touches(cell.actions.part) for rule in self.less.denying)
        try:
            return denied or find_uncovered(cell.actions.part, full) is not None
        except IntractableError:
            return True

    def _judge(self, cell: _Cell) -> _Finding | None:
        """Return why a grant is beyond, or nothing where it is not."""
        try:
            return self._find_gap(cell) or self._find_denial(cell)
        except IntractableError:
            return _Finding(Reason.UNDECIDED)

    def _find_gap(self, cell: _Cell) -> _Finding | None:
        """Look for what no statement of the others grants, and none of its own denies."""
        about = [rule for rule in (*self.less.granting, *self.more.denying) if cell.is_within(rule)]
        sure = [rule for rule in about if implies(cell.allow.conditions, rule.statement, variables=cell.allow.variables)]
        example = find_uncovered(cell.resources, [rule.resources for rule in sure])
        if example is None:
            return None
        near = [rule for rule in self.less.granting if cell.actions.touch(rule) and rule.resources.touches(cell.resources)]
        other = next((rule.statement for rule in near), None)
        if any(not rule.statement.is_known for rule in near):
            return _Finding(Reason.UNDECIDED, other, example)
        granting = [rule.resources for rule in about if rule.statement.effect is Effect.ALLOW]
        under_conditions = find_uncovered(cell.resources, granting) is None
        return _Finding(Reason.CONDITION if under_conditions else Reason.NOT_GRANTED, other, example)

    def _find_denial(self, cell: _Cell) -> _Finding | None:
        """Look for what the others deny, and its own policies do not."""
        for denial in self.less.denying:
            if not may_include_principal(denial.statement.principals, cell.principal) or not cell.actions.touch(denial):
                continue
            if denial.statement.resources.unknown:
                return _Finding(Reason.UNDECIDED, denial.statement)
            example = self._find_denied(cell, denial)
            if example is not None:
                return _Finding(Reason.DENIED if denial.statement.is_known else Reason.UNDECIDED, denial.statement, example)
        return None

    def _find_denied(self, cell: _Cell, denial: _Rule) -> str | None:
        """Return a resource that a denial of the others may be about, and no denial of its own."""
        statement = denial.statement
        own = [rule for rule in self.more.denying if _denies_too(cell, rule, statement)]
        if any(rule.statement.resources == statement.resources and not rule.statement.resources.unknown for rule in own):
            return None
        places = denial.resources.intersect(cell.resources)
        covers = [rule.resources for rule in own]
        within = () if cell.resources.inside == EVERYTHING else (cell.resources.inside,)
        return next((text for place in places if (text := find_uncovered(place, covers, within=within)) is not None), None)


def _denies_too(cell: _Cell, rule: _Rule, denial: Statement) -> bool:
    """Whether a rule is about all that a denial is about of a cell, resources aside."""
    own = rule.statement
    if own.variables != denial.variables or own.variables != cell.allow.variables:
        return own == denial
    actions = own.actions == denial.actions and not own.actions.unknown
    principals = own.principals == denial.principals and not (own.principals and own.principals.unknown)
    return (
        (actions or cell.actions.within(rule))
        and (principals or includes_principal(own.principals, cell.principal))
        and implies((*cell.allow.conditions, *denial.conditions), own, variables=own.variables)
    )


def _covers(part: Part, rules: Sequence[_Rule]) -> bool:
    try:
        return find_uncovered(part, [rule.resources for rule in rules]) is None
    except IntractableError:
        return False


def _action_parts(allow: Statement) -> list[tuple[str, Part]]:
    """Return what a statement writes of its actions, and what that stands for."""
    if allow.actions.negated:
        return [("*", Part(EVERYTHING, allow.action_patterns()))]
    return [(value, Part(text_pattern(value.lower()))) for value in allow.actions.values]


def _resource_parts(allow: Statement) -> list[tuple[str, Part]]:
    if allow.resources.negated:
        return [("*", Part(EVERYTHING, allow.resource_patterns()))]
    return [(value, Part(pattern)) for value, pattern in zip(allow.resources.values, allow.resource_patterns(), strict=True)]


@lru_cache(maxsize=4096)
def _known(patterns: tuple[str, ...]) -> frozenset[str]:
    """Return the known actions of some patterns, in lower case."""
    knowledge = load_knowledge()
    return frozenset(action.name.lower() for pattern in patterns for action in knowledge.expand(pattern))


@lru_cache(maxsize=64)
def _group_names(patterns: tuple[str, ...], spared: tuple[str, ...], rules: frozenset[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    sets = [_known(values) for values in rules]
    groups: dict[tuple[bool, ...], list[str]] = {}
    for name in sorted(_known(patterns) - _known(spared)):
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
