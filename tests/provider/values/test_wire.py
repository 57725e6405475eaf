"""Values of the plugin protocol."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.provider.interface import UNKNOWN, Dynamic
from paritycheck.provider.values.wire import WireError, decode, encode, infer_type

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(),
    "bool": st.booleans(),
    "number": st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3),
}


def values(cty: Any) -> st.SearchStrategy[Any]:
    known = LEAVES[cty] if isinstance(cty, str) else nested(cty)
    return known | st.none() | st.just(UNKNOWN)


def nested(cty: list[Any]) -> st.SearchStrategy[Any]:
    kind, inner = cty
    if kind == "object":
        return st.fixed_dictionaries({name: values(each) for name, each in inner.items()})
    if kind == "tuple":
        return st.tuples(*map(values, inner)).map(list)
    return st.dictionaries(st.text(), values(inner)) if kind == "map" else st.lists(values(inner))


types = st.recursive(
    st.sampled_from(sorted(LEAVES)),
    lambda inner: (
        st.tuples(st.sampled_from(["list", "set", "map"]), inner).map(list)
        | st.tuples(st.just("object"), st.dictionaries(st.text(min_size=1), inner, max_size=3)).map(list)
        | st.tuples(st.just("tuple"), st.lists(inner, max_size=3)).map(list)
    ),
    max_leaves=5,
)


@quick
@given(st.data())
def test_a_value_survives_the_wire(data: st.DataObject) -> None:
    """What is written as a type is read as the same value of that type."""
    cty = data.draw(types)
    value = data.draw(values(cty))

    assert value == decode(encode(value, cty), cty)


@quick
@given(st.binary(), types)
def test_hostile_bytes_give_a_value_or_a_wire_error(data: bytes, cty: Any) -> None:
    """No other exception leaves the decoder."""
    with suppress(WireError):
        decode(data, cty)


@pytest.mark.parametrize(
    ("number", "raw"),
    [
        (5, 5),
        (2**64, str(2**64)),
        (-(2**63) - 1, str(-(2**63) - 1)),
        (Decimal("0.5"), 0.5),
        (Decimal("0.1"), "0.1"),
        (Decimal("1e400"), "1E+400"),
    ],
)
def test_a_number_is_written_exactly(number: int | Decimal, raw: object) -> None:
    """A number that no machine word holds goes as text."""
    assert raw == msgpack.unpackb(encode(number, "number"))


def test_a_refined_unknown_is_unknown() -> None:
    """What is known about an unknown value, such as its prefix, does not matter to a plan."""
    data = msgpack.packb(msgpack.ExtType(12, msgpack.packb({1: False})))

    assert UNKNOWN is decode(data, "string")


def test_a_number_of_many_digits_stays_small() -> None:
    """An exponent is no reason to fill the memory."""
    assert Decimal("1e999999999") == decode(msgpack.packb("1e999999999"), "number")


def test_a_dynamic_value_keeps_its_type() -> None:
    """A list stays a list, where it could be a tuple too."""
    value = Dynamic(["list", "string"], ["a"])

    assert value == decode(encode(value, "dynamic"), "dynamic")


def test_a_value_without_a_type_brings_one() -> None:
    """Lists are tuples and dicts are objects."""
    expected = ["object", {"a": ["tuple", ["number", "bool", "string"]], "b": "dynamic"}]

    assert expected == infer_type({"a": [1, True, "x"], "b": None})


@pytest.mark.parametrize(
    ("value", "cty"),
    [
        (1, "string"),
        ("x", "bool"),
        ([], "string"),
        (Decimal("NaN"), "number"),
        (object(), "string"),
        ({}, ["list", "string"]),
        (1, "no type"),
    ],
)
def test_a_value_of_another_type_is_refused(value: object, cty: Any) -> None:
    """The schema decides, and a mistake is found where it is made."""
    with pytest.raises(WireError):
        encode(value, cty)
