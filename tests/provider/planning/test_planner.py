"""Generic planning."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paritycheck.provider.interface import UNKNOWN, Attribute, Block, NestedBlock, Object
from paritycheck.provider.planning.facts import parse_fact
from paritycheck.provider.planning.planner import empty_object, find_replacements, plan_change

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

RULE = Block(
    {"port": Attribute("number", optional=True), "id": Attribute("string", computed=True), "protocol": Attribute("string", optional=True)}
)
BLOCK = Block(
    {
        "name": Attribute("string", required=True),
        "size": Attribute("number", optional=True),
        "arn": Attribute("string", computed=True),
        "kind": Attribute("string", optional=True, computed=True),
        "secret": Attribute("string", optional=True, write_only=True),
        "parts": Attribute(["list", ["object", {}]], optional=True, nested=NestedBlock("list", RULE)),
        "rules": Attribute(["set", ["object", {"protocol": "string"}]], optional=True),
    },
    {"rule": NestedBlock("list", RULE), "map": NestedBlock("map", RULE), "one": NestedBlock("single", RULE)},
)


def facts(**paths: Any) -> dict[str, Any]:
    return {path.replace("__", "."): parse_fact(fact) for path, fact in paths.items()}


def create(known: dict[str, Any] | None = None, **config: Any) -> Object:
    proposed = empty_object(BLOCK) | {"name": "n"} | config
    return plan_change(BLOCK, known, None, proposed, proposed)


def rule(**values: Any) -> Object:
    return {"port": None, "id": None, "protocol": None} | values


def test_a_create_leaves_computed_values_unknown() -> None:
    """What the configuration gives stays, what only the provider knows is unknown, the rest is null."""
    planned = create(size=3, secret="hidden")

    assert {"name": "n", "size": 3, "arn": UNKNOWN, "kind": UNKNOWN, "secret": None} == {
        name: planned[name] for name in ("name", "size", "arn", "kind", "secret")
    }


def test_nested_values_are_planned_too() -> None:
    """Blocks of every nesting, and nested attributes."""
    planned = create(rule=[rule(port=1)], map={"a": rule()}, one=rule(), parts=[rule(), UNKNOWN])

    assert [rule(port=1, id=UNKNOWN)] == planned["rule"]
    assert {"a": rule(id=UNKNOWN)} == planned["map"]
    assert rule(id=UNKNOWN) == planned["one"]
    assert [rule(id=UNKNOWN), UNKNOWN] == planned["parts"]


def test_a_default_fills_what_is_not_given() -> None:
    """Also inside of blocks, and only where the block is written."""
    known = facts(size={"default": 5}, rule__port={"default": 80})

    assert (5, [rule(port=80, id=UNKNOWN)]) == tuple(create(known, rule=[rule()])[name] for name in ("size", "rule"))
    assert (7, []) == tuple(create(known, size=7)[name] for name in ("size", "rule"))


def test_a_computed_block_is_unknown_when_omitted() -> None:
    """The schema does not say so, the facts do."""
    assert UNKNOWN is create(facts(rule={"computed": True}))["rule"]


def test_a_computed_value_may_be_known() -> None:
    """As a value, or as null."""
    known = facts(kind={"null_when": {"default": "x"}}, arn={"null_when": {"default": None}})

    assert ("x", None) == tuple(create(known)[name] for name in ("kind", "arn"))


def test_a_text_is_planned_as_the_provider_writes_it() -> None:
    """In attributes, in blocks, and in attributes' objects."""
    known = facts(kind={"planned_as": "lower"}, rule__protocol={"planned_as": "upper"}, rules__protocol={"planned_as": "upper"})

    planned = create(known, kind="X", rule=[rule(protocol="tcp")], rules=[{"protocol": "udp"}, UNKNOWN])

    assert ("x", "TCP", [{"protocol": "UDP"}, UNKNOWN]) == (planned["kind"], planned["rule"][0]["protocol"], planned["rules"])


def test_a_value_that_is_not_sent_is_left_out_of_a_create() -> None:
    """An update shows it."""
    known = facts(kind={"omits": ["plain"]})

    assert (None, "other") == (create(known, kind="plain")["kind"], create(known, kind="other")["kind"])
    assert "plain" == plan_change(BLOCK, known, PRIOR, PRIOR | {"kind": "plain"}, PRIOR | {"kind": "plain"})["kind"]


def test_a_value_that_another_one_rules_out_is_null() -> None:
    """As a network load balancer has no idle timeout; an unknown condition rules nothing out."""
    known = facts(size={"default": 60, "only_when": {"kind": ["a"]}}, rule__port={"only_when": {"kind": ["a"]}})

    assert (60, None, 60) == tuple(create(known, kind=kind)["size"] for kind in ("a", "b", UNKNOWN))
    assert [rule(id=UNKNOWN)] == create(known, kind="b", rule=[rule(port=1)])["rule"]


PRIOR = create() | {"arn": "arn:x", "kind": "k", "size": 1, "rule": [rule(port=1, id="i")]}


def update(known: dict[str, Any] | None = None, **config: Any) -> Object:
    """Plan an update of `PRIOR`, as Terraform proposes it: what is computed and not configured stays."""
    configured = empty_object(BLOCK) | {"name": "n", "size": 1, "rule": [rule(port=1)]} | config
    kept = {name: PRIOR[name] for name, attribute in BLOCK.attributes.items() if attribute.computed and configured[name] is None}
    return plan_change(BLOCK, known, PRIOR, configured | kept | {"rule": PRIOR["rule"]}, configured)


def test_an_update_keeps_computed_values() -> None:
    """Nothing becomes unknown that is known."""
    assert PRIOR | {"size": 2} == update(size=2)


def test_an_update_of_anything_changes_what_the_facts_say() -> None:
    """A version that every update raises is unknown, but not where nothing is updated."""
    known = facts(arn={"keeps": False}, kind={"keeps": False})

    assert PRIOR | {"size": 2, "arn": UNKNOWN, "kind": "mine"} == update(known, size=2, kind="mine")
    assert PRIOR == update(known)


def test_a_change_makes_unknown_what_is_computed_from_it() -> None:
    """A change of something else does not."""
    known = facts(arn={"recomputed_by": ["size"]})

    assert PRIOR | {"size": 2, "arn": UNKNOWN} == update(known, size=2)
    assert PRIOR | {"kind": "mine"} == update(known, kind="mine")


def test_replacements_are_found_by_path() -> None:
    """In lists of one length by index, else where the list is."""
    known = facts(name={"replace": True}, rule__port={"replace": True}, size={})
    changed = PRIOR | {"name": "other", "rule": [rule(port=2, id="i")]}

    assert [("name",), ("rule", 0, "port")] == find_replacements(known, PRIOR, changed)
    assert [("rule",)] == find_replacements(known, PRIOR, PRIOR | {"rule": []})
    assert [] == find_replacements(known, PRIOR, PRIOR) == find_replacements(None, PRIOR, changed)


VALUES = st.recursive(
    st.none() | st.just(UNKNOWN) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@quick
@given(st.fixed_dictionaries(dict.fromkeys((*BLOCK.attributes, *BLOCK.blocks), VALUES)))
def test_planning_twice_changes_nothing(proposed: Object) -> None:
    """A planned object, whatever it holds, is planned as itself."""
    planned = plan_change(BLOCK, None, None, proposed, proposed)

    assert planned == plan_change(BLOCK, None, None, planned, planned)
