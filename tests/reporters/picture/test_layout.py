"""Everything in a picture has a place of its own."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings

from paritycheck.reporters.picture.geometry import Box
from paritycheck.reporters.picture.layout import lay_out
from paritycheck.topology import Band, Edge, Node, Service, Topology
from tests.reporters.picture.stacks import SMALL, topologies


def within(inner: Box, outer: Box) -> bool:
    """Tell whether a box lies in another one."""
    return outer.x <= inner.x and outer.y <= inner.y and inner.right <= outer.right and inner.bottom <= outer.bottom


@settings(max_examples=60)
@given(topologies())
def test_every_node_is_drawn_once(topology: Topology) -> None:
    drawn = [cell.node for panel in lay_out(topology).panels for card in panel.cards for cell in card.cells]

    assert list(range(len(topology.nodes))) == sorted(drawn)


@settings(max_examples=60)
@given(topologies())
def test_nothing_lies_on_anything_else(topology: Topology) -> None:
    panels = lay_out(topology).panels
    for group in (panels, *(panel.cards for panel in panels), *(card.cells for panel in panels for card in panel.cards)):
        assert not any(one.box.overlaps(other.box) for one, other in combinations(group, 2))


@settings(max_examples=60)
@given(topologies())
def test_everything_lies_within_what_it_belongs_to(topology: Topology) -> None:
    picture = lay_out(topology)
    page = Box(0, 0, picture.width, picture.height)

    assert all(within(panel.box, page) for panel in picture.panels)
    assert all(within(card.box, panel.box) for panel in picture.panels for card in panel.cards)
    assert all(within(cell.box, card.box) for panel in picture.panels for card in panel.cards for cell in card.cells)


@settings(max_examples=60)
@given(topologies())
def test_the_picture_keeps_to_its_width(topology: Topology) -> None:
    assert lay_out(topology).width <= 1410


@settings(max_examples=30)
@given(topologies())
def test_the_same_topology_has_the_same_picture(topology: Topology) -> None:
    assert lay_out(topology) == lay_out(topology)


def test_services_stand_in_their_order_and_those_that_support_below() -> None:
    picture = lay_out(SMALL)
    flow = [panel for panel in picture.panels if panel.service.band is not Band.SUPPORT]
    support = [panel for panel in picture.panels if panel.service.band is Band.SUPPORT]

    assert ["API Gateway", "Lambda", "SQS"] == [panel.service.name for panel in flow]
    assert sorted((panel.box.x, panel.box.y) for panel in flow) == [(panel.box.x, panel.box.y) for panel in flow]
    assert max(panel.box.bottom for panel in flow) < min(panel.box.y for panel in support)


def test_a_service_that_is_much_larger_takes_several_columns() -> None:
    nodes = tuple(Node(f"aws_x.n{n}", f"aws_x.n{n}", "managed", "aws_x", f"n{n}", "", "", "X", {}) for n in range(90))
    (panel,) = lay_out(Topology((), (Service("X", Band.FLOW),), nodes, (), ())).panels

    assert 5 == len({card.box.x for card in panel.cards})


def test_curves_go_from_service_to_service_along_the_flows() -> None:
    addresses = [node.address for node in SMALL.nodes]

    assert [
        ("aws_apigatewayv2_integration.order", 'aws_lambda_function.this["validate"]'),
        ('aws_lambda_function.this["match"]', "aws_sqs_queue.orders"),
    ] == [(addresses[curve.source], addresses[curve.target]) for curve in lay_out(SMALL).curves]


def test_too_many_curves_become_one_from_service_to_service() -> None:
    services = (Service("A", Band.FLOW), Service("B", Band.FLOW))
    nodes = tuple(Node(f"{name}.n{n}", f"{name}.n{n}", "managed", name, f"n{n}", "", "", name, {}) for name in "AB" for n in range(40))
    flows = tuple(Edge(f"A.n{one}", f"B.n{other}") for one in range(40) for other in range(40))
    few, many = (lay_out(Topology((), services, nodes, flows, part)).curves for part in (flows[:1_500], flows))

    assert (1_500, 1) == (len(few), len(many))
