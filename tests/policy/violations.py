"""Seeded violations: ways to break a stack's plan, and the resources at which the policies or the proof must notice each.

A violation changes one thing of one environment's plan, as somebody would by changing the configuration. Violations of different
resources share a plan: see `rounds`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Change = dict[str, Any]
"""One entry of `resource_changes`."""

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Violation:
    """A change of a plan that must not pass."""

    family: str
    addresses: tuple[str, ...]
    """The resources that must be reported, all of them."""
    by: frozenset[str]
    """The names of the policies and the rules of the proof of which one must report each of them."""
    apply: Callable[[Draft], object]
    detail: str = ""
    beside: tuple[str, ...] = ()
    """Further addresses that are changed, or that are rightly reported as well."""
    spreads: bool = False
    """Whether it changes what functions need or may: their grants are rightly reported as well."""

    def __str__(self) -> str:
        return f"{self.family}: {', '.join(self.addresses)} {self.detail}".strip()


class Draft:
    """A plan document that is being changed."""

    def __init__(self, text: bytes) -> None:
        """Read a document of one's own."""
        self.document: dict[str, Any] = json.loads(text)

    @cached_property
    def changes(self) -> dict[str, Change]:
        """What is planned, and the data sources that are read while applying, by address."""
        return {each["address"]: each for each in self.document["resource_changes"]}

    def of_type(self, *types: str) -> Iterator[Change]:
        """Yield what is planned of some types."""
        return (each for each in self.changes.values() if each["type"] in types and each["mode"] == "managed")

    def value(self, address: str, steps: Steps) -> Any:
        """Return a planned value; `None` for what is not there or known only after apply."""
        value = self.changes[address]["change"]["after"]
        for step in steps:
            value = _step(value, step)
        return value

    def has(self, address: str, steps: Steps) -> bool:
        """Tell whether an attribute has a value, if only after apply."""
        unknown = self.changes[address]["change"]["after_unknown"]
        for step in steps:
            unknown = unknown if unknown is True else _step(unknown, step)
        return unknown is True or self.value(address, steps) not in (None, "", [])

    def put(self, address: str, steps: Steps, value: Any) -> None:
        """Plan another value, which is known."""
        change = self.changes[address]["change"]
        _put(change["after"], steps, value)
        for marks in ("after_unknown", "after_sensitive"):
            if isinstance(change.get(marks), dict):
                _clear(change[marks], steps)

    def remove(self, address: str) -> None:
        """Plan nothing at an address."""
        self.document["resource_changes"].remove(self.changes.pop(address))

    def dump(self) -> bytes:
        """Write the document as Terraform does."""
        return json.dumps(self.document, separators=(",", ":"), ensure_ascii=False).encode()


def putting(address: str, values: Mapping[Steps, Any]) -> Callable[[Draft], None]:
    """Return what plans other values of a resource."""

    def apply(draft: Draft) -> None:
        for steps, value in values.items():
            draft.put(address, steps, value)

    return apply


def removing(*addresses: str) -> Callable[[Draft], None]:
    """Return what plans nothing at some addresses."""

    def apply(draft: Draft) -> None:
        for address in addresses:
            draft.remove(address)

    return apply


def rounds(violations: Iterable[Violation], size: int) -> Iterator[list[Violation]]:
    """Share plans among violations: no two of one plan are about the same resource."""
    waiting: list[tuple[bool, set[str], list[Violation]]] = []
    for violation in violations:
        concerned = {*violation.addresses, *violation.beside}
        found = next((each for each in waiting if each[0] is violation.spreads and not each[1] & concerned), None)
        if found is None:
            waiting.append(found := (violation.spreads, set(), []))
        found[1].update(concerned)
        found[2].append(violation)
        if len(found[2]) == size:
            waiting.remove(found)
            yield found[2]
    yield from (each[2] for each in waiting)


def _step(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _put(value: Any, steps: Steps, new: Any) -> None:
    for step in steps[:-1]:
        value = value[step]
    value[steps[-1]] = new


def _clear(marks: Any, steps: Steps) -> None:
    """Take the marks of a value away."""
    for step in steps[:-1]:
        marks = _step(marks, step)
    if isinstance(marks, dict):
        marks.pop(steps[-1], None)
    elif isinstance(marks, list) and isinstance(steps[-1], int) and steps[-1] < len(marks):
        marks[steps[-1]] = False
