"""What the older plugin SDK makes of values."""

from typing import Any

import pytest

from paritycheck.provider.interface import UNKNOWN, Attribute, Block, NestedBlock, Object, Schema
from paritycheck.provider.planning.facts import Fact
from paritycheck.provider.planning.sdk import fill_sets, keep_empty_texts, keep_zeros, simplify_proposal, uses_sdk

ATTRIBUTES = {
    "text": Attribute("string", optional=True),
    "maybe": Attribute("string", optional=True, computed=True),
    "number": Attribute("number", optional=True),
    "flag": Attribute("bool", optional=True),
    "count": Attribute("number", optional=True, computed=True),
    "list": Attribute(["list", "string"], optional=True),
    "lists": Attribute(["list", "string"], optional=True, computed=True),
    "set": Attribute(["set", "string"], optional=True),
    "map": Attribute(["map", "string"], optional=True),
    "rules": Attribute(
        ["set", ["object", {"text": "string", "flag": "bool", "number": "number", "set": ["set", "string"]}]], optional=True
    ),
}
INNER = Block(ATTRIBUTES)
BLOCK = Block(ATTRIBUTES, {"in_list": NestedBlock("list", INNER), "in_set": NestedBlock("set", INNER), "one": NestedBlock("single", INNER)})


def filled(block: Block, **values: Any) -> Object:
    return dict.fromkeys(block.attributes) | {name: [] for name in block.blocks} | values


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("text", "", ""),
        ("maybe", "", None),
        ("list", [], []),
        ("lists", [], []),
        ("set", [], None),
        ("map", {}, None),
        ("set", ["a", UNKNOWN], UNKNOWN),
        ("list", [UNKNOWN], UNKNOWN),
        ("map", {"a": UNKNOWN, "b": "c"}, UNKNOWN),
        ("map", {"a": "b"}, {"a": "b"}),
        ("map", {"a": "b", "c": None}, {"a": "b"}),
        ("map", {"a": None}, None),
        ("rules", [], []),
        ("number", 0, 0),
        ("flag", False, False),
    ],
)
def test_values_before_planning(name: str, value: Any, expected: Any) -> None:
    """At the top and in a block alike."""
    proposed = filled(BLOCK, **{name: value}, in_list=[filled(INNER, **{name: value}), UNKNOWN], one=filled(INNER, **{name: value}))

    simple = simplify_proposal(BLOCK, proposed)

    assert (expected, expected, expected) == (simple[name], simple["in_list"][0][name], simple["one"][name])


@pytest.mark.parametrize(
    ("name", "before", "value", "expected"),
    [
        ("text", None, "", None),
        ("text", "a", None, None),
        ("maybe", "", "", ""),
        ("text", "", None, None),
        ("list", [], None, []),
        ("list", ["a"], None, []),
        ("list", None, [], None),
        ("lists", [], [], []),
        ("set", ["a"], None, []),
        ("set", [], [], []),
        ("map", {"a": "b"}, {}, {}),
        ("map", {"a": "b"}, None, {}),
        ("map", {}, None, {}),
        ("map", {"a": "b"}, {"a": "c"}, {"a": "c"}),
    ],
)
def test_values_of_an_existing_object_before_planning(name: str, before: Any, value: Any, expected: Any) -> None:
    """What is empty stays as empty as it was."""
    prior = filled(BLOCK, **{name: before}, in_list=[filled(INNER, **{name: before})], one=filled(INNER, **{name: before}))
    proposed = filled(BLOCK, **{name: value}, in_list=[filled(INNER, **{name: value}), UNKNOWN], one=filled(INNER, **{name: value}))

    simple = simplify_proposal(BLOCK, proposed, prior)

    assert (expected, expected, expected) == (simple[name], simple["in_list"][0][name], simple["one"][name])


@pytest.mark.parametrize(
    ("name", "before", "value", "expected"),
    [
        ("text", "", None, ""),
        ("number", 0, None, 0),
        ("flag", False, None, False),
        ("list", [], None, []),
        ("number", 1, None, None),
        ("flag", True, None, None),
        ("number", 0, 5, 5),
        ("maybe", None, UNKNOWN, UNKNOWN),
    ],
)
def test_zeros_of_an_existing_object_stay(name: str, before: Any, value: Any, expected: Any) -> None:
    """Where nothing is planned instead, at the top and in a block alike."""
    prior = filled(BLOCK, **{name: before}, in_list=[filled(INNER, **{name: before})], one=filled(INNER, **{name: before}))
    planned = filled(BLOCK, **{name: value}, in_list=[filled(INNER, **{name: value}), UNKNOWN], one=filled(INNER, **{name: value}))

    kept = keep_zeros(BLOCK, planned, prior)

    assert (expected, expected, expected) == (kept[name], kept["in_list"][0][name], kept["one"][name])
    assert planned == keep_zeros(BLOCK, planned, None)


def test_an_empty_text_stays_where_the_facts_say_so() -> None:
    """Though one that may be computed counts as not set otherwise."""
    facts = {"maybe": Fact(keeps_empty=True), "text": Fact(keeps_empty=True), "list": Fact()}
    planned = filled(BLOCK, maybe=UNKNOWN, text="a", list=UNKNOWN)

    assert planned | {"maybe": ""} == keep_empty_texts(facts, {"maybe": "", "text": "a", "list": ""}, planned)


def test_what_is_not_given_inside_a_set_is_empty() -> None:
    """Texts and collections are, and what is computed; a list's items are left alone."""
    planned = fill_sets(BLOCK, filled(BLOCK, in_set=[filled(INNER, maybe=UNKNOWN), UNKNOWN], in_list=[filled(INNER)]))

    expected = filled(INNER, text="", maybe=UNKNOWN, count=0, list=[], lists=[], set=[], rules=[])
    assert [expected, UNKNOWN] == planned["in_set"]
    assert [filled(INNER)] == planned["in_list"]


def test_an_attribute_of_objects_is_filled_likewise() -> None:
    """Its truth values are false too, and a collection with an unknown value in it is unknown."""
    planned = fill_sets(BLOCK, filled(BLOCK, rules=[{"text": None, "flag": None, "number": None, "set": ["a", UNKNOWN]}, UNKNOWN]))

    assert [{"text": "", "flag": False, "number": None, "set": UNKNOWN}, UNKNOWN] == planned["rules"]


@pytest.mark.parametrize(("flags", "expected"), [({"optional": True, "computed": True}, True), ({"computed": True}, False), (None, False)])
def test_the_sdk_shows_in_the_id(flags: dict[str, bool] | None, expected: bool) -> None:
    """It lets every resource's id be configured."""
    attributes = {} if flags is None else {"id": Attribute("string", **flags)}

    assert expected == uses_sdk(Schema(Block(attributes)))
