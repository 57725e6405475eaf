"""The topology in DOT, for Graphviz and whatever else reads it: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from paritycheck.findings import Report
from paritycheck.reporters.picture.colors import LIGHT
from paritycheck.reporters.picture.granularity import By
from paritycheck.reporters.picture.grouping import Arrow, Graph, Vertex, group
from paritycheck.reporters.picture.states import State, meanings


def render_dot(report: Report, by: By = By.BLOCK) -> str:
    """Write a report's topology as a directed graph with a cluster for each service."""
    return "\n".join(_lines(group(report, by), by, meanings(report))) + "\n"


def _lines(graph: Graph, by: By, told: Mapping[State, str]) -> Iterator[str]:
    yield "digraph topology {"
    yield "  rankdir=LR;"
    yield '  graph [fontname="Helvetica", style="rounded", color="#c6cdd8"];'
    yield '  node [fontname="Helvetica", fontsize=11, shape=box, style="rounded"];'
    yield '  edge [color="#5b6b8c", arrowsize=0.6];'
    for number, (service, vertices) in enumerate(graph.services):
        if by is By.SERVICE:
            yield from (f"  {_vertex(vertex, told)}" for vertex in vertices)
            continue
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_quoted(service)};"
        yield from (f"    {_vertex(vertex, told)}" for vertex in vertices)
        yield "  }"
    yield from (f"  {_arrow(arrow)}" for arrow in graph.arrows)
    yield "}"


def _vertex(vertex: Vertex, told: Mapping[State, str]) -> str:
    tooltip = _quoted(f"{vertex.label}: {told[vertex.state]}")
    dashed = ', style="rounded,dashed"' if vertex.state is State.MISSING else ""
    return f'{vertex.id} [label={_quoted(vertex.label)}, tooltip={tooltip}, class={vertex.state}, color="{LIGHT[vertex.state]}"{dashed}];'


def _arrow(arrow: Arrow) -> str:
    return f"{arrow.source} -> {arrow.target}{'' if arrow.flows else ' [style=dotted]'};"


def _quoted(text: str) -> str:
    r"""Quote a text in which a backslash is no escape: DOT itself knows only `\"`, but labels know more."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
