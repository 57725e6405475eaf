"""Documents and expected texts in the asset were recorded from AWS provider 5.100.0."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.policy_document import read_policy_document
from paritycheck.provider.interface import Object, Refused

RECORDED = [
    json.loads(line) for line in (Path(__file__).parents[2] / "assets" / "aws_iam_policy_document.jsonl").read_text("utf-8").splitlines()
]
ARGUMENTS = ["id", "json", "minified_json", "policy_id", "version"]
DOCUMENTS = ["override_json", "override_policy_documents", "source_json", "source_policy_documents"]
STATEMENT = ["actions", "effect", "not_actions", "not_resources", "resources", "sid"]
BLOCKS = ["condition", "not_principals", "principals"]


def complete(config: Object) -> Object:
    """Add what Terraform adds to a configuration: absent attributes are null, absent blocks empty."""
    statements = [
        dict.fromkeys(STATEMENT) | {name: [] for name in BLOCKS} | statement | {k: fill(statement[k]) for k in BLOCKS if k in statement}
        for statement in config.get("statement", [])
    ]
    return dict.fromkeys(ARGUMENTS + DOCUMENTS) | config | {"statement": statements}


def fill(blocks: list[Object]) -> list[Object]:
    return [({"values": []} if "test" in block else {"identifiers": []}) | block for block in blocks]


def read(**config: object) -> Object:
    return read_policy_document(complete(config), AwsContext())


def test_documents_are_rendered_byte_for_byte_as_recorded():
    keys = ("id", "json", "minified_json")
    actual = [read(**record["config"]) for record in RECORDED]

    assert [[record[key] for key in keys] for record in RECORDED] == [[document[key] for key in keys] for document in actual]


def test_the_state_holds_defaults_and_empty_sets():
    statement = read(statement=[{"actions": ["s3:Get*"]}])["statement"][0]

    expected = {name: [] for name in STATEMENT + BLOCKS} | {"actions": ["s3:Get*"], "effect": "Allow", "sid": ""}
    assert expected == statement


def test_an_empty_document_has_a_version_and_no_statement():
    document = read()

    expected = ('{"Version":"2012-10-17"}', None)
    assert expected == (document["minified_json"], document["statement"])


def test_a_later_statement_with_the_same_sid_replaces_the_first():
    override = json.dumps({"Statement": [{"Sid": "A", "Effect": "Deny"}, {"Sid": "B"}]})
    document = json.loads(read(statement=[{"sid": "A"}, {"actions": ["x"]}], override_policy_documents=[override])["json"])

    expected = [{"Sid": "A", "Effect": "Deny"}, {"Effect": "Allow", "Action": "x"}, {"Sid": "B"}]
    assert expected == document["Statement"]


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"version": "2020-01-01"}, ("version",)),
        ({"source_json": "{}"}, ("source_json",)),
        ({"statement": [{"effect": "allow"}]}, ("statement", 0, "effect")),
        ({"statement": [{"sid": "a b"}]}, ("statement", 0, "sid")),
        ({"statement": [{"sid": "A"}, {"sid": "A"}]}, ("statement", 1, "sid")),
        ({"statement": [{"actions": ["x", None]}]}, ("statement", 0, "actions", 1)),
        ({"version": "2008-10-17", "statement": [{"resources": ["&{aws:username}"]}]}, ("statement", 0)),
        ({"source_policy_documents": ["{}", '{"Statement":[{"Sid":"A"},{"Sid":"A"}]}']}, ("source_policy_documents", 1)),
        ({"override_policy_documents": ["{"]}, ("override_policy_documents", 0)),
    ],
)
def test_what_the_provider_refuses_is_refused_at_its_argument(config, path):
    with pytest.raises(Refused) as refused:
        read(**config)

    assert [path] == [diagnostic.path for diagnostic in refused.value.diagnostics]


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        '"x"',
        "NaN",
        '{"Version": 1}',
        '{"Statement": {"Effect": "Allow"}}',
        '{"Statement": ["x"]}',
        '{"Statement": [{"Principal": null}]}',
        '{"Statement": [{"Principal": ["a"]}]}',
        '{"Statement": [{"Principal": {"AWS": 5}}]}',
        '{"Statement": [{"Condition": "x"}]}',
        '{"Statement": [{"Condition": {"A": {"B": [1]}}}]}',
        '{"Statement": [{"Action": ' + "9" * 400 + "}]}",
        "[" * 100_000,
    ],
)
def test_a_source_document_that_is_no_policy_is_refused(document):
    with pytest.raises(Refused) as refused:
        read(source_policy_documents=[document])

    expected = [("source_policy_documents", 0)]
    assert expected == [diagnostic.path for diagnostic in refused.value.diagnostics]


texts = st.text(st.characters(codec="utf-8", exclude_characters="$&"), max_size=8)


@given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, min_size=1, max_size=4), st.randoms())
def test_the_order_of_a_sets_elements_changes_nothing(actions, identifiers, random):
    blocks = [{"type": "AWS", "identifiers": [text]} for text in dict.fromkeys(identifiers)]
    first = read(statement=[{"actions": actions, "principals": blocks}])
    random.shuffle(actions)
    random.shuffle(blocks)

    assert first["json"] == read(statement=[{"actions": actions, "principals": blocks}])["json"]


@given(st.lists(texts, min_size=1, max_size=4, unique=True))
def test_a_rendered_document_is_its_own_source(actions):
    text = read(statement=[{"actions": actions}])["json"]

    assert text == read(source_policy_documents=[text])["json"]
