"""What a provider's refusals tell about its rules: enumerations, ranges, lengths and shapes.

Only the few fixed forms in which the provider's SDKs report their standard checks are read, and only where one
attribute got exactly one complaint: two may be alternatives of each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tools.oracle import Complaint

ENDLESS = 2**53
"""From here on a limit is only the largest number of its type."""

NUMBER = r"(-?\d+(?:\.\d+)?)"
FORMS: tuple[tuple[str, str], ...] = (
    (r'^expected (\S+) to be one of \["(.*)"\], got', "one_of"),
    (rf"^expected (\S+) to be one of \[({NUMBER[1:-1]}(?: {NUMBER[1:-1]})*)\], got", "numbers"),
    (r'^Attribute (\S+?)(?:\[Value\(.*\)\])? value must be one of: \["(.*)"\], got', "one_of"),
    (rf"^expected (\S+) to be in the range \({NUMBER} - {NUMBER}\), got", "between"),
    (rf"^Attribute (\S+) value must be between {NUMBER} and {NUMBER}, got", "between"),
    (rf"^expected (\S+) to be at least \({NUMBER}\), got", "least"),
    (rf"^Attribute (\S+) value must be at least {NUMBER}, got", "least"),
    (rf"^expected (\S+) to be at most \({NUMBER}\), got", "most"),
    (rf"^Attribute (\S+) value must be at most {NUMBER}, got", "most"),
    (rf"^expected length of (\S+) to be in the range \({NUMBER} - {NUMBER}\), got", "length"),
    (rf"^Attribute (\S+) string length must be between {NUMBER} and {NUMBER}, got", "length"),
    (r'^"(\S+)" \(.*\) is an invalid ARN', "arn"),
    (r'^"(\S+)" contains an invalid JSON policy', "iam_policy_json"),
    (r'^"(\S+)" contains an invalid JSON', "json"),
    (r'^expected "(\S+)" to be a valid RFC3339 date', "rfc3339"),
    (r'^expected "(\S+)" to be a valid CIDR Value', "cidr"),
    (r'^"(\S+)" must be a valid CIDR|^"(\S+)" must contain a valid CIDR', "cidr"),
)
DOTTED = re.compile(r"\b[a-z][a-z0-9_]*(?:\.\d+)*(?:\.[a-z][a-z0-9_]*)+")
SHARED_LEVEL = 3
LEGIBLE = 500
"""Characters of a complaint that are searched for names: it may repeat the bad value."""

_COMPILED = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in FORMS)


def dotted(key: str) -> str:
    """Return the dotted path of a key with indexes (``rule.0.name``, ``rule[0].name``)."""
    return ".".join(step for step in re.split(r"[.\[\]]", key) if step and not step.isdigit())


def learn_rules(complaints: Iterable[Complaint], types: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the facts that complaints about one configuration prove, by dotted path; `types` has the paths of the schema.

    A length or range of a collection's elements is none of the collection, and so is left out.
    """
    told: dict[str, list[dict[str, Any]]] = {}
    for complaint in complaints:
        name, fact = parse(complaint) or ("", {})
        for path in locate(complaint, name, types):
            told.setdefault(path, []).append(fit(fact, types[path]))
    return {path: facts[0] for path, facts in told.items() if facts[0] and all(fact == facts[0] for fact in facts)}


def fit(fact: dict[str, Any], kind: Any) -> dict[str, Any]:
    """Return a fact as it holds of an attribute's type: messages quote numbers, and tell of collections' elements."""
    if "one_of" in fact and "number" in (kind, kind[-1]):
        fact = fact | {"one_of": [number(choice) for choice in fact["one_of"]]}
    return fact if isinstance(kind, str) else {key: fact[key] for key in fact.keys() & {"one_of", "is"}}


def complained(complaints: Iterable[Complaint], paths: Collection[str]) -> set[str]:
    """Return the paths of the schema that complaints are about."""
    named = ((complaint, parse(complaint) or ("", {})) for complaint in complaints)
    return {path for complaint, (name, _) in named for path in locate(complaint, name, paths)}


def locate(complaint: Complaint, name: str, paths: Collection[str]) -> list[str]:
    """Return the paths in the schema that a complaint may be about, `name` being what it calls it, where that could be read.

    The name counts more than the complaint's own path: that may end at a set, and names any sibling in a block of the
    third level, whose paths share memory in the provider's SDK.
    """
    path = dotted(".".join(step for step in complaint.path if isinstance(step, str)))
    parent = path.rpartition(".")[0]
    named = [name] if name else DOTTED.findall(f"{complaint.summary[:LEGIBLE]} {complaint.detail[:LEGIBLE]}")
    candidates = [whole for text in map(dotted, named) for whole in (f"{path}.{text}", f"{parent}.{text}".lstrip("."), text)]
    found = [whole for whole in candidates if whole.startswith(parent) and whole in paths][:1]
    if found or name or path not in paths:
        return found
    return [other for other in paths if other.rpartition(".")[0] == parent] if path.count(".") == SHARED_LEVEL else [path]


def parse(complaint: Complaint) -> tuple[str, dict[str, Any]] | None:
    """Return the dotted path and the fact in a complaint of a known form."""
    for text in filter(None, (complaint.summary, complaint.detail)):
        for pattern, kind in _COMPILED:
            if match := pattern.search(text):
                path, *values = (group for group in match.groups() if group is not None)
                return dotted(path), make_fact(kind, values)
    return None


def make_fact(kind: str, values: list[str]) -> dict[str, Any]:
    """Return the fact that a complaint's form and values stand for."""
    match kind:
        case "one_of":
            return {"one_of": [json.loads(f'"{value}"') for value in values[0].split('" "')]}
        case "numbers":
            return {"one_of": values[0].split(" ")}
        case "between" | "length":
            return {kind: [number(values[0]), number(values[1])]}
        case "least":
            return {"between": [number(values[0]), None]}
        case "most":
            return {"between": [None, number(values[0])]}
        case shape:
            return {"is": shape}


def number(text: str) -> int | float | None:
    """Return a number of a message, as an integer where it is one; one that only means "no end" is ``None``."""
    value = float(text)
    if abs(value) >= ENDLESS:
        return None
    return int(value) if value.is_integer() else value


def alternatives(complaints: Iterable[Complaint]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (path, form, paths) of each complaint about arguments that exclude or need each other."""
    for complaint in complaints:
        text = complaint.detail
        if match := re.match(r'^"(\S+)": conflicts with (\S+)$', text):
            yield dotted(match[1]), "conflicts_with", [dotted(match[2])]
        elif match := re.match(r'^"(\S+)": only one of `(\S+)` can be specified', text):
            yield dotted(match[1]), "exactly_one_of", [dotted(key) for key in match[2].split(",")]
        elif match := re.match(r'^"(\S+)": one of `(\S+)` must be specified', text):
            yield dotted(match[1]), "at_least_one_of", [dotted(key) for key in match[2].split(",")]
        elif match := re.match(r'^"(\S+)": all of `(\S+)` must be specified', text):
            yield dotted(match[1]), "required_with", [key for key in map(dotted, match[2].split(",")) if key != dotted(match[1])]
