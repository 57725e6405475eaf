"""Allow and protect rules: what they cover, what they demand, and what is wrong with them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from paritycheck.allowlist import refuse_contradictions
from paritycheck.allowlist.judge import to_number
from paritycheck.allowlist.patterns import Coverage
from paritycheck.errors import ConfigError
from paritycheck.findings import Report
from tests.plans import TODAY, allow, brief, by_environment, document, protect, report, resource, values


def outcome(result: Report) -> tuple[list[str], list[str]]:
    return [finding.rule for finding in result.findings], [allowed.allow for allowed in result.allowed]


# Patterns -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("aws_x.*", "aws_x.y", True),
        ("aws_x.*", 'aws_x.y["a.b"]', True),
        ("aws_x.*", "module.m.aws_x.y", False),
        ("*.aws_x.*", "module.m[0].aws_x.y", True),
        ("aws_x.y", 'aws_x.y["a"]', True),
        ('aws_x.y["a*"]', 'aws_x.y["ab"]', True),
        ('aws_x.y["a"]', 'aws_x.y["b"]', False),
        ("aws_x.[yz]", "aws_x.y", False),
        ("aws_x.y", "aws_x.yz", False),
        ("aws_x.y", "aws_xzy", False),
        ("output.*", "output.o", True),
        ('aws_x.y["{env}-a"]', 'aws_x.y["{env}-a"]', True),
    ],
)
def test_an_address_pattern_takes_all_but_the_star_literally(pattern: str, address: str, covered: bool) -> None:
    assert covered is Coverage(allow(pattern)).covers_address(address)


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("ingress.cidr_blocks", "ingress[0].cidr_blocks[1]", True),
        ("ingress[0].cidr_blocks", "ingress[0].cidr_blocks[1]", True),
        ("ingress[1].cidr_blocks", "ingress[0].cidr_blocks[1]", False),
        ("tags", "tags.Owner", True),
        ("tags", "tags_all", False),
        ("tags.Owner", "tags", False),
        ("*_policy", "assume_role_policy", True),
        ('tags["a.b"]', 'tags["a.b"]', True),
        ("*", "anything[0].at.all", True),
        ("*", "", True),
        ("tags", "", False),
    ],
)
def test_a_path_pattern_covers_all_below_and_may_leave_indexes_out(pattern: str, path: str, covered: bool) -> None:
    assert covered is Coverage(allow(attributes=pattern)).covers_path(path)


@pytest.mark.parametrize("pattern", ["", " ", "aws_x.y[", 'aws_x.y["a]', "aws_x.y]", "a\nb"])
def test_a_pattern_that_can_match_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="rule 'rule': the pattern"):
        Coverage(allow(pattern))


@pytest.mark.parametrize(
    ("permitted", "protected", "refused"),
    [
        (("aws_x.*", "a"), ("aws_x.*", "a"), True),
        (("aws_x.y", "a.b"), ("aws_x.*", "a"), True),
        (("aws_x.y", "a"), ("aws_x.*", "*"), True),
        (("*", "a"), ("aws_x.*", "a"), False),
        (("aws_x.y", "*"), ("aws_x.*", "a"), False),
        (("aws_x.y", "b"), ("aws_x.*", "a"), False),
    ],
)
def test_a_rule_that_allows_what_is_protected_is_refused(permitted: tuple[str, str], protected: tuple[str, str], refused: bool) -> None:
    rules = [allow(*permitted)], [protect(*protected)]
    if refused:
        with pytest.raises(ConfigError, match="allows what protect rule 'protection' protects"):
            refuse_contradictions(*rules)
    else:
        refuse_contradictions(*rules)


# Demands ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "found", "slug"),
    [
        ({"order": "ascending"}, (1, 4, 4), None),
        ({"order": "ascending"}, ("9", "10", "11"), None),
        ({"order": "ascending"}, (1, 4, 2), "order-violation"),
        ({"order": "ascending"}, (1, None, 2), "order-violation"),
        ({"order": "ascending"}, ("a", "b", "c"), "order-violation"),
        ({"order": "descending"}, (4, 2, 1), None),
        ({"order": "descending"}, (4, 2, 3), "order-violation"),
        ({"min": 2}, (2, 3, 4), None),
        ({"min": 2}, (1, 3, 4), "limit-violation"),
        ({"max": 0.3}, (0.1, 0.2, 0.3), None),
        ({"max": 3}, (1, 2, 4), "limit-violation"),
        ({"max": 3}, (1, 2, "x"), "limit-violation"),
        ({"one_of": (1, "b")}, ("1", 1.0, "b"), None),
        ({"one_of": ("a",)}, ("a", "a", "b"), "limit-violation"),
        ({"one_of": (0, 1)}, (False, True, True), "limit-violation"),
        ({"order": "ascending"}, ("1_0", "11", "12"), "order-violation"),
        ({"order": "ascending"}, ("NaN", "1", "2"), "order-violation"),
        ({"environments": ("prod",)}, (1, 1, 2), None),
        ({"environments": ("prod",)}, (2, 1, 1), "limit-violation"),
        ({"environments": ("dev", "prod")}, (1, 2, 3), None),
        ({}, (1, None, [2]), None),
    ],
)
def test_a_rule_permits_what_meets_its_demands(rule: dict[str, Any], found: tuple[Any, ...], slug: str | None) -> None:
    result = values(by_environment(dev=found[0], staging=found[1], prod=found[2]), rules=[allow("aws_x.y", "value", **rule)])

    assert (([slug], []) if slug else ([], ["rule"])) == outcome(result)


def test_a_violation_names_the_rule_and_its_demand() -> None:
    result = values(by_environment(dev=3, staging=2, prod=1), rules=[allow("aws_x.y", "value", id="shards", order="ascending")])

    assert ("shards", "breaks allow rule 'shards', which demands order: ascending") == (
        result.findings[0].allow,
        result.findings[0].message,
    )


def test_the_first_rule_that_permits_wins() -> None:
    rules = [allow("aws_x.y", "value", id="first", max=1), allow("aws_x.y", "value", id="second")]

    assert (["stale-allowance"], ["second"]) == outcome(values(by_environment(dev=1, staging=2, prod=3), rules=rules))


def test_a_leak_is_allowed_only_word_by_word() -> None:
    leak = by_environment(dev="to-prod", staging="to-prod", prod="to-prod")

    assert (["environment-leak", "stale-allowance"], []) == outcome(values(leak, rules=[allow("aws_x.y", "value")]))
    assert ([], ["rule"]) == outcome(values(leak, rules=[allow("aws_x.y", "value", one_of=("to-prod",))]))


def test_an_undecidable_value_is_allowed_only_without_demands() -> None:
    def build(name: str) -> dict[str, Any]:
        return document(resource("aws_x.y", {"value": 1 if name == "dev" else None}, after_unknown={"value": name != "dev"}))

    assert ([], ["rule"]) == outcome(report(build, allow("aws_x.y", "value")))
    assert (["undecidable-value", "stale-allowance"], []) == outcome(report(build, allow("aws_x.y", "value", max=3)))


def stale(build: Any, *rules: Any) -> list[str]:
    return [finding.message.partition(": ")[2] for finding in report(build, *rules).findings if finding.rule == "stale-allowance"]


def test_a_stale_rule_says_why_it_permits_nothing() -> None:
    """What it covers may differ after all."""

    def differs(name: str) -> dict[str, Any]:
        return document(resource("aws_x.y", {"n": len(name)}), *([resource("aws_x.z", {"n": 1})] if name == "dev" else []))

    def unknown(name: str) -> dict[str, Any]:
        return document(resource("aws_x.y", {"n": 1 if name == "dev" else None}, after_unknown={"n": name != "dev"}))

    assert ["what it covers agrees in all environments"] == stale(differs, allow("aws_x.y", "other"))
    assert ["rule 'a' permits the same"] == stale(differs, allow("aws_x.y", "n", id="a"), allow("aws_x.*", "n", id="b"))
    assert ["rule 'b' permits what breaks it"] == stale(differs, allow("aws_x.y", "n", id="a", max=1), allow("aws_x.y", "n", id="b"))
    assert ["protect rule 'protection' comes first"] == stale(differs, allow("aws_x.*", "n"), protect("aws_x.y"))
    assert ['what differs is a whole resource, which only `attributes: ["*"]` covers'] == stale(differs, allow("aws_x.z", "n"))
    assert ["`order`, `min`, `max` and `one_of` say nothing of what is missing, unknown or sensitive"] == stale(
        unknown, allow("aws_x.y", "n", max=9)
    )
    assert ["a value names another environment, which only `one_of` permits"] == stale(
        lambda name: document(resource("aws_x.y", {"n": "to-prod"})), allow("aws_x.y", "n")
    )


def test_a_missing_resource_is_allowed_only_as_a_whole() -> None:
    def build(name: str) -> dict[str, Any]:
        return document(resource("aws_x.y", {"a": 1}), *([resource("aws_x.z")] if name == "dev" else []))

    assert (["missing-resource", "stale-allowance"], []) == outcome(report(build, allow("aws_x.z", "a")))
    assert [] == [finding.rule for finding in report(build, allow("aws_x.z", "*")).findings if finding.rule == "missing-resource"]


# Time ---------------------------------------------------------------------------------------------------------------

DIFFERING = by_environment(dev=1, staging=2, prod=3)


def test_a_rule_holds_on_its_last_day_and_not_after() -> None:
    assert ([], ["rule"]) == outcome(values(DIFFERING, rules=[allow("aws_x.y", "value", expires=TODAY)]))
    expired = values(DIFFERING, rules=[allow("aws_x.y", "value", expires=date(2025, 5, 31))])

    assert (["value-difference", "expired-allowance"], []) == outcome(expired)
    assert "allow rule 'rule' permitted it until 2025-05-31" in expired.findings[0].message


def test_a_rule_without_a_reason_permits_nothing_and_is_named() -> None:
    proposed = values(DIFFERING, rules=[allow("aws_x.y", "value", reason="")])

    assert (["value-difference", "unexplained-allowance"], []) == outcome(proposed)
    assert "allow rule 'rule' would permit it, once it has a reason" in proposed.findings[0].message


# Protection ---------------------------------------------------------------------------------------------------------


def test_what_is_protected_is_never_allowed() -> None:
    result = values(DIFFERING, rules=[allow("*", "*"), protect("aws_x.*", "value")])

    assert ("protected-difference", "aws_x.y", "value") in brief(result.findings)
    assert () == result.allowed


def test_a_part_that_is_protected_protects_what_holds_it() -> None:
    result = values(by_environment(dev=None, staging=None, prod={"a": {"b": 1}}), rules=[protect("aws_x.y", "value.a.b")])

    assert [("protected-difference", "aws_x.y", "value")] == brief(result.findings)


# Audit --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "message"), [("aws_q.*", "matches no resource"), ("aws_x.*", "permits nothing: what it covers agrees")]
)
def test_a_rule_that_permits_nothing_is_stale(pattern: str, message: str) -> None:
    result = values(lambda name: 1, rules=[allow(pattern, "value")])

    assert ["stale-allowance"] == [finding.rule for finding in result.findings]
    assert re.search(message, result.findings[0].message)


def test_a_protection_that_matches_nothing_is_stale() -> None:
    assert [("stale-protection", "protect.protection", "")] == brief(values(lambda name: 1, rules=[protect("aws_q.*")]).findings)


def test_a_rule_for_all_attributes_is_too_broad_where_few_differ() -> None:
    result = values(DIFFERING, rules=[allow("aws_x.y", "*")])

    assert [("broad-allowance", "allow.rule", "")] == brief(result.findings)
    assert "only value of what it matches differ" in result.findings[0].message


def test_a_rule_for_all_resources_is_too_broad_where_few_types_differ() -> None:
    kinds = [resource(f"aws_{kind}.y", {"size": 1}) for kind in "abcd"]
    result = report(lambda name: document(*kinds, resource("aws_x.y", {"size": len(name)})), allow("*", "size"))

    assert ["broad-allowance"] == [finding.rule for finding in result.findings]


def test_a_rule_for_a_type_is_too_broad_where_one_in_a_hundred_differs() -> None:
    many = [resource(f"aws_x.y{number}", {"size": 1}) for number in range(99)]
    result = report(lambda name: document(*many, resource("aws_x.z", {"size": len(name)})), allow("aws_x.*", "size"))

    assert ["broad-allowance"] == [finding.rule for finding in result.findings]


def test_a_rule_for_a_few_resources_is_not_too_broad() -> None:
    few = [resource(f"aws_x.y{number}", {"size": 1}) for number in range(9)]

    assert ([], ["rule"]) == outcome(
        report(lambda name: document(*few, resource("aws_x.z", {"size": len(name)})), allow("aws_x.*", "size"))
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(1, 1), ("1.50", 1.5), (0.1, "0.1"), (True, None), ("x", None), ("NaN", None), (None, None), ("Infinity", None)]
)
def test_numbers_are_numbers_however_they_are_written(value: object, expected: Any) -> None:
    number = to_number(value)

    assert (None if expected is None else to_number(expected)) == number
