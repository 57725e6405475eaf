"""What is refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.provider.interface import UNKNOWN, Diagnostic
from paritycheck.provider.planning.facts import parse_fact
from paritycheck.provider.planning.validation import validate

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def complaints(known: dict[str, Any], **config: Any) -> list[Diagnostic]:
    facts = {path: parse_fact(fact) for path, fact in known.items()}
    names = {
        path.split(".")[0] for path in (*facts, *(other for fact in known.values() for rule in fact.values() for other in _paths(rule)))
    }
    return validate(facts, dict.fromkeys(names) | config)


def _paths(rule: Any) -> list[str]:
    return [each for each in rule if isinstance(each, str)] if isinstance(rule, list | dict) else []


@pytest.mark.parametrize(
    ("fact", "value", "summary"),
    [
        ({"one_of": ["A", "B"]}, "C", 'expected x to be one of ["A" "B"], got C'),
        ({"one_of": [1, 5]}, 2, "expected x to be one of [1 5], got 2"),
        ({"one_of": ["A"], "ignore_case": True}, "b", 'expected x to be one of ["A"], got b'),
        ({"between": [1, 5]}, 6, "expected x to be in the range (1 - 5), got 6"),
        ({"between": [1, None]}, 0, "expected x to be at least (1), got 0"),
        ({"between": [None, 5]}, Decimal("5.5"), "expected x to be at most (5), got 5.5"),
        ({"length": [1, 2]}, "abc", "expected length of x to be in the range (1 - 2), got 3"),
        ({"length": [2, None]}, ["a"], "expected length of x to be at least (2), got 1"),
        ({"length": [None, 1]}, {"a": 1, "b": 2}, "expected length of x to be at most (1), got 2"),
        ({"pattern": "^a+$"}, "a\n", "expected x to match ^a+$"),
        ({"is": "arn"}, "x", "expected x to be an ARN"),
    ],
)
def test_a_value_out_of_its_bounds_is_refused(fact: dict[str, Any], value: Any, summary: str) -> None:
    """In the words of the real provider's kind, at the value's path."""
    assert [Diagnostic(summary, "", ("x",))] == complaints({"x": fact}, x=value)


@pytest.mark.parametrize("value", [None, UNKNOWN, "A", "", [UNKNOWN, None]])
@pytest.mark.parametrize("fact", [{"one_of": ["A", ""]}, {"between": [1, 5]}, {"length": [None, 5]}, {"pattern": "^A?$"}, {"is": "other"}])
def test_unknown_and_fitting_values_pass(fact: dict[str, Any], value: Any) -> None:
    """So does a value of another type than the rule is for."""
    assert [] == complaints({"x": fact}, x=value)


def test_each_element_is_checked() -> None:
    """Of a collection, at its own path."""
    expected = Diagnostic('expected x to be one of ["A"], got C', "", ("x", 1))

    assert [expected] == complaints({"x": {"one_of": ["A"]}}, x=["A", "C"])


def test_a_long_choice_is_cut() -> None:
    """A gigabyte in a message helps nobody."""
    (complaint,) = complaints({"x": {"one_of": ["A"]}}, x="y" * 10**6)

    assert len(complaint.summary) < 300


def test_free_text_is_not_shown() -> None:
    """It may be a secret."""
    rules = {"length": [None, 3], "pattern": "^a$", "is": "json"}

    assert "hunter2" not in str(complaints({"x": rules}, x="hunter2"))


def test_conflicting_arguments_are_refused_at_each() -> None:
    """Whatever their values; a block that is not written conflicts with nothing."""
    known = {"a": {"conflicts_with": ["b"]}, "b": {"conflicts_with": ["a"]}}

    assert [
        Diagnostic("Conflicting configuration arguments", '"a": conflicts with b', ("a",)),
        Diagnostic("Conflicting configuration arguments", '"b": conflicts with a', ("b",)),
    ] == complaints(known, a=False, b=[1])
    assert [] == complaints(known, a=1, b=[]) == complaints(known, a=1, b=UNKNOWN) == complaints(known, a=UNKNOWN, b=1)


def test_what_holds_an_unknown_value_is_not_held_against_others() -> None:
    """But others are against it."""
    known = {"a": {"conflicts_with": ["b"]}}

    assert [] == complaints(known, a=[{"x": UNKNOWN}], b=1)
    assert [Diagnostic("Conflicting configuration arguments", '"a": conflicts with b', ("a",))] == complaints(known, a=1, b=[UNKNOWN])


def test_exactly_one_is_needed() -> None:
    """None is too few, two are too many, and an unknown one may be the one."""
    known = {name: {"exactly_one_of": ["a", "b"]} for name in "ab"}

    assert [Diagnostic("Invalid combination of arguments", "one of `a,b` must be specified", ())] == complaints(known)
    assert [
        Diagnostic("Invalid combination of arguments", "only one of `a,b` can be specified, but `a,b` were specified.", ("a",))
    ] == complaints(known, a=1, b=2)
    assert [] == complaints(known, a=1) == complaints(known, a=UNKNOWN) == complaints(known, a=UNKNOWN, b=1)


def test_at_least_one_is_needed() -> None:
    """Also inside of a block, where the block is written."""
    known = {"block.a": {"at_least_one_of": ["block.a", "b"]}}

    expected = Diagnostic("Missing required argument", "one of `b,block.a` must be specified", ("block", 1))
    assert [expected] == complaints(known, block=[{"a": 1}, {"a": None}])
    assert [] == complaints(known, block=[]) == complaints(known, block=[{"a": None}], b=1) == complaints(known, block=UNKNOWN)


def test_an_argument_may_need_others() -> None:
    """All of them; an unknown one is there."""
    known = {"a": {"required_with": ["b", "c"]}}

    assert [Diagnostic("Missing required argument", '"a": all of `a,b,c` must be specified', ("a",))] == complaints(known, a=1, b=1)
    assert [] == complaints(known, a=1, b=1, c=UNKNOWN) == complaints(known, b=1)


def test_siblings_are_those_of_the_same_block() -> None:
    """Two blocks may each set one of two arguments that conflict."""
    known = {"block.a": {"conflicts_with": ["block.b"]}}

    assert [] == complaints(known, block=[{"a": 1, "b": None}, {"a": None, "b": 1}])
    assert [("block", 1, "a")] == [each.path for each in complaints(known, block=[{"a": 1, "b": None}, {"a": 1, "b": 1}])]


def test_an_argument_may_depend_on_a_value() -> None:
    """Needed with one, refused with another; neither where it is not known."""
    known = {"size": {"required_when": {"mode": [None, "fixed"]}, "allowed_when": {"mode": [None, "fixed"]}}}

    missing = Diagnostic("Missing required argument", '"size": must be set when mode is not set or fixed', ())
    excess = Diagnostic("Conflicting configuration arguments", '"size": can only be set when mode is not set or fixed', ("size",))
    assert [missing] == complaints(known) == complaints(known, mode="fixed")
    assert [excess] == complaints(known, mode="free", size=1)
    assert [] == complaints(known, mode="free", size=0) == complaints(known, mode="free") == complaints(known, size=UNKNOWN)
    assert [] == complaints(known, mode=UNKNOWN) == complaints(known, mode=UNKNOWN, size=1)


RULES: dict[str, Any] = {
    "x": {"one_of": ["A"], "between": [1, 2], "length": [1, 2], "pattern": "a", "is": "json"},
    "x.y": {"conflicts_with": ["x.z"], "exactly_one_of": ["x.y", "x.z"], "required_when": {"x.z": [1]}, "is": "cidr"},
    "x.y.z": {"at_least_one_of": ["x"], "required_with": ["x.z"], "allowed_when": {"x": [None]}},
}
VALUES = st.recursive(
    st.none() | st.just(UNKNOWN) | st.text() | st.integers() | st.booleans() | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner) | st.fixed_dictionaries({"y": inner, "z": inner}),
)


@quick
@given(VALUES)
def test_any_value_is_judged(value: Any) -> None:
    """Whatever a configuration holds, there is a verdict and no exception."""
    assert all(isinstance(each, Diagnostic) for each in complaints(RULES, x=value))


def test_without_facts_everything_passes() -> None:
    """What is not known is not refused."""
    assert [] == validate(None, {"x": 1})
