"""Whether a grant of some policies lies within what others grant, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from paritycheck.policy.iam.automata import IntractableError
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
from paritycheck.policy.iam.patterns import EVERYTHING
from paritycheck.policy.iam.statements import Effect, Names, Policy, Principal, Statement


class Reason(StrEnum):
    """Why a grant is beyond the other policies."""

    NOT_GRANTED = "no statement covers it"
    CONDITION = "it is covered under other conditions only"
    DENIED = "a statement denies it"
    OTHER_ACTIONS = "its wildcard also stands for actions that are unknown today"
    UNDECIDED = "it cannot be decided"


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement, and what it is about."""

    statement: Statement
    actions: Cover
    resources: Cover


@dataclass(frozen=True, slots=True)
class Side:
    """The statements of some policies."""

    allows: tuple[Statement, ...]
    granting: tuple[Rule, ...]
    denying: tuple[Rule, ...]

    @classmethod
    def of(cls, policies: Iterable[Policy]) -> Side:
        """Return those of some policies, each once."""
        statements = dict.fromkeys(statement for policy in policies for statement in policy.statements)
        rules = [Rule(each, action_cover(each), resource_cover(each)) for each in statements]
        allows = [rule for rule in rules if rule.statement.effect is Effect.ALLOW]
        denies = [rule for rule in rules if rule.statement.effect is Effect.DENY]
        return cls(tuple(rule.statement for rule in allows), tuple(allows), tuple(denies))


@dataclass(frozen=True, slots=True)
class ActionSet:
    """Some actions of a statement: a pattern, or known ones that all statements treat alike."""

    part: Part
    names: tuple[str, ...] = ()
    """Known actions, in lower case, that are taken instead of the pattern."""

    def within(self, rule: Rule) -> bool:
        """Whether a rule is for certain about all of them."""
        if not self.names:
            return rule.actions.includes(self.part)
        actions = rule.statement.actions
        return self._are_named(actions) and not (actions.negated and actions.unknown)

    def touch(self, rule: Rule) -> bool:
        """Whether a rule may be about some of them."""
        if not self.names:
            return rule.actions.touches(self.part)
        return rule.statement.actions.unknown or self._are_named(rule.statement.actions)

    def _are_named(self, actions: Names) -> bool:
        return (self.names[0] in known_actions(actions.values)) != actions.negated


@dataclass(frozen=True, slots=True)
class Cell:
    """A grant to one principal, of actions that are treated alike, for one pattern of resources."""

    allow: Statement
    principal: Principal | None
    actions: ActionSet
    resources: Part

    def is_within(self, rule: Rule) -> bool:
        """Whether a rule is for certain about all its actions, and its principal."""
        named = rule.statement.principals
        same = named == self.allow.principals and not (named and named.unknown)
        return (same or includes_principal(named, self.principal)) and self.actions.within(rule)


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a grant is not within the others."""

    reason: Reason
    other: Statement | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """The policies that are compared."""

    more: Side
    less: Side

    def is_open(self, cell: Cell) -> bool:
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

    def judge(self, cell: Cell) -> Gap | None:
        """Return why a grant is beyond, or nothing where it is not."""
        try:
            return self._find_gap(cell) or self._find_denial(cell)
        except IntractableError:
            return Gap(Reason.UNDECIDED)

    def _find_gap(self, cell: Cell) -> Gap | None:
        """Look for what no statement of the others grants, and none of its own denies."""
        about = [rule for rule in (*self.less.granting, *self.more.denying) if cell.is_within(rule)]
        sure = [rule for rule in about if implies(cell.allow.conditions, rule.statement, variables=cell.allow.variables)]
        example = find_uncovered(cell.resources, [rule.resources for rule in sure])
        if example is None:
            return None
        near = [rule for rule in self.less.granting if cell.actions.touch(rule) and rule.resources.touches(cell.resources)]
        other = next((rule.statement for rule in near), None)
        if any(not rule.statement.is_known for rule in near):
            return Gap(Reason.UNDECIDED, other, example)
        granting = [rule.resources for rule in about if rule.statement.effect is Effect.ALLOW]
        under_conditions = find_uncovered(cell.resources, granting) is None
        return Gap(Reason.CONDITION if under_conditions else Reason.NOT_GRANTED, other, example)

    def _find_denial(self, cell: Cell) -> Gap | None:
        """Look for what the others deny, and its own policies do not."""
        for denial in self.less.denying:
            if not may_include_principal(denial.statement.principals, cell.principal) or not cell.actions.touch(denial):
                continue
            if denial.statement.resources.unknown:
                return Gap(Reason.UNDECIDED, denial.statement)
            example = self._find_denied(cell, denial)
            if example is not None:
                return Gap(Reason.DENIED if denial.statement.is_known else Reason.UNDECIDED, denial.statement, example)
        return None

    def _find_denied(self, cell: Cell, denial: Rule) -> str | None:
        """Return a resource that a denial of the others may be about, and no denial of its own."""
        statement = denial.statement
        own = [rule for rule in self.more.denying if _denies_too(cell, rule, statement)]
        if any(rule.statement.resources == statement.resources and not rule.statement.resources.unknown for rule in own):
            return None
        places = denial.resources.intersect(cell.resources)
        covers = [rule.resources for rule in own]
        within = () if cell.resources.inside == EVERYTHING else (cell.resources.inside,)
        return next((text for place in places if (text := find_uncovered(place, covers, within=within)) is not None), None)


def _denies_too(cell: Cell, rule: Rule, denial: Statement) -> bool:
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


def _covers(part: Part, rules: Sequence[Rule]) -> bool:
    try:
        return find_uncovered(part, [rule.resources for rule in rules]) is None
    except IntractableError:
        return False


@lru_cache(maxsize=4096)
def known_actions(patterns: tuple[str, ...]) -> frozenset[str]:
    """Return the known actions of some patterns, in lower case."""
    knowledge = load_knowledge()
    return frozenset(action.name.lower() for pattern in patterns for action in knowledge.expand(pattern))
