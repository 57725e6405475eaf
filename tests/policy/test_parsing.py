"""Policy documents: what is read of them, and what is said of bad ones."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.policy.iam import UNKNOWN, Condition, Effect, Names, Policy, PolicyError, Principal, Principals, Statement, parse_policy
from tests.policy.generated import policies


def statement(**changes: Any) -> dict[str, Any]:
    """A statement that allows one action on everything, but for the changes."""
    return {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"} | changes


def read(**changes: Any) -> Statement:
    return parse_policy({"Version": "2012-10-17", "Statement": [statement(**changes)]}).statements[0]


def test_a_policy_is_read_into_values_that_are_equal_where_they_mean_the_same() -> None:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Id": "queue",
            "Statement": {
                "Sid": "Send",
                "Effect": "Deny",
                "Principal": {"AWS": ["arn:aws:iam::111122223333:root"], "Service": "sns.amazonaws.com"},
                "Action": ["sqs:SendMessage", "sqs:DeleteMessage", "sqs:SendMessage"],
                "NotResource": "arn:aws:sqs:*:*:a",
                "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": [1, True, "b"]}},
            },
        }
    )
    expected = Statement(
        Effect.DENY,
        Names(("sqs:DeleteMessage", "sqs:SendMessage")),
        Names(("arn:aws:sqs:*:*:a",), negated=True),
        Principals((Principal("AWS", "111122223333"), Principal("Service", "sns.amazonaws.com"))),
        (Condition("StringLike", "aws:tagkeys", ("1", "b", "true"), "ForAnyValue", if_exists=True),),
        variables=True,
    )

    assert Policy((expected,)) == parse_policy(text)
    assert ("Send", "Statement") == (parse_policy(text).statements[0].sid, parse_policy(text).statements[0].place)


def test_everybody_is_written_in_two_ways() -> None:
    assert read(Principal="*") == read(Principal={"AWS": "*"})


def test_a_trust_policy_names_no_resource() -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}

    assert Names(("*",)) == parse_policy(document).statements[0].resources


@given(st.one_of(policies(), policies(principals=True)))
def test_a_policy_that_is_written_again_is_the_same(document: Any) -> None:
    policy = parse_policy(document)
    again = parse_policy({"Version": document["Version"], "Statement": [each.to_document() for each in policy.statements]})

    assert policy == again


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        ("", "", "not JSON"),
        ("{", "", "not JSON"),
        ("null", "", "a policy is a JSON object, not None"),
        ("[]", "", "a policy is a JSON object, not []"),
        ('{"Statement": [NaN]}', "", "NaN is no JSON"),
        ("9" * 5000, "", "not JSON"),
        ("[" * 10_000, "", "nested too deeply"),
        ('{"a":' * 10_000, "", "nested too deeply"),
        ('{"Statement": [], "Statement": []}', "", "the key 'Statement' is there twice"),
        (" " * (2**20 + 1), "", "1,048,577 characters long"),
        ({}, "", "a policy has a Statement"),
        ({"Statements": []}, "", "'Statements' is none of"),
        ({"Version": "2012-10-18", "Statement": []}, "Version", "'2012-10-18' is no version"),
        ({"Version": [], "Statement": []}, "Version", "[] is no version"),
        ({"Statement": "*"}, "Statement", "a statement is a JSON object"),
        ({"Statement": [statement(), 1]}, "Statement[1]", "a statement is a JSON object, not 1"),
        ({"Statement": [statement(Effect="allow")]}, "Statement[0]", "Effect is Allow or Deny, not 'allow'"),
        ({"Statement": [statement(Effect=["Allow"])]}, "Statement[0]", "Effect is Allow or Deny"),
        ({"Statement": [statement(Actions="*")]}, "Statement[0]", "'Actions' is none of"),
        ({"Statement": [statement(Sid=1)]}, "Statement[0]", "a Sid is a text, not 1"),
        ({"Statement": [statement(Sid="a"), statement(Sid="a")]}, "Statement[1]", "Statement[0] has the same Sid, 'a'"),
        ({"Statement": [statement(NotAction="*")]}, "Statement[0]", "Action or NotAction, not both"),
        ({"Statement": [{"Effect": "Allow", "Resource": "*"}]}, "Statement[0]", "a statement has an Action"),
        ({"Statement": [statement(Action="SendMessage")]}, "Statement[0]", "'SendMessage' is no action"),
        ({"Statement": [statement(Action=[])]}, "Statement[0].Action", "it is empty"),
        ({"Statement": [statement(Action=[{}])]}, "Statement[0].Action", "{} is no text"),
        ({"Statement": [statement(Resource=None)]}, "Statement[0].Resource", "None is no text"),
        ({"Statement": [statement(Principal="me")]}, "Statement[0].Principal", "a principal is * or a JSON object"),
        ({"Statement": [statement(Principal={"Role": "me"})]}, "Statement[0].Principal", "'Role' is none of"),
        ({"Statement": [statement(Principal={"AWS": [1]})]}, "Statement[0].Principal.AWS", "1 is no text"),
        ({"Statement": [statement(Condition=[1])]}, "Statement[0].Condition", "it is a JSON object"),
        ({"Statement": [statement(Condition={"StringEqual": {}})]}, "Statement[0].Condition", "'StringEqual' is no operator"),
        ({"Statement": [statement(Condition={"stringequals": {}})]}, "Statement[0].Condition", "'stringequals' is no operator"),
        ({"Statement": [statement(Condition={"NullIfExists": {"a": "true"}})]}, "Statement[0].Condition", "is no operator"),
        ({"Statement": [statement(Condition={"ForSome:Bool": {}})]}, "Statement[0].Condition", "is no operator"),
        ({"Statement": [statement(Condition={"Bool": "true"})]}, "Statement[0].Condition.Bool", "it is a JSON object"),
        ({"Statement": [statement(Condition={"Bool": {"a": [[]]}})]}, "Statement[0].Condition.Bool.a", "[] is no text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(document: Any, place: str, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(document)

    assert place == caught.value.place
    assert message in str(caught.value)
    assert len(str(caught.value)) < 400


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just(UNKNOWN)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("a", "AWS", "Bool")), inner, max_size=3)),
    max_leaves=5,
)
elements = st.sampled_from(("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"))


@given(st.one_of(json_values, st.dictionaries(elements, json_values).map(lambda changes: statement(**changes))))
def test_nothing_ends_in_another_error(value: Any) -> None:
    for document in (value, {"Statement": value}, {"Statement": [value]}):
        with suppress(PolicyError):
            assert isinstance(parse_policy(document), Policy)


@pytest.mark.parametrize("document", [UNKNOWN, {"Statement": UNKNOWN}, {"Version": UNKNOWN, "Statement": []}, {"Statement": [UNKNOWN]}])
def test_statements_that_are_known_only_after_apply_are_not_forgotten(document: Any) -> None:
    assert Policy(unknown=True) == parse_policy(document)


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": UNKNOWN},
        {"Action": ["sqs:SendMessage", UNKNOWN]},
        {"Resource": UNKNOWN},
        {"Principal": UNKNOWN},
        {"Principal": {"AWS": [UNKNOWN]}},
        {"Condition": UNKNOWN},
        {"Condition": {"Bool": UNKNOWN}},
        {"Condition": {"Bool": {"aws:SecureTransport": UNKNOWN}}},
    ],
)
def test_nor_are_parts_of_a_statement(changes: dict[str, Any]) -> None:
    assert not read(**changes).is_known


def test_an_effect_that_is_known_only_after_apply_is_refused() -> None:
    with pytest.raises(PolicyError, match="known only after apply"):
        read(Effect=UNKNOWN)
