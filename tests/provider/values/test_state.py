"""States as values."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.provider.interface import Attribute, Block, Dynamic, NestedBlock, Refused
from paritycheck.provider.values.state import fit, read_state
from paritycheck.provider.values.wire import encode

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

BLOCK = Block(
    {
        "name": Attribute("string"),
        "size": Attribute("number"),
        "any": Attribute("dynamic"),
        "pair": Attribute(["tuple", ["string", "bool"]]),
        "labels": Attribute(["map", "string"]),
    },
    {"part": NestedBlock("list", Block({"on": Attribute("bool")})), "one": NestedBlock("single", Block({"on": Attribute("bool")}))},
)


def read(**state: Any) -> Any:
    return read_state(json.dumps(state).encode(), BLOCK)


def test_a_state_is_read_by_the_schema() -> None:
    """What the schema no longer has is dropped, what the state does not have is null."""
    assert {
        "name": "n",
        "size": Decimal("0.5"),
        "any": Dynamic("number", 1),
        "pair": ["a", True],
        "labels": {"a": "b"},
        "part": [{"on": True}],
        "one": {"on": None},
    } == read(
        name="n", size=0.5, any={"type": "number", "value": 1}, pair=["a", True], labels={"a": "b"}, part=[{"on": True}], one={}, gone=1
    )
    assert {"name", "size", "any", "pair", "labels", "part", "one"} == set(read())
    assert ([], None) == (read()["part"], read()["one"])


@pytest.mark.parametrize(
    ("value", "cty", "expected"),
    [
        (5, "string", "5"),
        (True, "string", "true"),
        ("5", "number", 5),
        ("x", "number", None),
        ("NaN", "number", None),
        ("true", "bool", True),
        ("x", "bool", None),
        ([{"a": 1}], ["object", {"a": "number"}], {"a": 1}),
        ({"a": 1}, ["list", "number"], []),
        ([1], ["map", "number"], None),
        ({"other": 1}, "dynamic", None),
    ],
)
def test_what_another_version_wrote_is_fitted(value: Any, cty: Any, expected: Any) -> None:
    """As well as can be, and else it is null."""
    assert expected == fit(value, cty)


@pytest.mark.parametrize("document", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff"])
def test_a_broken_state_is_refused(document: bytes) -> None:
    """With one clear message."""
    with pytest.raises(Refused, match="state cannot be read"):
        read_state(document, BLOCK)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@quick
@given(st.fixed_dictionaries(dict.fromkeys((*BLOCK.attributes, *BLOCK.blocks), JSON)))
def test_any_state_becomes_a_value_of_the_schema(state: dict[str, Any]) -> None:
    """Whatever it holds, it can be written on the wire."""
    assert encode(read(**(state | {"any": None})), BLOCK.type)
