"""Columns are filled in order, and as evenly as can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paritycheck.reporters.picture.columns import Column, arrange, split

HEIGHTS = st.lists(st.floats(1, 5_000), max_size=30)


@given(HEIGHTS, st.integers(1, 8))
def test_everything_stands_in_one_column_in_order(heights: list[float], columns: int) -> None:
    for found in (split(heights, columns), arrange(heights, columns, 420)):
        assert list(range(len(heights))) == [number for column in found for number in range(column.start, column.end)]


@given(HEIGHTS, st.integers(1, 8))
def test_there_are_no_more_columns_than_asked_for(heights: list[float], columns: int) -> None:
    assert len(split(heights, columns)) <= columns
    assert sum(column.span for column in arrange(heights, columns, 420)) <= columns


def test_the_highest_column_is_as_low_as_can_be() -> None:
    assert [Column(0, 2), Column(2, 3)] == split([1, 2, 3], 2)
    assert [Column(0, 1), Column(1, 3)] == split([3, 1, 2], 2)


def test_few_things_have_a_column_each() -> None:
    assert [Column(0, 1), Column(1, 2)] == arrange([100, 50], 5, 420)


def test_a_much_higher_one_is_spread() -> None:
    assert [Column(0, 1), Column(1, 2, span=4)] == arrange([100, 2_000], 5, 420)
