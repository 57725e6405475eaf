"""Facts beyond the schema."""

import json

from paritycheck.provider.planning.facts import Fact, FactTable, format_facts, merge_facts, parse_fact

FIRST = '{"type":"x_thing","attributes":{"size":{"default":1,"between":[1,null]}}}'
SECOND = """
{"type":"x_thing","attributes":{"size":{"default":2,"replace":true},"name":{"length":[1,5],"is":"arn"}}}

{"type":"x_other","attributes":{}}
"""


def test_an_earlier_source_stands_and_a_later_one_adds() -> None:
    """Types, paths and keys."""
    expected = {
        "x_thing": {"size": {"default": 1, "between": [1, None], "replace": True}, "name": {"length": [1, 5], "is": "arn"}},
        "x_other": {},
    }

    assert expected == merge_facts([FIRST.splitlines(), SECOND.splitlines()])


def test_formatted_facts_read_back() -> None:
    """Sorted by type and path, so that a change is easy to review."""
    text = format_facts(merge_facts([SECOND.splitlines()]))

    assert ["x_other", "x_thing"] == [json.loads(line)["type"] for line in text.splitlines()]
    assert text == format_facts(merge_facts([text.splitlines()]))


def test_a_table_merges_its_sources() -> None:
    """A type without facts has none."""
    table = FactTable(FIRST.encode(), format_facts(merge_facts([SECOND.splitlines()])).encode())

    assert {"size": Fact(default=1, between=(1, None), replace=True), "name": Fact(length=(1, 5), is_="arn")} == table.find("x_thing")
    assert None is table.find("x_missing")


def test_a_known_computed_value_may_be_null() -> None:
    """`null_when` says that a computed attribute is known, whatever its value is."""
    assert Fact(known=True) == parse_fact({"null_when": {"default": None}})
    assert Fact(default="", known=True) == parse_fact({"null_when": {"default": ""}})
    assert Fact() == parse_fact({"null_when": {}})
