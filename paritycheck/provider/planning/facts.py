"""What a schema does not say about a resource type: defaults, computed blocks, and the values that a provider refuses.

Facts are JSON lines, one resource type a line: ``{"type": NAME, "attributes": {PATH: {KEY: VALUE}}}``. A path is dotted
through nested blocks, without indexes. The keys, all optional:

==================  ====================================================================================================
``default``         the value planned when the configuration says nothing
``computed``        true: a block that is unknown when the configuration omits it
``null_when``       ``{"default": VALUE}``: a computed attribute that is planned as this known value (``null`` too) when omitted
``planned_as``      how the plan writes a known value: a key of `paritycheck.provider.planning.rewriting.REWRITES`
``keeps_empty``     true: an empty text that may be computed is planned as such, and does not count as not set
``omits``           values that a create plans as null, because they are what the provider would not send
``only_when``       ``{PATH: [VALUES]}``: the value is planned as null unless each path is planned as one of its values
                    (``null`` for not set)
``replace``         true: changing the value replaces the resource
``keeps``           true: an update leaves the computed value alone; false: any update makes it unknown
``recomputed_by``   top-level arguments and blocks of which a change makes the computed value unknown
``conflicts_with``  paths that must not be set together with this one
``exactly_one_of``  paths of which exactly one must be set; ``at_least_one_of`` likewise
``required_with``   paths that must be set when this one is
``required_when``   ``{PATH: [VALUES]}``: must be set when each path has one of its values (``null`` for not set)
``allowed_when``    ``{PATH: [VALUES]}``: must be left at its zero value unless each path has one of its values
``one_of``          the values that are accepted; ``ignore_case``: in any case
``between``         [min, max] of a number, ``null`` for an open end
``length``          [min, max] of a string's characters or of a collection's items
``pattern``         a regular expression that a string must contain
``is``              ``arn``, ``cidr``, ``json``, ``iam_policy_json`` or ``rfc3339``
==================  ====================================================================================================

``one_of``, ``pattern`` and ``is`` on a collection hold for each of its elements. An unknown value breaks no rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paritycheck.provider.interface import Value


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about one attribute or block, as the module's docstring says."""

    default: Value = None
    computed: bool = False
    known: bool = False
    """A computed attribute that is planned as `default`, ``None`` included, instead of unknown."""
    planned_as: str | None = None
    keeps_empty: bool = False
    omits: tuple[Value, ...] = ()
    only_when: Mapping[str, Sequence[Value]] | None = None
    replace: bool = False
    keeps: bool | None = None
    recomputed_by: tuple[str, ...] = ()
    conflicts_with: tuple[str, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    at_least_one_of: tuple[str, ...] = ()
    required_with: tuple[str, ...] = ()
    required_when: Mapping[str, Sequence[Value]] | None = None
    allowed_when: Mapping[str, Sequence[Value]] | None = None
    one_of: tuple[Value, ...] = ()
    ignore_case: bool = False
    between: tuple[Any, Any] | None = None
    length: tuple[int | None, int | None] | None = None
    pattern: str | None = None
    is_: str | None = None
    demands: bool = field(init=False, compare=False)
    """Whether a value that is not set can break a rule."""
    forbids: bool = field(init=False, compare=False)
    """Whether there is a rule at all."""

    def __post_init__(self) -> None:
        """Tell once what thousands of values are asked for."""
        rules = (self.conflicts_with, self.required_with, self.allowed_when, self.one_of, self.between, self.length, self.pattern, self.is_)
        demands = bool(self.exactly_one_of or self.at_least_one_of or self.required_when)
        object.__setattr__(self, "demands", demands)
        object.__setattr__(self, "forbids", demands or any(rules))


NOTHING = Fact()
"""What is known about a path that no fact names."""

TypeFacts = Mapping[str, Fact]
"""The facts of one resource type, by path."""


class FactTable:
    """The facts of many resource types, parsed on demand."""

    def __init__(self, *sources: bytes) -> None:
        """Index JSON lines that start with their type, as `format_facts` writes them; what an earlier source says stands."""
        self._lines: dict[str, list[str]] = {}
        for line in (line for source in sources for line in source.decode().splitlines()):
            self._lines.setdefault(line.split('"', 4)[3], []).append(line)
        self._parsed: dict[str, TypeFacts] = {}

    def find(self, type_name: str) -> TypeFacts | None:
        """Return the facts of a resource type, or ``None`` where there are none."""
        if type_name not in self._parsed and type_name in self._lines:
            attributes = merge_facts([self._lines[type_name]])[type_name]
            self._parsed[type_name] = {path: parse_fact(record) for path, record in attributes.items()}
        return self._parsed.get(type_name)


def merge_facts(sources: Iterable[Iterable[str]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Merge sources of JSON lines into facts by type and path; key by key, what an earlier source says stands."""
    types: dict[str, dict[str, dict[str, Any]]] = {}
    for line in (line for source in sources for line in source if line.strip()):
        record = json.loads(line)
        known = types.setdefault(record["type"], {})
        for path, fact in record.get("attributes", {}).items():
            known[path] = {**fact, **known.get(path, {})}
    return types


def format_facts(types: Mapping[str, Mapping[str, Any]]) -> str:
    """Write facts by type and path as JSON lines, sorted, so that a change of them is easy to review."""
    records = ({"type": name, "attributes": dict(sorted(paths.items()))} for name, paths in sorted(types.items()))
    return "".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n" for record in records)


def parse_fact(record: Mapping[str, Any]) -> Fact:
    """Make a fact of its JSON form."""
    planned = record.get("null_when", {})
    values: dict[str, Any] = {key: _freeze(value) for key, value in record.items() if key not in ("is", "null_when")}
    if "default" in planned:
        values |= {"default": planned["default"], "known": True}
    return Fact(**values, is_=record.get("is"))


def _freeze(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
