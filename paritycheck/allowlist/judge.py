"""Whether a rule permits a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from paritycheck.allowlist.patterns import RuleBook
from paritycheck.allowlist.rules import AllowRule, Order, ProtectRule
from paritycheck.findings import Special


@dataclass(frozen=True, slots=True)
class Subject:
    """A difference, as far as rules need to know it."""

    address: str
    path: str
    values: Mapping[str, Any]
    """The value in every environment, in order."""
    classes: Sequence[int]
    """The same number for environments that agree after normalization."""
    leak: bool = False
    """Whether a value names another environment."""

    def __repr__(self) -> str:
        return f"Subject({self.address!r}, {self.path!r})"


@dataclass(frozen=True, slots=True)
class Permit:
    """A rule permits the difference."""

    rule: AllowRule


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule covers the difference, but its values break what the rule demands."""

    rule: AllowRule
    slug: str
    """`order-violation` or `limit-violation`."""
    demand: str
    """What the rule demands, such as `order: ascending`."""


class Judge:
    """Holds differences against all rules; the rules that cover an address are looked up once."""

    def __init__(self, allow: Sequence[AllowRule], protect: Sequence[ProtectRule], today: date) -> None:
        """Compile the rules; raise `ConfigError` for a broken pattern."""
        self.protect = RuleBook(protect)
        self.active = RuleBook(rule for rule in allow if not _is_over(rule, today))
        self.expired = RuleBook(rule for rule in allow if _is_over(rule, today))

    def protection(self, address: str, path: str) -> ProtectRule | None:
        """Return the rule that protects what lies at a path, or a part of it."""
        return next((rule for rule, coverage in self.protect.covering(address) if coverage.touches_path(path)), None)

    def judge(self, subject: Subject) -> Permit | Breach | None:
        """Return the first rule that permits a difference, else the first that covers it and is broken by it."""
        breaches: list[Breach] = []
        for rule, coverage in self.active.covering(subject.address):
            if not (coverage.covers_path(subject.path) and _applies(rule, subject)):
                continue
            breach = _breach(rule, subject)
            if breach is None:
                return Permit(rule)
            breaches.append(breach)
        return breaches[0] if breaches else None

    def lapsed(self, subject: Subject) -> AllowRule | None:
        """Return an expired rule that covers a difference."""
        return next((rule for rule, coverage in self.expired.covering(subject.address) if coverage.covers_path(subject.path)), None)


def _is_over(rule: AllowRule, today: date) -> bool:
    return rule.expires is not None and rule.expires < today


def _applies(rule: AllowRule, subject: Subject) -> bool:
    """Tell whether a rule can speak of such a difference at all: a leak must be allowed word by word."""
    if subject.leak and not rule.one_of:
        return False
    bounded = rule.order is not None or rule.min is not None or rule.max is not None or bool(rule.one_of)
    return not bounded or (bool(subject.path) and not any(isinstance(value, Special) for value in subject.values.values()))


def _breach(rule: AllowRule, subject: Subject) -> Breach | None:
    values = list(subject.values.values())
    demands: tuple[tuple[str, str, Callable[[], bool]], ...] = (
        ("limit-violation", f"environments: [{', '.join(rule.environments)}]", lambda: _stands_apart(rule, subject)),
        ("limit-violation", f"one_of: {list(rule.one_of)}", lambda: not rule.one_of or all(_listed(v, rule.one_of) for v in values)),
        ("limit-violation", f"min: {rule.min}", lambda: rule.min is None or all(_reaches(v, rule.min) for v in values)),
        ("limit-violation", f"max: {rule.max}", lambda: rule.max is None or all(_stays(v, rule.max) for v in values)),
        ("order-violation", f"order: {rule.order}", lambda: rule.order is None or _runs(values, rule.order)),
    )
    return next((Breach(rule, slug, demand) for slug, demand, holds in demands if not holds()), None)


def _stands_apart(rule: AllowRule, subject: Subject) -> bool:
    """Tell whether all environments that the rule does not name agree."""
    if not rule.environments:
        return True
    pairs = zip(subject.values, subject.classes, strict=True)
    return len({number for environment, number in pairs if environment not in rule.environments}) <= 1


def to_number(value: object) -> Decimal | None:
    """Return a number, or a text that is one, exactly; ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(value) if not isinstance(value, float) else Decimal(repr(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _listed(value: object, permitted: Sequence[object]) -> bool:
    number = to_number(value)
    return any(value == item or (number is not None and number == to_number(item)) for item in permitted)


def _reaches(value: object, limit: float) -> bool:
    number = to_number(value)
    return number is not None and number >= Decimal(repr(limit))


def _stays(value: object, limit: float) -> bool:
    number = to_number(value)
    return number is not None and number <= Decimal(repr(limit))


def _runs(values: Sequence[object], order: Order) -> bool:
    numbers = [number for value in values if (number := to_number(value)) is not None]
    if len(numbers) < len(values):
        return False
    return all(first <= second if order == Order.ASCENDING else first >= second for first, second in pairwise(numbers))
