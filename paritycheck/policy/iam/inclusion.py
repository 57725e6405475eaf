"""Whether what one statement is about lies within what others are about, on the safe side.

To lie within is only said where it is certain, and to have nothing in common too: everything else is left to be reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from paritycheck.policy.iam.automata import IntractableError, find_text
from paritycheck.policy.iam.conditions import OPERATORS
from paritycheck.policy.iam.patterns import Pattern, literal_pattern
from paritycheck.policy.iam.statements import Condition, Names, Principal, Principals, Statement, role_of

_CHOICES = 10_000
"""In how many ways statements about all but something may be combined."""


@dataclass(frozen=True, slots=True)
class Part:
    """The texts of a pattern without those of others."""

    inside: Pattern
    outside: tuple[Pattern, ...] = ()

    def find(self, within: Iterable[Pattern], without: Iterable[Pattern]) -> str | None:
        """Return one of its texts that is in all of some patterns and in none of others; `None` where there is none."""
        return find_text([self.inside, *within], [*self.outside, *without])


@dataclass(frozen=True, slots=True)
class Cover:
    """What a statement's actions, or its resources, are about."""

    names: Names
    patterns: tuple[Pattern, ...]
    lookup: frozenset[Pattern]
    """The same patterns, which are many in a large policy."""

    def lists(self, part: Part) -> bool:
        """Whether a part is of one of its patterns."""
        return not self.names.negated and part.inside in self.lookup

    def includes(self, part: Part) -> bool:
        """Whether it is for certain about all of a part."""
        return find_uncovered(part, [self]) is None

    def touches(self, part: Part) -> bool:
        """Whether it may be about some of a part."""
        try:
            return self.names.unknown or bool(self.intersect(part))
        except IntractableError:
            return True

    def intersect(self, part: Part) -> list[Part]:
        """Return what is common to it and a part, or a little more; raise `IntractableError` where that takes too long."""
        if self.names.negated:
            return [Part(part.inside, (*part.outside, *self.patterns))] if part.find((), self.patterns) is not None else []
        return [Part(pattern, part.outside) for pattern in self.patterns if part.find([pattern], ()) is not None]


def action_cover(statement: Statement) -> Cover:
    """Return what a statement's actions are about."""
    patterns = statement.action_patterns()
    return Cover(statement.actions, patterns, frozenset(patterns))


def resource_cover(statement: Statement) -> Cover:
    """Return what a statement's resources are about."""
    patterns = statement.resource_patterns()
    return Cover(statement.resources, patterns, frozenset(patterns))


def find_uncovered(part: Part, covers: Sequence[Cover], *, within: Sequence[Pattern] = ()) -> str | None:
    """Return a text of a part that none of some covers is for certain about; `None` where they are about all of it.

    Raise `IntractableError` where finding out would take too long.
    """
    if any(cover.lists(part) for cover in covers):
        return None
    outside = [pattern for cover in covers if not cover.names.negated for pattern in cover.patterns]
    spared = [cover.patterns for cover in covers if cover.names.negated and not cover.names.unknown and _is_resolved(cover, part)]
    for number, choice in enumerate(product(*spared)):
        if number > _CHOICES:
            raise IntractableError
        text = part.find([*within, *choice], outside)
        if text is not None:
            return text
    return None


def _is_resolved(cover: Cover, part: Part) -> bool:
    """Whether a variable that a request lacks leaves a cover as it is, or the part as undecided as the cover."""
    return all(not pattern.variables or pattern in part.outside for pattern in cover.patterns)


def includes_principal(principals: Principals | None, one: Principal | None) -> bool:
    """Whether principals include one of a statement's for certain; `None` is who has a policy."""
    if principals is None or one is None:
        return principals is None and one is None
    if principals.negated:
        return False
    return any(named == one or (named.is_everybody and one.kind == "AWS") for named in principals.values)


def may_include_principal(principals: Principals | None, one: Principal | None) -> bool:
    """Whether principals may include one of a statement's."""
    if principals is None or one is None or principals.negated or principals.unknown:
        return True
    return any(_may_be(named, one) for named in principals.values)


def _may_be(named: Principal, one: Principal) -> bool:
    if named == one or named.is_everybody or one.is_everybody or "CanonicalUser" in (named.kind, one.kind):
        return True
    if named.kind != one.kind or named.kind != "AWS":
        return False
    arns = named.name.startswith("arn:") and one.name.startswith("arn:")
    return not arns or (role_of(named.name) or named) == (role_of(one.name) or one)


def implies(conditions: Iterable[Condition], statement: Statement, *, variables: bool) -> bool:
    """Whether a request that meets some conditions meets all of a statement's, for certain."""
    given = tuple(conditions)
    return not statement.unknown and all(
        any(_is_stronger(one, wanted, (variables, statement.variables)) for one in given) for wanted in statement.conditions
    )


def _is_stronger(one: Condition, other: Condition, variables: tuple[bool, bool]) -> bool:
    """Whether one condition implies another; `variables` says for each whether it has policy variables."""
    if (one.key, one.quantifier) != (other.key, other.quantifier) or (one.if_exists and not other.if_exists):
        return False
    if len(set(variables)) > 1 and any("${" in value for value in (*one.values, *other.values)):
        return False
    if one.operator == other.operator and OPERATORS[one.operator].negated:
        return set(other.values) <= set(one.values) and not other.unknown
    if one.unknown:
        return False
    if one.operator == other.operator and set(one.values) <= set(other.values):
        return True
    family = _LITERAL_OR_NOT["String" if one.operator.startswith("String") else "Arn"]
    return {one.operator, other.operator} <= family and all(_is_listed(value, one, other, variables=variables[0]) for value in one.values)


_LITERAL_OR_NOT = {"String": {"StringEquals", "StringLike"}, "Arn": {"ArnEquals", "ArnLike"}}


def _is_listed(value: str, one: Condition, other: Condition, *, variables: bool) -> bool:
    """Whether whatever matches a value of one condition matches one of the other's."""
    read, read_other = (OPERATORS[each.operator].read or literal_pattern for each in (one, other))
    try:
        return find_text([read(value, variables=variables)], [read_other(each, variables=variables) for each in other.values]) is None
    except IntractableError:
        return False
