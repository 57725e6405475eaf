"""What the comparison yields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paritycheck.allowlist import Subject
from paritycheck.findings import Severity, Shown
from paritycheck.normalize import Vocabulary


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in all environments, before any rule is asked."""

    rule: str
    """Slug of the rule that it offends where nothing allows it."""
    address: str
    """Normalized address, as people read it."""
    message: str
    values: Mapping[str, Shown]
    """The value in every environment, in order; sensitive ones are `Special.SENSITIVE`."""
    classes: Sequence[int]
    """The same number for environments that agree."""
    path: str = ""
    actual: Mapping[str, str] = field(default_factory=dict)
    """The object's own address by environment, where it exists."""

    severity: Severity | None = None
    """Where the case is milder than its rule."""

    @property
    def subject(self) -> Subject:
        """The difference as allow rules see it."""
        return Subject(self.address, self.path, self.values, self.classes, leak=self.rule == "environment-leak")

    def __repr__(self) -> str:
        return f"Difference({self.rule}, {self.address!r}, {self.path!r})"


def describe(
    vocabulary: Vocabulary, rule: str, address: str, message: str, *, values: Sequence[Any], path: str = "", classes: Sequence[Any] = ()
) -> Difference:
    """Describe a difference at a normalized address by one value an environment; they differ as `classes` do, or themselves."""
    return Difference(
        rule=rule,
        address=vocabulary.show(address),
        path=path,
        message=message,
        values=dict(zip(vocabulary.environments, values, strict=True)),
        classes=_number(classes or values),
        actual=dict.fromkeys(vocabulary.environments, address),
    )


def _number(values: Sequence[Any]) -> tuple[int, ...]:
    order = list(dict.fromkeys(map(repr, values)))
    return tuple(order.index(repr(value)) for value in values)
