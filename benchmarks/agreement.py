"""How far two plan JSON documents agree: resource by resource, value by value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

UNKNOWN = "(known after apply)"
"""Stands for a value that a plan does not know."""

ENVIRONMENTAL = re.compile(
    r"^(/|[A-Za-z]:\\|~/)"  # a path of the machine that recorded the plan
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"  # the time at which it was recorded
    r"|(^|[^0-9])\d{12}([^0-9]|$)"  # its account
    r"|(^|[^a-z])(us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d"  # its region
)
"""Texts that come from where and when a plan was recorded."""

Leaves = dict[str, Any]
"""Values by path: scalars, ``None``, empty collections and `UNKNOWN`."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A value that is not reproduced."""

    address: str
    type: str
    path: str
    """Dotted, without indexes."""
    recorded: Any
    planned: Any


@dataclass
class Agreement:
    """The counts of one case."""

    resources: int = 0
    reproduced_resources: int = 0
    values: int = 0
    reproduced_values: int = 0
    environmental: int = 0
    """Values that differ because of where, when or from which data they were recorded; they are in no other count."""
    mismatches: list[Mismatch] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Addresses that only the recorded plan has."""
    extra: list[str] = field(default_factory=list)
    """Addresses that only the offline plan has."""


def compare_plans(recorded: Mapping[str, Any], planned: Mapping[str, Any], *, strict: bool = False) -> Agreement:
    """Compare the managed resources of a recorded plan with those of an offline one; `strict`: environmental values count."""
    expected, actual = changes(recorded), changes(planned)
    result = Agreement(resources=len(expected))
    result.missing = sorted(expected.keys() - actual.keys())
    result.extra = sorted(actual.keys() - expected.keys())
    foreign = None if strict else frozenset(data_texts(recorded)) - frozenset(data_texts(planned))
    for address in sorted(expected.keys() & actual.keys()):
        result.reproduced_resources += 1
        compare_resource(expected[address], actual[address], foreign, result)
    return result


def changes(plan: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return a plan's managed resource changes by address; what is only deleted or forgotten has no values to compare."""
    entries = plan.get("resource_changes") or []
    return {entry["address"]: entry for entry in entries if entry.get("mode") == "managed" and entry["change"].get("after") is not None}


def compare_resource(recorded: Mapping[str, Any], planned: Mapping[str, Any], foreign: frozenset[str] | None, result: Agreement) -> None:
    """Count the values of one resource."""
    expected, actual = values(recorded["change"]), values(planned["change"])
    for path, before, after in pairs("", expected, actual):
        if before == after and type(before) is type(after):
            result.values += 1
            result.reproduced_values += 1
        elif foreign is not None and environmental(before, after, foreign):
            result.environmental += 1
        else:
            result.values += 1
            result.mismatches.append(Mismatch(recorded["address"], recorded["type"], path, before, after))


def values(change: Mapping[str, Any]) -> Any:
    """Return a change's values after it, with `UNKNOWN` where they are not known."""
    return overlay(change.get("after"), change.get("after_unknown"))


def overlay(value: Any, unknown: Any) -> Any:
    """Mark what is unknown in a value, as a shape of the same form says."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(value, dict | None):
        known = value or {}
        return {key: overlay(known.get(key), unknown.get(key)) for key in {**known, **unknown}} if known or any(unknown.values()) else value
    if isinstance(unknown, list) and isinstance(value, list):
        shapes = unknown + [None] * (len(value) - len(unknown))
        return [overlay(item, shape) for item, shape in zip(value, shapes, strict=False)]
    return normalize(value)


def normalize(value: Any) -> Any:
    """Return a number as an integer where it is one: writers differ in ``1`` and ``1.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def pairs(path: str, expected: Any, actual: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, recorded, planned) of every leaf of two values; an absent one is ``None``."""
    if isinstance(expected, dict) and isinstance(actual, dict) and (expected or actual):
        for key in sorted({**expected, **actual}):
            yield from pairs(f"{path}.{key}".lstrip("."), expected.get(key), actual.get(key))
    elif isinstance(expected, list) and isinstance(actual, list) and (expected or actual):
        for left, right in match(expected, actual):
            yield from pairs(path, left, right)
    elif nested(expected) and not nested(actual):
        yield from ((where, leaf, actual) for where, leaf in leaves(path, expected))
    elif nested(actual) and not nested(expected):
        yield path, expected, actual
    else:
        yield path, expected, actual


def nested(value: Any) -> bool:
    """Say whether a value holds others."""
    return isinstance(value, dict | list) and bool(value)


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield (path, leaf) of a value."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(f"{path}.{key}".lstrip("."), inner)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(path, inner)
    else:
        yield path, value


def match(expected: list[Any], actual: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair the items of two collections: equal ones first, as in a set, then the most alike, then what is left over."""
    rest = [(json.dumps(item, sort_keys=True), item) for item in actual]
    unmatched = []
    for item in expected:
        text = json.dumps(item, sort_keys=True)
        found = next((index for index, (other, _) in enumerate(rest) if other == text), None)
        if found is None:
            unmatched.append(item)
        else:
            yield item, rest.pop(found)[1]
    for item in unmatched:
        best = max(range(len(rest)), key=lambda index: alike(item, rest[index][1]), default=None)
        yield item, None if best is None else rest.pop(best)[1]
    yield from ((None, item) for _, item in rest)


def alike(left: Any, right: Any) -> int:
    """Return how many leaves two values share."""
    return len(set(map(repr, leaves("", left))) & set(map(repr, leaves("", right))))


def environmental(recorded: Any, planned: Any, foreign: frozenset[str]) -> bool:
    """Say whether a recorded text could not be reproduced by anybody elsewhere."""
    if not isinstance(recorded, str) or UNKNOWN in (recorded, planned):
        return False
    return bool(ENVIRONMENTAL.search(recorded)) or any(text in recorded for text in foreign)


def data_texts(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that the plan's data sources brought in, where they are long enough to be recognized."""
    root = plan.get("prior_state", {}).get("values", {}).get("root_module", {})
    for resource in resources(root):
        if resource.get("mode") == "data":
            yield from (leaf for _, leaf in leaves("", resource.get("values")) if isinstance(leaf, str) and len(leaf) >= 6)


def resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a module and of those below it."""
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from resources(child)


def total(results: Iterable[Agreement]) -> Agreement:
    """Add the counts of cases."""
    whole = Agreement()
    for result in results:
        for name in ("resources", "reproduced_resources", "values", "reproduced_values", "environmental"):
            setattr(whole, name, getattr(whole, name) + getattr(result, name))
        for name in ("mismatches", "missing", "extra"):
            getattr(whole, name).extend(getattr(result, name))
    return whole
