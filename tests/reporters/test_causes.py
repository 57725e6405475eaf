"""Findings with one cause stand together, with the rule that would allow them."""

from __future__ import annotations

import yaml

from paritycheck.reporters.causes import allow_stub, by_cause
from tests.reporters.sample import FINDINGS, HOSTILE, difference


def test_groups_by_severity_cause_and_rule() -> None:
    groups = [(cause.severity.value, cause.name, cause.rule, len(cause.findings)) for cause in by_cause(FINDINGS)]

    assert [
        ("error", None, "missing-resource", 1),
        ("error", None, "partial-plan", 1),
        ("error", None, "undecidable-value", 1),
        ("error", None, "value-difference", 2),
        ("error", "local.cost_tags", "value-difference", 23),
        ("error", "var.orders_shard_count", "value-difference", 2),
        ("warning", None, "stale-allowance", 1),
    ] == groups


def test_names_each_place_behind_a_cause_once() -> None:
    assert 3 == len(by_cause(FINDINGS)[5].related)


def test_the_stub_is_yaml_that_lacks_only_the_reason() -> None:
    cause = by_cause(FINDINGS)[5]

    assert [
        {
            "id": "orders-shard-count",
            "resources": ["aws_kinesis_stream.locations", "aws_kinesis_stream.orders"],
            "attributes": ["shard_count"],
            "reason": None,
        }
    ] == yaml.safe_load(allow_stub(cause))


def test_the_stubs_entries_have_ids_of_their_own() -> None:
    """They can be pasted as they are."""
    (cause,) = by_cause(
        [difference("aws_a.x", "one", (1, 2, 3), cause="var.key"), difference("aws_b.y", "two", (1, 2, 3), cause="var.key")]
    )

    assert ["key-one", "key-two"] == [entry["id"] for entry in yaml.safe_load(allow_stub(cause))]


def test_the_stub_allows_no_attribute_of_another_resource() -> None:
    (cause,) = by_cause([difference("aws_a.x", "one", (1, 2, 3)), difference("aws_b.y", "two[0].three", (1, 2, 3))])

    assert [(["aws_a.x"], ["one"]), (["aws_b.y"], ["two.three"])] == [
        (entry["resources"], entry["attributes"]) for entry in yaml.safe_load(allow_stub(cause))
    ]


def test_the_stub_names_a_type_instead_of_many_resources() -> None:
    (cause,) = by_cause([difference(f"aws_a.x{number}", "one", (1, 2, 3)) for number in range(9)])

    assert ["aws_a.*"] == yaml.safe_load(allow_stub(cause))[0]["resources"]


def test_the_stub_says_how_many_entries_it_leaves_out() -> None:
    (cause,) = by_cause([difference(f"aws_{number}.x", f"a{number}", (1, 2, 3)) for number in range(9)])

    assert allow_stub(cause).endswith("\n# and 5 more like these")


def test_the_stub_of_a_leak_lists_the_values_because_patterns_alone_permit_none() -> None:
    leak = difference("aws_a.x", 'tags["on.call"]', ("x-prod", "true", "x-prod"), rule="environment-leak")
    (entry,) = yaml.safe_load(allow_stub(*by_cause([leak])))

    assert (['tags["on.call"]'], ["x-prod", "true"]) == (entry["attributes"], entry["one_of"])


def test_the_stub_keeps_keys_of_paths_and_none_of_addresses() -> None:
    """Numbers move, and instances come and go; an attribute that YAML would read as a switch is still a name."""
    (cause,) = by_cause([difference(r'aws_a.x["a\"]b"]', 'rule[3].m["a.b"]', (1, 2, 3)), difference("aws_a.x[7]", "on", (1, 2, 3))])

    assert [(["aws_a.x[*]"], ['rule.m["a.b"]', "on"])] == [
        (entry["resources"], sorted(entry["attributes"], reverse=True)) for entry in yaml.safe_load(allow_stub(cause))
    ]


def test_a_hostile_name_does_not_leave_its_quotes() -> None:
    (cause,) = by_cause([difference(f'aws_a.x["{HOSTILE}"]', HOSTILE.replace("[", ""), (1, 2, 3), cause=HOSTILE)])
    stub = allow_stub(cause)

    assert stub.replace("\n", "").isprintable()
    assert ["id", "resources", "attributes", "reason"] == list(yaml.safe_load(stub)[0])
