"""Whether a rule permits a difference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from paritycheck.allowlist.patterns import RuleBook
from paritycheck.allowlist.rules import AllowRule, Order, ProtectRule
from paritycheck.findings import Special

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")


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
        self.proposed = RuleBook(rule for rule in allow if not rule.reason)
        self.expired = RuleBook(rule for rule in allow if rule.reason and _is_over(rule, today))
        self.active = RuleBook(rule for rule in allow if rule.reason and not _is_over(rule, today))
        self.passed_over: dict[str, str] = {}
        """Why a rule that covers a difference had no say in it, by the rule's id."""

    def protection(self, address: str, path: str) -> ProtectRule | None:
        """Return the rule that protects what lies at a path, or a part of it."""
        protection = next((rule for rule, coverage in self.protect.covering(address) if coverage.touches_path(path)), None)
        if protection:
            for rule in self._covering(address, path):
                self.passed_over.setdefault(rule.id, f"protect rule {protection.id!r} comes first")
        return protection

    def judge(self, subject: Subject) -> Permit | Breach | None:
        """Return the first rule that permits a difference, else the first that covers it and is broken by it."""
        breaches: list[Breach] = []
        permit: Permit | None = None
        for rule in self._covering(subject.address, subject.path):
            if permit:
                self.passed_over.setdefault(rule.id, f"rule {permit.rule.id!r} permits the same")
            elif obstacle := _obstacle(rule, subject):
                self.passed_over.setdefault(rule.id, obstacle)
            elif breach := _breach(rule, subject):
                breaches.append(breach)
            else:
                permit = Permit(rule)
        if permit is None:
            return next(iter(breaches), None)
        for breach in breaches:
            self.passed_over.setdefault(breach.rule.id, f"rule {permit.rule.id!r} permits what breaks it")
        return permit

    def _covering(self, address: str, path: str) -> Iterator[AllowRule]:
        for rule, coverage in self.active.covering(address):
            if coverage.covers_path(path):
                yield rule
            elif not path:
                self.passed_over.setdefault(rule.id, 'what differs is a whole resource, which only `attributes: ["*"]` covers')

    def idle(self, subject: Subject) -> tuple[AllowRule, str] | None:
        """Return a rule that covers a difference and permits nothing, with what it says: it has expired, or has no reason yet."""
        for rules, says in ((self.expired, "permitted it until {.expires}"), (self.proposed, "would permit it, once it has a reason")):
            for rule, coverage in rules.covering(subject.address):
                if coverage.covers_path(subject.path):
                    return rule, f"allow rule {rule.id!r} {says.format(rule)}"
        return None


def _is_over(rule: AllowRule, today: date) -> bool:
    return rule.expires is not None and rule.expires < today


def _obstacle(rule: AllowRule, subject: Subject) -> str | None:
    """Say why a rule cannot speak of such a difference at all: a leak must be allowed word by word."""
    if subject.leak and not rule.one_of:
        return "a value names another environment, which only `one_of` permits"
    bounded = rule.order is not None or rule.min is not None or rule.max is not None or bool(rule.one_of)
    if bounded and (not subject.path or any(isinstance(value, Special) for value in subject.values.values())):
        return "`order`, `min`, `max` and `one_of` say nothing of what is missing, unknown or sensitive"
    return None


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
    if isinstance(value, int):
        return Decimal(value)
    text = str(value)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _listed(value: object, permitted: Sequence[object]) -> bool:
    number = to_number(value)
    return any(
        (value == item and isinstance(value, bool) is isinstance(item, bool)) or (number is not None and number == to_number(item))
        for item in permitted
    )


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
