"""Pictures are what their formats take, show what the report says, and let no name act on anything."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pydot
import pytest

from paritycheck.findings import Report, Severity
from paritycheck.reporters.picture import By, Drawing
from paritycheck.reporters.picture.states import State, states
from paritycheck.topology import Band, Edge, Node, Service, Topology
from tests.conftest import Snapshot
from tests.reporters.picture.stacks import HOSTILE_NAMES, HOSTILE_REPORT, REPORT, SMALL, finding

SVG = "{http://www.w3.org/2000/svg}"
VERTEX = re.compile(r'n\d+\["[\w \u2026\u00d7./#;-]*"\](:::\w+)?')


@pytest.mark.parametrize("drawing", Drawing)
def test_a_small_stack_looks_as_before(drawing: Drawing, snapshot: Snapshot) -> None:
    endings = {Drawing.SVG: "svg", Drawing.DOT: "dot", Drawing.MERMAID: "mmd"}
    snapshot(f"picture.{endings[drawing]}", drawing.render(REPORT))


@pytest.mark.parametrize("drawing", Drawing)
@pytest.mark.parametrize("by", By)
def test_a_picture_of_nothing_is_a_picture(drawing: Drawing, by: By) -> None:
    text = drawing.render(Report((), (), topology=Topology((), (), (), (), ())), by)

    assert text.startswith(("<svg ", "digraph topology {", "flowchart LR"))


def svg(report: Report) -> ET.Element:
    """Parse the SVG, as strictly as XML is."""
    return ET.fromstring(Drawing.SVG.render(report).encode())


@pytest.mark.parametrize("report", [REPORT, HOSTILE_REPORT], ids=["small", "hostile"])
def test_every_resource_is_a_named_symbol_of_its_own(report: Report) -> None:
    assert report.topology
    nodes = [each for each in svg(report).iter(f"{SVG}g") if each.get("role") == "graphics-symbol"]

    assert [f"node-{number}" for number in range(len(report.topology.nodes))] == sorted(
        (str(each.get("id")) for each in nodes), key=lambda name: int(name.removeprefix("node-"))
    )
    assert all(each.findtext(f"{SVG}title") and each.get("data-address") for each in nodes)


@pytest.mark.parametrize("report", [REPORT, HOSTILE_REPORT], ids=["small", "hostile"])
def test_svg_holds_no_script_and_asks_for_nothing(report: Report) -> None:
    root = svg(report)
    names = {each.tag.removeprefix(SVG) for each in root.iter()}
    attributes = {name for each in root.iter() for name in each.attrib}

    assert names <= {"svg", "style", "defs", "marker", "path", "rect", "text", "tspan", "g", "title"}
    assert not [name for name in attributes if name.startswith("on") or "href" in name or name == "style"]
    assert "@import" not in Drawing.SVG.render(report)
    assert re.findall(r"url\([^)]*\)", Drawing.SVG.render(report)) == ["url(#topology-end)"]


def test_svg_says_the_state_of_each_resource() -> None:
    classes = {each.get("data-address"): str(each.get("class")).split() for each in svg(REPORT).iter(f"{SVG}g") if each.get("data-address")}

    assert "differs" in classes['aws_lambda_function.this["match"]']
    assert "missing" in classes['aws_lambda_permission.this["match"]']
    assert "violates" in classes["aws_sqs_queue.orders"]
    assert "allowed" in classes["aws_cloudwatch_metric_alarm.this[3]"]
    assert "same" in classes["aws_kms_key.this"]


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("report", [REPORT, HOSTILE_REPORT], ids=["small", "hostile"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pydot")
def test_another_reader_finds_the_same_graph_in_dot(report: Report, by: By) -> None:
    text = Drawing.DOT.render(report, by)
    (graph,) = pydot.graph_from_dot_data(text)
    clusters = graph.get_subgraphs()
    vertices = [vertex for part in (graph, *clusters) for vertex in part.get_nodes() if re.fullmatch(r"n\d+", vertex.get_name())]
    arrows = [line for line in text.splitlines() if re.fullmatch(r"  n\d+ -> n\d+( \[style=dotted\])?;", line)]

    assert report.topology
    expected = {By.RESOURCE: {n.address for n in report.topology.nodes}, By.BLOCK: {n.block for n in report.topology.nodes}}
    assert len(expected.get(by, report.topology.services)) == len(vertices)
    assert (0 if by is By.SERVICE else len(report.topology.services)) == len(clusters)
    assert len(arrows) == len(graph.get_edges())


@pytest.mark.parametrize("by", By)
def test_hostile_names_stay_within_their_quotes_in_mermaid(by: By) -> None:
    for line in Drawing.MERMAID.render(HOSTILE_REPORT, by).splitlines()[1:]:
        text = line.strip()
        known = text == "end" or re.fullmatch(r"n\d+ (-->|-\.->) n\d+|classDef \w+ [\w:#,-]+", text)

        assert known or VERTEX.fullmatch(text.replace("subgraph s", "n"))


@pytest.mark.parametrize("drawing", Drawing)
def test_a_name_of_ten_thousand_letters_is_cut(drawing: Drawing) -> None:
    assert "x" * 10_000 in HOSTILE_NAMES
    assert "x" * 400 not in drawing.render(HOSTILE_REPORT)


def large(count: int) -> Report:
    """Return a report of so many blocks in two services, each referring to the next."""
    nodes = tuple(
        Node(f"aws_x.n{number}", f"aws_x.n{number}", "managed", "aws_x", f"n{number}", "", "", "AB"[number % 2], {})
        for number in range(count)
    )
    edges = tuple(Edge(one.address, other.address) for one, other in pairwise(nodes))
    return Report((), (), topology=Topology((), (Service("A", Band.FLOW), Service("B", Band.FLOW)), nodes, edges, ()))


def test_mermaid_gets_no_more_than_it_draws_and_is_told_so() -> None:
    small, huge = Drawing.MERMAID.render(large(500)), Drawing.MERMAID.render(large(600))

    assert "%%" not in small
    assert 499 == small.count("-.->")
    assert "%% By service: by block it would be more than Mermaid draws" in huge
    assert 2 == huge.count("-.->")


def test_states_tell_the_gravest_of_what_was_found() -> None:
    address = "aws_sqs_queue.orders"
    report = dataclasses.replace(REPORT, findings=(finding("policy-violation", address), finding("value-difference", address)))

    assert State.DIFFERS is states(report)[address]


def test_a_finding_about_a_block_is_about_all_its_instances() -> None:
    report = dataclasses.replace(REPORT, findings=(finding("edge-difference", "aws_lambda_function.this"),))

    assert [State.DIFFERS, State.DIFFERS] == [states(report)[f'aws_lambda_function.this["{key}"]'] for key in ("validate", "match")]


def test_what_the_baseline_knows_still_differs() -> None:
    report = dataclasses.replace(REPORT, findings=(), known=REPORT.findings)

    assert states(REPORT) == states(report)


def test_a_note_leaves_a_resource_as_it_is() -> None:
    report = dataclasses.replace(REPORT, findings=(finding("value-difference", "aws_kms_key.this", severity=Severity.NOTE),))

    assert State.SAME is states(report)["aws_kms_key.this"]
    assert len(SMALL.nodes) == len(states(report))
