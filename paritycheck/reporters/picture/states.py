"""What is to be said of each resource at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from paritycheck.findings import Finding, Report, Severity
from paritycheck.topology import Node

_PARITY = frozenset(
    {
        "action-difference",
        "edge-difference",
        "environment-leak",
        "limit-violation",
        "order-violation",
        "protected-difference",
        "provider-difference",
        "undecidable-value",
        "value-difference",
        "version-difference",
    }
)
"""Rules about what is not the same in all environments."""


class State(StrEnum):
    """How a resource fares; the gravest that holds, later ones being graver."""

    SAME = "same"
    ALLOWED = "allowed"
    VIOLATES = "violates"
    DIFFERS = "differs"
    MISSING = "missing"


_MEANINGS = {
    State.SAME: "the same everywhere",
    State.ALLOWED: "differs as allowed",
    State.VIOLATES: "breaks a policy",
    State.DIFFERS: "differs",
    State.MISSING: "missing in an environment",
}
_ORDER = list(State)


def meanings(report: Report) -> Mapping[State, str]:
    """Return what the states say to a reader of a report; nothing is said to be the same where nothing was compared."""
    return _MEANINGS if report.compared else _MEANINGS | {State.SAME: "breaks no policy" if report.policies else "not compared"}


def gravest(found: list[State]) -> State:
    """Return the gravest of some states."""
    return max(found, key=_ORDER.index, default=State.SAME)


def states(report: Report) -> dict[str, State]:
    """Return the state of every node of a report's topology, by its address; what the baseline knows counts too."""
    marks: dict[str, list[State]] = {}
    for finding in (*report.findings, *report.known):
        if finding.severity is not Severity.NOTE:
            marks.setdefault(finding.address, []).append(_state(finding))
    for allowed in report.allowed:
        marks.setdefault(allowed.address, []).append(State.ALLOWED)
    nodes = report.topology.nodes if report.topology else ()
    return {node.address: gravest([mark for name in _names(node) for mark in marks.get(name, ())]) for node in nodes}


def _names(node: Node) -> set[str]:
    """Return the addresses under which a finding may be about a node: its own, and its block's."""
    return {node.address, node.block}


def _state(finding: Finding) -> State:
    if finding.rule == "missing-resource":
        return State.MISSING
    return State.DIFFERS if finding.rule in _PARITY else State.VIOLATES
