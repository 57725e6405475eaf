"""Cards say what a block is, as far as there is room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.reporters.picture.cards import CARD, build_cards, cut, kind_of, root_type, width_of
from paritycheck.topology import Band, Node, Service
from tests.reporters.picture.stacks import node


@pytest.mark.parametrize(
    ("type_name", "service", "kind"),
    [
        ("aws_sqs_queue", "SQS", "queue"),
        ("aws_sqs_queue_policy", "SQS", "queue policy"),
        ("aws_api_gateway_rest_api", "API Gateway", "rest api"),
        ("aws_apigatewayv2_route", "API Gateway", "route"),
        ("aws_sfn_state_machine", "Step Functions", "state machine"),
        ("aws_cloudwatch_event_rule", "EventBridge", "rule"),
        ("aws_route_table_association", "VPC", "route table association"),
        ("aws_vpc", "VPC", "vpc"),
        ("aws_instance", "EC2", "instance"),
        ("google_pubsub_topic", "Pubsub", "topic"),
        ("random_password", "Terraform helpers", "password"),
        ("thing", "Thing", "thing"),
    ],
)
def test_a_kind_is_a_type_without_its_provider_and_service(type_name: str, service: str, kind: str) -> None:
    assert kind == kind_of(node(f"{type_name}.x", service))


def test_a_type_adds_to_another_one_whose_words_it_begins_with() -> None:
    types = {"aws_sqs_queue", "aws_sqs_queue_policy", "aws_sqs_queues"}

    assert ["aws_sqs_queue", "aws_sqs_queue", "aws_sqs_queues"] == [root_type(each, types) for each in sorted(types)]


def cards(*addresses: str, band: Band = Band.FLOW) -> list[tuple[str, str, list[str]]]:
    nodes: list[tuple[int, Node]] = [(number, node(address, "SQS")) for number, address in enumerate(addresses)]
    found = build_cards(Service("SQS", band), nodes)
    return [(card.title, card.kind, [cell.label for cell in card.cells]) for card in found]


def test_what_adds_to_a_type_follows_it_and_data_sources_come_last() -> None:
    found = cards("aws_sqs_queue_policy.a", "aws_sqs_queue.b", "aws_sqs_queue.a")

    assert [("a", "queue", [""]), ("b", "queue", [""]), ("a", "queue policy", [""])] == found


def test_a_name_that_says_nothing_gives_way_to_the_kind() -> None:
    assert [("queue", "", [""])] == cards("aws_sqs_queue.this")


def test_instances_have_their_keys_where_there_is_room() -> None:
    few, many = [f'aws_sqs_queue.q["k{number}"]' for number in range(3)], [f"aws_sqs_queue.q[{number}]" for number in range(40)]

    assert [("q", "queue \u00d73", ["k0", "k1", "k2"])] == cards(*few)
    assert [("q", "queue \u00d740", [""] * 40)] == cards(*many)
    assert [("q", "queue", ["", "", ""])] == cards(*few, band=Band.SUPPORT)


@given(st.text(max_size=60), st.floats(20, CARD))
def test_a_text_that_is_cut_fits_and_says_so(text: str, room: float) -> None:
    shown = cut(text, room)

    assert width_of(shown) <= room
    assert shown.endswith("\u2026") or width_of(shown) <= room
