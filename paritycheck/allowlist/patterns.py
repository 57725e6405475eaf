"""Patterns of addresses and attribute paths: `*` stands for any text, every other character for itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from paritycheck.allowlist.rules import AllowRule, ProtectRule
from paritycheck.errors import ConfigError
from paritycheck.plan import static_address

R = TypeVar("R", AllowRule, ProtectRule)

_NUMBER = re.compile(r"\[\d+\]")
_BRACKETS = re.compile(r'(?:[^][]|\[(?:"(?:[^"\\]|\\.)*"|[^]["]*)\])+')


class RuleBook(Generic[R]):
    """Rules with what they cover, in their order; those that cover an address are looked up once."""

    def __init__(self, rules: Iterable[R]) -> None:
        """Compile the rules; raise `ConfigError` for a broken pattern."""
        self._pairs: list[tuple[R, Coverage]] = [(rule, Coverage(rule)) for rule in rules]
        self._any = re.compile("|".join(_expression(pattern) for rule, _ in self._pairs for pattern in rule.resources) or "(?!)", re.DOTALL)
        self._by_address: dict[str, Sequence[tuple[R, Coverage]]] = {}

    def covering(self, address: str) -> Sequence[tuple[R, Coverage]]:
        """Return the rules that cover an address; most addresses are told apart by one look at all patterns."""
        if address not in self._by_address:
            texts = {address, static_address(address)}
            touched = any(map(self._any.fullmatch, texts))
            self._by_address[address] = [pair for pair in self._pairs if pair[1].covers(texts)] if touched else ()
        return self._by_address[address]

    def __iter__(self) -> Iterator[tuple[R, Coverage]]:
        return iter(self._pairs)


class Coverage:
    """What one rule covers, compiled."""

    def __init__(self, rule: AllowRule | ProtectRule) -> None:
        """Compile the patterns; raise `ConfigError` where one can be no address or path."""
        for pattern in (*rule.resources, *rule.attributes):
            _refuse_broken(rule, pattern)
        self.rule = rule
        self._address = re.compile("|".join(map(_expression, rule.resources)), re.DOTALL)
        self._lines = re.compile("|".join(f"^{_expression(pattern)}$" for pattern in rule.resources), re.MULTILINE)
        self._path = re.compile("|".join(rf"(?:{_expression(pattern)})(?:[.\[].*)?" for pattern in rule.attributes), re.DOTALL)
        self._whole = any(is_wild(pattern) for pattern in rule.attributes)

    def covers_address(self, address: str) -> bool:
        """Tell whether a pattern matches the address, or the address without the keys of its instance."""
        return self.covers({address, static_address(address)})

    def covers(self, forms: Iterable[str]) -> bool:
        """Tell whether a pattern matches one of the forms of an address."""
        return any(map(self._address.fullmatch, forms))

    def covers_path(self, path: str) -> bool:
        """Tell whether a pattern matches the path or something above it; list indexes may be left out of a pattern."""
        if not path:
            return self._whole
        return bool(self._path.fullmatch(path) or self._path.fullmatch(_NUMBER.sub("", path)))

    def touches_path(self, path: str) -> bool:
        """Tell whether a pattern matches the path, something above it or something below it."""
        if not path or self.covers_path(path):
            return True
        above = f"{_NUMBER.sub('', path)}."
        return any(_NUMBER.sub("", pattern).startswith(above) for pattern in self.rule.attributes)

    def count(self, addresses: str) -> int:
        """Count the addresses that match, of a text with one in each line."""
        return sum(1 for _ in self._lines.finditer(addresses))


def is_wild(pattern: str) -> bool:
    """Tell whether a pattern matches everything."""
    return not pattern.strip("*.")


def refuse_contradictions(allow: Iterable[AllowRule], protect: Sequence[ProtectRule]) -> None:
    """Raise `ConfigError` for a rule that allows what is protected, whatever the plans hold."""
    protections = [Coverage(rule) for rule in protect]
    for rule in allow:
        for coverage in protections:
            if _overlaps(rule, coverage):
                raise ConfigError(
                    f"allow rule {rule.id!r} allows what protect rule {coverage.rule.id!r} protects",
                    hint="Remove the allow rule, or narrow its patterns or those of the protect rule.",
                    location=rule.location,
                )


def _overlaps(rule: AllowRule, protection: Coverage) -> bool:
    """Tell whether all that a pair of patterns can match is protected: then their text matches the protection's patterns too."""
    return any(map(protection.covers_address, rule.resources)) and any(
        protection.covers_path("" if is_wild(pattern) else pattern) for pattern in rule.attributes
    )


def _expression(pattern: str) -> str:
    return ".*".join(map(re.escape, re.split(r"\*+", pattern)))


def _refuse_broken(rule: AllowRule | ProtectRule, pattern: str) -> None:
    problem = None
    if not pattern.strip() or not pattern.isprintable():
        problem = "is empty or not printable"
    elif not _BRACKETS.fullmatch(pattern):
        problem = "has a bracket or a quote without its counterpart"
    if problem:
        raise ConfigError(
            f"rule {rule.id!r}: the pattern {pattern!r} {problem}",
            hint='Write an address or a path as reports show it, such as aws_sqs_queue.this["orders"]; `*` stands for any text.',
            location=rule.location,
        )
