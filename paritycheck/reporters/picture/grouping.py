"""A topology as a graph of resources, of blocks, or of services: what text formats for graphs are written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from paritycheck.findings import Report
from paritycheck.inert import inert
from paritycheck.reporters.picture.granularity import By
from paritycheck.reporters.picture.states import State, gravest, states
from paritycheck.topology import Edge, Node, Topology

_LABEL = 90
"""Characters of a label."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A resource, or all of a block or a service."""

    id: str
    """Letters and digits."""
    label: str
    """Inert, but not escaped for any format."""
    service: str
    state: State
    """The gravest of its resources."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from one vertex to another."""

    source: str
    target: str
    flows: bool
    """Whether data goes that way; else it is a reference alone."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Vertices and what lies between them, each once."""

    services: tuple[tuple[str, tuple[Vertex, ...]], ...]
    """Label and vertices of each service, in the order of the data flow."""
    arrows: tuple[Arrow, ...]


def group(report: Report, by: By) -> Graph:
    """Return a report's topology as a graph; resources of one vertex have no arrow between them."""
    topology = report.topology or Topology((), (), (), (), ())
    found = states(report)
    members: dict[str, list[Node]] = {}
    for node in topology.nodes:
        members.setdefault(_owner(node, by), []).append(node)
    vertices = {
        name: Vertex(f"n{number}", _label(name, nodes), nodes[0].service, gravest([found[node.address] for node in nodes]))
        for number, (name, nodes) in enumerate(members.items())
    }
    names = {node.address: _owner(node, by) for node in topology.nodes}
    flows = _between(topology.flows, names)
    either = {frozenset(pair) for pair in flows}
    references = [pair for pair in _between(topology.edges, names) if frozenset(pair) not in either]
    arrows = [Arrow(vertices[a].id, vertices[b].id, flows=number < len(flows)) for number, (a, b) in enumerate([*flows, *references])]
    services = ((_cut(each.name), tuple(v for v in vertices.values() if v.service == each.name)) for each in topology.services)
    return Graph(tuple(services), tuple(arrows))


def _owner(node: Node, by: By) -> str:
    return {By.RESOURCE: node.address, By.BLOCK: node.block, By.SERVICE: node.service}[by]


def _between(edges: Iterable[Edge], names: Mapping[str, str]) -> list[tuple[str, str]]:
    pairs = Counter((names[edge.source], names[edge.target]) for edge in edges)
    return [pair for pair in pairs if pair[0] != pair[1]]


def _label(name: str, nodes: list[Node]) -> str:
    return _cut(name) if len(nodes) == 1 else f"{_cut(name)} \u00d7{len(nodes)}"


def _cut(name: str) -> str:
    text = inert(name[: 2 * _LABEL])
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}\u2026"
