"""One resource, or one of its attributes: its value in every environment, where that comes from, and which rule speaks of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from paritycheck.allowlist import AllowRule, Judge, ProtectRule
from paritycheck.errors import Location, UsageError
from paritycheck.findings import Allowed, Finding, Related, Report, Special, Word
from paritycheck.plan import static_address
from paritycheck.topology import Attribute, Edge, Node, Topology

if TYPE_CHECKING:
    from paritycheck.config import Config
    from paritycheck.source import Sources

_INDEX = re.compile(r"\[\d+\]")

_CLOSE = 5
"""Addresses that are proposed for one that is not there."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to say of one address, or of one attribute."""

    address: str
    """Normalized, as in a `Finding`."""
    path: str
    """Empty for the whole resource."""
    environments: tuple[str, ...]
    actions: Mapping[str, str]
    """What is planned, by the name of each environment that has it; empty for what is no resource."""
    attributes: tuple[Attribute, ...]
    """The one that was asked for, or what lies below it; of a whole resource those that differ."""
    equal: int
    """How many attributes of a whole resource are the same everywhere."""
    location: Location | None
    steps: tuple[Related, ...]
    """From the attribute to what gives it its value."""
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]
    rules: tuple[AllowRule | ProtectRule, ...]
    """Every rule that covers it, whether it has something to permit or not; protect rules come first."""
    uses: tuple[str, ...] = field(default=())
    """What a whole resource refers to."""
    users: tuple[str, ...] = field(default=())
    """What refers to a whole resource."""


def explain(subject: str, report: Report, config: Config, sources: Sequence[Sources], today: date) -> Explanation:
    """Explain ``ADDRESS`` or ``ADDRESS.attribute``, given a report that holds the topology.

    The address may be written with an environment's own name or with `{env}`. Raises `UsageError` for what no environment has.
    """
    topology = report.topology
    if topology is None:
        raise ValueError("the report holds no topology")
    if variable := _variable(subject, sources, topology.environments):
        return variable
    node, address, path = _find(subject, topology, sources)
    judge = Judge(config.allow, config.protect, today)
    findings = tuple(each for each in report.findings if each.address == address and _within(each.path, path))
    allowed = tuple(each for each in report.allowed if each.address == address and _within(each.path, path))
    differing: tuple[Finding | Allowed, ...] = (*findings, *allowed)
    attributes = tuple(_attributes(node, path) if node else (Attribute(each.path, values=each.values) for each in differing))
    if node and path and not attributes:
        raise _no_attribute(node, path)
    by_environment = {each.environment.name: _actual(address, each.environment.name) for each in sources}
    return Explanation(
        address=address,
        path=path,
        environments=topology.environments,
        actions=node.actions if node else {},
        attributes=attributes if path else tuple(each for each in attributes if each.values),
        equal=0 if path else sum(not each.values for each in attributes),
        location=next(filter(None, (each.locate(by_environment[each.environment.name], path) for each in sources)), None),
        steps=_steps(sources, by_environment, path) if path or node is None else (),
        findings=findings,
        allowed=allowed,
        rules=tuple(_rules(judge, address, path)),
        uses=() if path else tuple(edge.target for edge in _edges(topology, source=address)),
        users=() if path else tuple(edge.source for edge in _edges(topology, target=address)),
    )


def _variable(subject: str, sources: Sequence[Sources], environments: tuple[str, ...]) -> Explanation | None:
    """Explain a variable of the root module, whose values are written in files; `None` for anything else."""
    name = subject.partition(".")[2]
    declared = {variable.name: variable for each in sources for variable in each.variables}
    secret = any(variable.sensitive for each in sources for variable in each.variables if variable.name == name)
    if subject.partition(".")[0] not in {"var", "variable"} or name not in declared:
        return None
    values: dict[str, Word | Special] = {}
    steps: dict[Location, list[str]] = {}
    for each in sources:
        location, text = each.assigned(name)
        values[each.environment.name] = Special.SENSITIVE if secret else Word(text)
        steps.setdefault(location or declared[name].location, []).append(each.environment.name)
    everywhere = len(steps) == 1
    return Explanation(
        address=f"var.{name}",
        path="",
        environments=environments,
        actions={},
        attributes=(Attribute("", values=values),),
        equal=0,
        location=declared[name].location,
        steps=tuple(Related(place, "sets it" if everywhere else f"sets it in {' and '.join(by)}") for place, by in steps.items()),
        findings=(),
        allowed=(),
        rules=(),
    )


