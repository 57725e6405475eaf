"""Services stand in the order in which data flows."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from paritycheck.graph.order import order_by_flow, order_services
from paritycheck.topology import Band, Service

NAMES = st.sampled_from("abcdefgh")
FLOWS = st.dictionaries(st.tuples(NAMES, NAMES), st.integers(1, 9))


def test_a_chain_is_followed() -> None:
    assert ["gate", "function", "stream", "table"] == order_by_flow(
        ["table", "stream", "function", "gate"], {("gate", "function"): 1, ("function", "stream"): 2, ("stream", "table"): 1}
    )


def test_what_nothing_flows_to_comes_last_by_name() -> None:
    assert ["b", "c", "a", "d"] == order_by_flow("abcd", {("b", "c"): 1, ("a", "a"): 5})


def test_in_a_cycle_what_gives_most_comes_first() -> None:
    assert ["b", "c", "a"] == order_by_flow("abc", {("a", "b"): 1, ("b", "c"): 5, ("c", "a"): 1})


@given(FLOWS)
def test_every_name_stands_once_whatever_flows(flows: Mapping[tuple[str, str], int]) -> None:
    assert list("abcdefgh") == sorted(order_by_flow("abcdefgh", flows))


@given(st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] < pair[1])), st.randoms())
def test_without_cycles_all_flows_forward(pairs: list[tuple[str, str]], random: object) -> None:
    names = list("hgfedcba")
    ordered = order_by_flow(names, dict.fromkeys(pairs, 1))

    assert all(ordered.index(source) < ordered.index(target) for source, target in pairs)


@given(FLOWS, st.permutations("abcdefgh"))
def test_the_order_does_not_depend_on_how_things_are_given(flows: Mapping[tuple[str, str], int], names: list[str]) -> None:
    assert order_by_flow("abcdefgh", flows) == order_by_flow(names, dict(sorted(flows.items(), reverse=True)))


def test_what_supports_comes_last_the_largest_first() -> None:
    iam, vpc, sqs, gate = (
        Service("IAM", Band.SUPPORT),
        Service("VPC", Band.SUPPORT),
        Service("SQS", Band.FLOW),
        Service("Gate", Band.ENTRY),
    )

    assert (gate, sqs, vpc, iam) == order_services({iam: 2, sqs: 1, vpc: 9, gate: 1}, {("IAM", "SQS"): 3, ("SQS", "Gate"): 9})
