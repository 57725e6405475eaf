"""The real AWS provider and this one answer alike; recorded answers stand in for it in the other tests."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tf.gen import tfplugin_pb2 as pb

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.data_sources import READERS
from paritycheck.provider.interface import Object, Refused
from tools.oracle import complaints, decode, encode, oracle

MIRROR = os.environ.get("TF_PROVIDER_MIRROR")

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(MIRROR is None, reason="TF_PROVIDER_MIRROR names no filesystem mirror with hashicorp/aws"),
]

names = st.sampled_from(["a", "B:*", "*", "é", "x<&>y", "&{aws:username}", "&{a}-&{b}", "$", 'q"\\\t', "\u2028"])
several = st.lists(names, max_size=4, unique=True)
principals = st.lists(
    st.fixed_dictionaries({"type": st.sampled_from(["AWS", "Service", "*"]), "identifiers": several}),
    max_size=3,
    unique_by=lambda block: (block["type"], frozenset(block["identifiers"])),
)
conditions = st.lists(
    st.fixed_dictionaries(
        {"test": st.sampled_from(["Bool", "Null"]), "variable": st.sampled_from(["v", "w"]), "values": st.lists(names, max_size=3)}
    ),
    max_size=4,
    unique_by=lambda block: (block["test"], block["variable"], *block["values"]),
)
sids = st.sampled_from([None, "", "A", "B", "C"])
statements = st.fixed_dictionaries(
    {
        "sid": sids,
        "effect": st.sampled_from([None, "Allow", "Deny"]),
        **dict.fromkeys(("actions", "not_actions", "resources", "not_resources"), st.none() | several),
        **dict.fromkeys(("principals", "not_principals"), principals),
        "condition": conditions,
    }
)
values = names | several | st.booleans() | st.none() | st.integers(-(2**53), 2**53)
written = st.lists(
    st.dictionaries(
        st.sampled_from(["Sid", "sid", "Effect", "Action", "Resource", "Other"]),
        st.sampled_from(["A", "Deny"]) | values,
        max_size=4,
    ).flatmap(
        lambda statement: st.fixed_dictionaries(
            {key: st.just(value) for key, value in statement.items()},
            optional={
                "Principal": st.sampled_from(["*", "x", {"*": "*"}, {"*": ["*"]}, {}]) | st.dictionaries(names, names | several),
                "Condition": st.dictionaries(names, st.dictionaries(names, names | several | st.booleans() | st.integers())),
            },
        )
    ),
    max_size=3,
)
sources = st.fixed_dictionaries({}, optional={"Version": st.sampled_from(["2008-10-17", "2012-10-17"]), "Id": names, "Statement": written})
documents = st.none() | st.lists(sources.map(lambda source: json.dumps(source, ensure_ascii=False)), max_size=2)
policies = st.fixed_dictionaries(
    {
        "policy_id": st.none() | names,
        "version": st.sampled_from([None, "2008-10-17", "2012-10-17"]),
        "statement": st.lists(statements, max_size=3),
        "source_policy_documents": documents,
        "override_policy_documents": documents,
        **dict.fromkeys(("id", "json", "minified_json", "override_json", "source_json"), st.none()),
    }
)


@pytest.fixture(scope="module")
def provider():
    binary = next(Path(MIRROR).rglob("terraform-provider-aws_v5.100.0*"))
    with oracle(binary) as running:
        yield running


def ask(provider, type_name: str, config: Object) -> Object | None:
    """Return what the real provider reads; ``None`` where it refuses."""
    request = pb.ReadDataSource.Request(type_name=type_name, config=encode(config))
    response = provider.ask("ReadDataSource", request, pb.ReadDataSource.Response)
    return None if list(complaints(response.diagnostics)) else decode(response.state)


def answer(type_name: str, config: Object) -> Object | None:
    try:
        return READERS[type_name](config, AwsContext(region="us-east-1"))
    except Refused:
        return None


def texts(document: Object | None) -> list[str] | None:
    return document and [document[name] for name in ("id", "json", "minified_json")]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(policies)
def test_policy_documents_are_the_same_byte_for_byte(provider, config):
    assert texts(ask(provider, "aws_iam_policy_document", config)) == texts(answer("aws_iam_policy_document", config))


def test_the_recorded_answers_are_the_providers(provider):
    lines = (Path(__file__).parents[2] / "assets" / "aws_data_sources.jsonl").read_text("utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if record["region"] == "us-east-1" and not record["default_tags"]]

    actual = [ask(provider, record["type"], dict.fromkeys(record["values"]) | record["config"]) for record in records]

    assert [record["values"] for record in records] == actual
