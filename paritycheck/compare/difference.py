"""What the comparison yields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paritycheck.allowlist import Subject
from paritycheck.findings import Shown


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

    @property
    def subject(self) -> Subject:
        """The difference as allow rules see it."""
        return Subject(self.address, self.path, self.values, self.classes, leak=self.rule == "environment-leak")

    def __repr__(self) -> str:
        return f"Difference({self.rule}, {self.address!r}, {self.path!r})"


def classify_texts(texts: Sequence[Any]) -> tuple[int, ...]:
    """Return the same number for equal hashable values, in order of their first appearance."""
    order = list(dict.fromkeys(texts))
    return tuple(order.index(text) for text in texts)