def _find(subject: str, topology: Topology, sources: Sequence[Sources]) -> tuple[Node | None, str, str]:
    """Split what was asked for into a resource, its address and a path; a variable, a local value or an output is no resource."""
    nodes = {node.address: node for node in topology.nodes}
    spelled = {_actual(address, name): address for address in nodes for name in topology.environments} | {each: each for each in nodes}
    for address in sorted(spelled, key=len, reverse=True):
        rest = subject.removeprefix(address)
        if subject.startswith(address) and (not rest or rest[0] in ".["):
            return nodes[spelled[address]], spelled[address], rest.removeprefix(".")
    if instances := [each for each in spelled if each.endswith("]") and static_address(each) == subject]:
        hint = "Name one of them, in quotes for the shell:"
        raise UsageError(f"{subject} has instances", hint=hint, details="\n".join(instances[:_CLOSE]))
    if any(each.locate(subject) for each in sources) and subject.partition(".")[0] in {"output", "local", "var", "variable", "module"}:
        return None, subject, ""
    close = get_close_matches(subject, spelled, _CLOSE, 0.5)
    raise UsageError(
        f"no environment has {subject!r}",
        hint="Give the address of a resource, and a dot and an attribute if you like." + (" Did you mean one of these?" if close else ""),
        details="\n".join(close) or None,
    )


def _no_attribute(node: Node, path: str) -> UsageError:
    names = list(dict.fromkeys(_first(attribute.path) for attribute in node.attributes))
    close = get_close_matches(_first(path), names, _CLOSE, 0.5) or names
    return UsageError(f"{node.address} plans no {path!r}", hint=f"It plans {', '.join(close)}.")


def _first(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _actual(address: str, environment: str) -> str:
    return address.replace("{env}", environment)


def _attributes(node: Node, path: str) -> Iterator[Attribute]:
    """Yield the attributes at a path, below it, or the part at the path of one above it."""
    for attribute in node.attributes:
        if _within(attribute.path, path):
            yield attribute
        elif _within(path, attribute.path):
            yield from _part(attribute, path)


def _part(attribute: Attribute, path: str) -> Iterator[Attribute]:
    from paritycheck.source.addresses import parse_path

    steps = parse_path(path)[len(parse_path(attribute.path)) :]
    values = {name: _descend(value, steps) for name, value in attribute.values.items()}
    value = _descend(attribute.value, steps)
    if value is not None or any(each is not None for each in values.values()):
        yield Attribute(path, value, values)


def _descend(value: Any, steps: Iterable[object]) -> Any:
    """Return what lies at a path of a value; of a block that stands alone in its list, the index may be left out."""
    for step in steps:
        if isinstance(value, list) and len(value) == 1 and not isinstance(step, int):
            value = value[0]
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _within(path: str, above: str) -> bool:
    """Tell whether a path is another one, or lies below it; indexes may be left out of that."""
    return any(not above or each == above or each.startswith((f"{above}.", f"{above}[")) for each in (path, _INDEX.sub("", path)))


def _steps(sources: Sequence[Sources], addresses: Mapping[str, str], path: str) -> tuple[Related, ...]:
    if not sources:
        return ()
    from paritycheck.source import explain as follow

    return follow(sources, addresses, path).steps


def _rules(judge: Judge, address: str, path: str) -> Iterator[AllowRule | ProtectRule]:
    for protection, coverage in judge.protect.covering(address):
        if coverage.touches_path(path):
            yield protection
    for book in (judge.active, judge.proposed, judge.expired):
        for rule, coverage in book.covering(address):
            if coverage.touches_path(path):
                yield rule


def _edges(topology: Topology, *, source: str | None = None, target: str | None = None) -> Iterator[Edge]:
    return (edge for edge in topology.edges if edge.source == source or edge.target == target)
