"""What importing a function's handler brings, besides what all of them need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.importing import Interpreter, find_functions, lay_out

HEAVY = {
    "analytics": {"pymysql", "redis"},
    "earnings_calculator": {"pymysql"},
    "earnings_settler": {"pymysql"},
    "image_validator": {"PIL"},
    "location_processor": {"redis"},
    "matcher": {"redis"},
    "order_processor": {"pymysql", "redis"},
    "schema_migrator": {"pymysql"},
}


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    with lay_out() as interpreter:
        yield interpreter


@pytest.mark.parametrize("function", find_functions())
def test_heavy_libraries_are_imported_where_they_are_used(interpreter: Interpreter, function: str) -> None:
    """And the layer and the runtime are enough to import a handler."""
    assert HEAVY.get(function, set()) == interpreter.heavy_imports(function)
