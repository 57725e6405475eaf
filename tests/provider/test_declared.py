import pytest

from paritycheck.provider.declared import TEXTS, Type, block, computed, declare, either, optional, required
from paritycheck.provider.interface import UNKNOWN, Block, Diagnostic, PlannedChange
from paritycheck.provider.planning.planner import empty_object

KIND = Type(
    {
        "color": either("string", default="red", replace=True, one_of=("red", "blue")),
        "id": computed("string", keeps=False),
        "made": computed("string"),
        "name": required("string"),
        "part": block("list", {"size": optional("number", between=(1, 9))}, max_items=2),
        "tags": optional(TEXTS, sensitive=True),
        "until": computed("string"),
    },
    version=2,
    check=lambda config: [Diagnostic("no")] if config["name"] == "no" else [],
    expired=lambda prior: ["until"] if prior["until"] == "past" else [],
)
SOURCE = Type({"name": required("string"), "size": computed("number"), "text": computed("string")})
PRIOR = {"color": "blue", "id": "1", "made": "then", "name": "a", "part": [], "tags": None, "until": "later"}


@pytest.fixture
def provider():
    return declare(
        "example/things",
        resources={"thing": KIND},
        data_sources={"thing": SOURCE},
        config={"url": optional("string")},
        overrides={"thing": {"text": "answered"}},
    )


def plan(provider, prior=None, **config):
    complete = empty_object(KIND.schema.block) | config
    kept = {} if prior is None else {name: prior[name] for name in ("color", "id", "made", "until") if complete[name] is None}
    return provider.configure({}).plan("thing", prior, complete | kept, complete)


def test_a_declaration_is_a_schema(provider):
    schema = provider.resource_schema("thing")

    assert (2, {"color", "id", "made", "name", "tags", "until"}, {"part"}) == (
        schema.version,
        set(schema.block.attributes),
        set(schema.block.blocks),
    )
    assert (True, False, True) == (
        schema.block.attributes["name"].required,
        schema.block.attributes["name"].computed,
        schema.block.attributes["tags"].sensitive,
    )
    assert ({"url"}, {}) == (set(provider.schema().block.attributes), provider.functions())
    assert Block() == declare("example/empty").schema().block


def test_other_types_have_no_schema(provider):
    assert (None, None) == (provider.resource_schema("other"), provider.data_source_schema("other"))


def test_a_create_has_defaults_and_unknown_values(provider):
    planned = plan(provider, name="a").planned

    assert {"color": "red", "id": UNKNOWN, "made": UNKNOWN, "name": "a", "part": [], "tags": None, "until": UNKNOWN} == planned


def test_an_update_keeps_what_was_made_and_what_nobody_changed_is_not_an_update(provider):
    assert PlannedChange(PRIOR, []) == plan(provider, PRIOR, name="a", color="blue")
    assert PlannedChange(PRIOR | {"name": "b", "id": UNKNOWN}, []) == plan(provider, PRIOR, name="b", color="blue")


def test_a_value_that_is_no_longer_configured_falls_back_to_its_default(provider):
    change = plan(provider, PRIOR, name="a")

    assert ("red", [("color",)]) == (change.planned["color"], list(change.replace))


def test_what_has_expired_is_replaced(provider):
    change = plan(provider, PRIOR | {"until": "past"}, name="a", color="blue")

    assert (UNKNOWN, [("until",)]) == (change.planned["until"], list(change.replace))


def test_a_delete_plans_nothing(provider):
    assert PlannedChange(None) == provider.configure({}).plan("thing", PRIOR, None, None)


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"name": "no"}, ()),
        ({"name": "a", "color": "green"}, ("color",)),
        ({"name": "a", "part": [{"size": 1}, {"size": 10}]}, ("part", 1, "size")),
    ],
)
def test_facts_and_checks_refuse_a_configuration(provider, config, path):
    complete = empty_object(KIND.schema.block) | config

    assert [path] == [complaint.path for complaint in provider.configure({}).validate_resource("thing", complete)]


def test_a_data_source_without_a_reader_answers_with_placeholders_and_the_users_values(provider):
    read = provider.configure({}).read_data_source("thing", {"name": "a", "size": None, "text": None})

    assert {"name": "a", "size": 1, "text": "answered"} == read
    assert [] == provider.configure({}).validate_data_source("thing", {"name": "a", "size": None, "text": None})


def test_what_is_imported_is_known_by_its_identifier(provider):
    expected = empty_object(KIND.schema.block) | {"id": "7"}
    assert expected == provider.configure({}).import_resource("thing", "7")
