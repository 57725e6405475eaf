"""The topology as a flowchart of Mermaid, which GitHub and GitLab draw in Markdown: https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paritycheck.findings import Report
from paritycheck.reporters.picture.colors import LIGHT
from paritycheck.reporters.picture.granularity import By
from paritycheck.reporters.picture.grouping import Graph, group
from paritycheck.reporters.picture.states import State

_MOST_ARROWS = 500
_MOST_CHARACTERS = 50_000
"""What Mermaid draws by default: `maxEdges` and `maxTextSize`, https://mermaid.js.org/config/schema-docs/config.html"""

_UNSAFE = re.compile(r"[^\w \u2026\u00d7./-]")


def render_mermaid(report: Report, by: By = By.BLOCK) -> str:
    """Write a report's topology as a flowchart: coarser than `by` where Mermaid would refuse the size, which a comment says."""
    kinds = list(By)
    for kind in kinds[kinds.index(by) :]:
        graph = group(report, kind)
        text = "\n".join(_lines(graph, kind, by)) + "\n"
        if len(graph.arrows) <= _MOST_ARROWS and len(text) <= _MOST_CHARACTERS:
            break
    return text


def _lines(graph: Graph, kind: By, wanted: By) -> Iterator[str]:
    yield "flowchart LR"
    if kind is not wanted:
        yield f"  %% By {kind}: by {wanted} it would be more than Mermaid draws, {_MOST_ARROWS} arrows and {_MOST_CHARACTERS} characters."
    for number, (service, vertices) in enumerate(graph.services):
        nested = "" if kind is By.SERVICE else "  "
        if nested:
            yield f'  subgraph s{number}["{_text(service)}"]'
        for vertex in vertices:
            marked = "" if vertex.state is State.SAME else f":::{vertex.state}"
            yield f'  {nested}{vertex.id}["{_text(vertex.label)}"]{marked}'
        if nested:
            yield "  end"
    for arrow in graph.arrows:
        yield f"  {arrow.source} {'-->' if arrow.flows else '-.->'} {arrow.target}"
    used = {vertex.state for _, vertices in graph.services for vertex in vertices} - {State.SAME}
    for state in State:
        if state in used:
            yield f"  classDef {state} stroke:{LIGHT[state]},stroke-width:2px{',stroke-dasharray:4' if state is State.MISSING else ''}"


def _text(text: str) -> str:
    """Write what could mean something to Mermaid or to HTML as a code of its own, such as `#34;`."""
    return _UNSAFE.sub(lambda match: f"#{ord(match[0])};", text)
