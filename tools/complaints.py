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
        if path := locate(own_path(complaint), name, types):
            fact = numeric(fact) if "number" in (types[path], types[path][-1]) else fact
            told.setdefault(path, []).append(
                fact if isinstance(types[path], str) else {key: fact[key] for key in fact.keys() & {"one_of", "is"}}
            )
    return {path: facts[0] for path, facts in told.items() if facts[0] and all(fact == facts[0] for fact in facts)}


def numeric(fact: dict[str, Any]) -> dict[str, Any]:
    """Return the fact about a number: its alternatives are numbers too, though messages may quote them."""
    return fact | {"one_of": [number(choice) for choice in fact["one_of"]]} if "one_of" in fact else fact


def complained(complaints: Iterable[Complaint], paths: Collection[str]) -> set[str]:
    """Return the paths of the schema that complaints are about."""
    named = ((complaint, parse(complaint) or ("", {})) for complaint in complaints)
    found = (locate(own_path(complaint), name, paths) for complaint, (name, _) in named)
    return {path for path in found if path is not None}


def own_path(complaint: Complaint) -> str:
    """Return the dotted path that a complaint gives."""
    return dotted(".".join(step for step in complaint.path if isinstance(step, str)))


def locate(path: str, name: str, paths: Collection[str]) -> str | None:
    """Return the path in the schema that a complaint is about; its own path may end at a set, and its name may be a leaf."""
    if path.endswith(name) and path in paths:
        return path
    return next((whole for whole in (name, f"{path}.{name}") if whole.startswith(path) and whole in paths), None)


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
