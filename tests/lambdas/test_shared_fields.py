"""What fields may hold."""

from decimal import Decimal

import pytest
from shared.fields import MAX_ID, is_degrees, is_id


@pytest.mark.parametrize("value", ["o-1", "Käse", "x" * MAX_ID, "0d5f6e0c-6a0b-5c53-9a5e-6c0f5f0b7d1e"])
def test_a_short_text_is_an_id(value: object) -> None:
    assert is_id(value)


@pytest.mark.parametrize("value", [None, 7, True, [], b"o-1", "", "a\nb", "a\u200bb", "x" * (MAX_ID + 1)])
def test_what_cannot_be_printed_or_is_no_text_or_too_long_is_no_id(value: object) -> None:
    assert not is_id(value)


@pytest.mark.parametrize("value", [-90, 0, 90.0, Decimal("-52.5"), 1e-300])
def test_numbers_up_to_the_limit_are_degrees(value: object) -> None:
    assert is_degrees(value, 90)


@pytest.mark.parametrize(
    "value",
    [None, True, "52", [], 90.000001, -91, Decimal("90.1"), float("nan"), float("inf"), 10**400, Decimal("1e400"), Decimal("-Infinity")],
)
def test_whatever_else_is_no_degrees(value: object) -> None:
    assert not is_degrees(value, 90)
