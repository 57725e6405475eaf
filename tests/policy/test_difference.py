"""What policies grant beyond others: everything that there is, and nothing where they are alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.policy.iam import (
    UNKNOWN,
    Effect,
    Excess,
    Policy,
    Reason,
    Request,
    Statement,
    Verdict,
    beyond,
    decide,
    load_knowledge,
    parse_policy,
    undenied,
)
from tests.policy.generated import policies, requests, statements, unknown_places

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"


def allow(**changes: Any) -> dict[str, Any]:
    """A statement that allows one action on one queue, but for the changes."""
    return {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE} | changes


def deny(**changes: Any) -> dict[str, Any]:
    return allow(Effect="Deny", **changes)


def compare(more: Any, less: Any) -> tuple[Excess, ...]:
    """Compare policies of one statement, or of a list of them."""
    return beyond(*([parse_policy({"Version": "2012-10-17", "Statement": each})] for each in (more, less)))


def reasons(more: Any, less: Any) -> list[Reason]:
    return [excess.reason for excess in compare(more, less)]


def document(statement: Statement | None) -> Any:
    return statement and statement.to_document()


def test_what_is_beyond_reads_as_a_statement_beside_the_one_that_comes_closest() -> None:
    more = allow(Sid="Send", Action=["sqs:SendMessage", "sqs:GetQueueUrl", "sqs:PurgeQueue"], Resource=[QUEUE, f"{QUEUE}-dlq"])
    less = allow(Sid="Less", Action=["sqs:SendMessage", "sqs:GetQueueUrl"], Resource=QUEUE)

    found = {excess.example: excess for excess in compare(more, less)}

    assert {
        QUEUE: {"Sid": "Send", "Effect": "Allow", "Action": "sqs:PurgeQueue", "Resource": QUEUE},
        f"{QUEUE}-dlq": {
            "Sid": "Send",
            "Effect": "Allow",
            "Action": ["sqs:GetQueueUrl", "sqs:PurgeQueue", "sqs:SendMessage"],
            "Resource": f"{QUEUE}-dlq",
        },
    } == {example: document(excess.statement) for example, excess in found.items()}
    assert {Reason.NOT_GRANTED} == {excess.reason for excess in found.values()}
    assert {"Send"} == {excess.origin.sid for excess in found.values() if excess.origin}


def test_a_wildcard_is_taken_apart_into_the_known_actions_that_are_beyond() -> None:
    (found,) = compare(allow(Action="sqs:*"), [allow(Action="sqs:Send*")])
    assert found.statement

    names = {action.name for action in load_knowledge().expand("sqs:*")}
    assert {name for name in names if not name.startswith("sqs:Send")} == set(found.statement.actions.values)


@pytest.mark.parametrize(
    ("more", "less", "expected"),
    [
        (allow(), allow(), []),
        (allow(), allow(Action="SQS:sendmessage"), []),
        (allow(), allow(Action="sqs:Send*", Resource="*"), []),
        (allow(), allow(NotAction="sqs:DeleteQueue", Action=None), []),
        (allow(Resource=[f"{QUEUE}-a", f"{QUEUE}-b"]), [allow(Resource=f"{QUEUE}-b"), allow(Resource=f"{QUEUE}-a")], []),
        (allow(Resource="*"), allow(Resource="arn:aws:sqs:*"), [Reason.NOT_GRANTED]),
        (allow(), allow(Action="sqs:SendMessageBatch"), [Reason.NOT_GRANTED]),
        (allow(), allow(NotResource=f"{QUEUE}-dlq", Resource=None), []),
        (allow(), allow(NotResource=QUEUE, Resource=None), [Reason.NOT_GRANTED]),
        (allow(), [allow(), deny(Action="sqs:*")], [Reason.DENIED]),
        (allow(), [allow(), deny(Action="sqs:DeleteQueue")], []),
        (allow(), [allow(), deny(Resource=f"{QUEUE}-dlq")], []),
        ([allow(), deny(Action="sqs:*")], [], []),
        ([allow(), deny(Condition={"Bool": {"a:b": "true"}})], [], [Reason.NOT_GRANTED]),
        ([allow(), deny()], [allow(), deny()], []),
        ([allow(Resource="*"), deny()], [allow(Resource="*"), deny(Resource=f"{QUEUE}*")], [Reason.DENIED]),
        ([allow(Resource="*"), deny(Resource=f"{QUEUE}*")], [allow(Resource="*"), deny()], []),
        ([allow(Resource="*"), deny()], allow(NotResource=QUEUE, Resource=None), []),
        (allow(Action="sqs:Nothing"), allow(Action="sqs:Other"), [Reason.NOT_GRANTED]),
        (allow(Resource="*", Action="sqs:*"), allow(Resource="*", NotAction="iam:*", Action=None), []),
    ],
)
def test_actions_resources_and_denials(more: Any, less: Any, expected: list[Reason]) -> None:
    def clean(found: Any) -> Any:
        listed = found if isinstance(found, list) else [found]
        return [{key: value for key, value in each.items() if value is not None} for each in listed]

    assert expected == reasons(clean(more), clean(less))


ALL_ACTIONS_OF_XRAY = [action.name for action in load_knowledge().expand("xray:*")]


def test_actions_that_aws_may_add_tomorrow_are_beyond_a_list_of_all_of_today() -> None:
    assert [Reason.OTHER_ACTIONS] == reasons(allow(Action="xray:*"), allow(Action=ALL_ACTIONS_OF_XRAY))


ARN = "arn:aws:sns:eu-west-1:111122223333:orders"


@pytest.mark.parametrize(
    ("more", "less", "expected"),
    [
        ({}, {}, []),
        ({"ArnEquals": {"aws:SourceArn": ARN}}, {}, []),
        ({}, {"ArnEquals": {"aws:SourceArn": ARN}}, [Reason.CONDITION]),
        ({"ArnEquals": {"aws:SourceArn": ARN}}, {"ArnEquals": {"AWS:sourcearn": [ARN, f"{ARN}-2"]}}, []),
        ({"ArnEquals": {"aws:SourceArn": [ARN, f"{ARN}-2"]}}, {"ArnEquals": {"aws:SourceArn": ARN}}, [Reason.CONDITION]),
        ({"ArnEquals": {"aws:SourceArn": ARN}}, {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}}, []),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}}, {"ArnEquals": {"aws:SourceArn": ARN}}, [Reason.CONDITION]),
        ({"StringEquals": {"a:b": "x*"}}, {"StringLike": {"a:b": "x*"}}, []),
        ({"StringLike": {"a:b": "x*"}}, {"StringEquals": {"a:b": "x*"}}, [Reason.CONDITION]),
        ({"StringNotEquals": {"a:b": ["x", "y"]}}, {"StringNotEquals": {"a:b": "x"}}, []),
        ({"StringNotEquals": {"a:b": "x"}}, {"StringNotEquals": {"a:b": ["x", "y"]}}, [Reason.CONDITION]),
        ({"StringEquals": {"a:b": "x"}}, {"StringEqualsIfExists": {"a:b": "x"}}, []),
        ({"StringEqualsIfExists": {"a:b": "x"}}, {"StringEquals": {"a:b": "x"}}, [Reason.CONDITION]),
        ({"StringEquals": {"a:b": "x", "a:c": "y"}}, {"StringEquals": {"a:b": "x"}}, []),
        ({"StringEquals": {"a:b": "x"}}, {"StringEquals": {"a:b": "x", "a:c": "y"}}, [Reason.CONDITION]),
        ({"NumericLessThan": {"a:b": 5}}, {"NumericLessThan": {"a:b": 10}}, [Reason.CONDITION]),
        ({"ForAllValues:StringEquals": {"a:b": "x"}}, {"ForAnyValue:StringEquals": {"a:b": "x"}}, [Reason.CONDITION]),
    ],
)
def test_a_grant_under_a_condition_is_less_than_one_without(more: Any, less: Any, expected: list[Reason]) -> None:
    assert expected == reasons(allow(Condition=more), allow(Condition=less))


ROLE = "arn:aws:iam::111122223333:role/app"


@pytest.mark.parametrize(
    ("more", "less", "expected"),
    [
        ({"AWS": ROLE}, {"AWS": [ROLE, f"{ROLE}-2"]}, []),
        ({"AWS": ROLE}, "*", []),
        ("*", {"AWS": ROLE}, [Reason.NOT_GRANTED]),
        ({"AWS": ROLE}, {"AWS": "111122223333"}, [Reason.NOT_GRANTED]),
        ({"AWS": "111122223333"}, {"AWS": "arn:aws:iam::111122223333:root"}, []),
        ({"Service": "sns.amazonaws.com"}, "*", [Reason.NOT_GRANTED]),
        ({"Service": "sns.amazonaws.com"}, {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}, []),
    ],
)
def test_principals(more: Any, less: Any, expected: list[Reason]) -> None:
    assert expected == reasons(allow(Principal=more), allow(Principal=less))


def test_what_is_known_only_after_apply_is_undecided_on_either_side() -> None:
    assert [Reason.UNDECIDED] == [excess.reason for excess in beyond([Policy(unknown=True)], [])]
    assert [Reason.UNDECIDED] == reasons(allow(Resource=UNKNOWN), allow())
    assert [Reason.UNDECIDED] == reasons(allow(), allow(Condition=UNKNOWN))
    assert [Reason.UNDECIDED] == reasons(allow(), [allow(), deny(Resource=UNKNOWN)])
    assert [] == reasons(allow(), [allow(), allow(Resource=UNKNOWN)])


def test_a_denial_that_is_dropped_or_narrowed_is_told_as_it_was() -> None:
    tls = deny(Sid="OnlyTls", Principal="*", Action="sqs:*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    less = [parse_policy({"Statement": [allow(Principal="*"), tls]})]

    for other in (allow(), tls | {"Action": "sqs:Send*"}, tls | {"Resource": f"{QUEUE}-2"}, deny(Principal={"AWS": ROLE}, Action="sqs:*")):
        (found,) = undenied([parse_policy({"Statement": other})], less)
        assert (Effect.DENY, "OnlyTls") == (found.statement and found.statement.effect, found.origin and found.origin.sid)
    assert () == undenied([parse_policy({"Statement": [tls | {"Resource": "*"}]})], less)


@settings(max_examples=50, deadline=None)
@given(policies(principals=True), policies(principals=True), st.data())
def test_what_is_denied_there_and_not_here_is_never_overlooked(more: Any, less: Any, data: st.DataObject) -> None:
    one, other = parse_policy(more), parse_policy(less)
    found = undenied([one], [other])
    for request in data.draw(st.lists(requests, min_size=10, max_size=20)):
        if decide([other], request).verdict is Verdict.DENIED and decide([one], request).verdict is not Verdict.DENIED:
            assert found, request
    assert () == undenied([one], [one])


@settings(max_examples=100, deadline=None)
@given(st.one_of(policies(), policies(principals=True)))
def test_nothing_is_beyond_itself(document: Any) -> None:
    assert () == beyond([parse_policy(document)], [parse_policy(document)])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(statements(principals=False).filter(lambda each: "*" not in str((each.get("NotAction"), each.get("NotResource")))), max_size=3)
)
def test_every_grant_is_beyond_nothing(documents: list[Any]) -> None:
    policy = parse_policy({"Statement": [{**each, "Effect": "Allow"} for each in documents]})

    assert {*policy.statements} == {excess.origin for excess in beyond([policy], [])}


def _hold(more: Policy, less: Policy, asked: list[Request]) -> None:
    found = beyond([more], [less])
    for request in asked:
        if decide([more], request).allowed and not decide([less], request).allowed:
            assert found, request


@settings(max_examples=25, deadline=None)
@given(st.booleans().flatmap(lambda who: st.tuples(policies(principals=who), policies(principals=who))), st.data())
def test_what_is_allowed_here_and_not_there_is_never_overlooked(pair: Any, data: st.DataObject) -> None:
    first, second = pair
    asked = data.draw(st.lists(requests, min_size=10, max_size=20))
    fewer = {**first, "Statement": first["Statement"][1:]}
    both = {**first, "Statement": first["Statement"] + second["Statement"]}

    for more, less in ((first, second), (first, fewer), (first, both), (both, first), (fewer, first)):
        _hold(parse_policy(more), parse_policy(less), asked)


@settings(max_examples=25, deadline=None)
@given(policies(), policies(), st.data())
def test_nor_is_it_where_something_is_unknown(more: Any, less: Any, data: st.DataObject) -> None:
    asked = data.draw(st.lists(requests, min_size=10, max_size=20))
    hidden = data.draw(unknown_places(less, UNKNOWN))

    _hold(parse_policy(more), parse_policy(hidden), asked)


def test_a_policy_of_a_hundred_kilobytes_is_compared() -> None:
    resources = [f"arn:aws:sqs:eu-west-1:111122223333:queue-{number}-*" for number in range(2000)]
    text = json.dumps({"Statement": allow(Resource=resources)})
    assert len(text) > 100_000

    found = beyond([parse_policy(text)], [parse_policy({"Statement": allow(Resource=resources[1:])})])

    assert [(resources[0],)] == [excess.statement.resources.values for excess in found if excess.statement]


LONG = "arn:aws:sqs:eu:1:" + "?" * 60
HOSTILE = "arn:aws:sqs:eu:1:*a" + "?" * 30


def test_patterns_that_take_for_ever_to_compare_are_undecided() -> None:
    assert [Reason.UNDECIDED] == reasons(allow(Resource=LONG), allow(Resource=HOSTILE))
    assert [Reason.UNDECIDED] == reasons(
        allow(Resource=LONG), [allow(Resource="*"), {"Effect": "Deny", "Action": "*", "NotResource": HOSTILE}]
    )


def test_conditions_that_take_for_ever_to_compare_are_other_ones() -> None:
    more, less = ({"StringLike": {"a:b": value}} for value in ("?" * 60, "*a" + "?" * 30))

    assert [Reason.CONDITION] == reasons(allow(Condition=more), allow(Condition=less))


@pytest.mark.parametrize(
    ("more", "less", "denied", "expected"),
    [
        ({"AWS": ROLE}, {"AWS": ROLE}, {"AWS": f"{ROLE}-2"}, []),
        ({"AWS": ROLE}, {"AWS": ROLE}, {"AWS": "arn:aws:iam::111122223333:role/path/app"}, [Reason.DENIED]),
        ({"AWS": ROLE}, {"AWS": ROLE}, {"AWS": "111122223333"}, [Reason.DENIED]),
        ({"AWS": ROLE}, {"AWS": ROLE}, {"CanonicalUser": "79a5"}, [Reason.DENIED]),
        ({"AWS": ROLE}, {"AWS": ROLE}, {"Service": "sns.amazonaws.com"}, []),
        ({"Service": "s3.amazonaws.com"}, {"Service": "s3.amazonaws.com"}, {"Service": "sns.amazonaws.com"}, []),
    ],
)
def test_whom_a_denial_may_be_about(more: Any, less: Any, denied: Any, expected: list[Reason]) -> None:
    assert expected == reasons(allow(Principal=more), [allow(Principal=less), deny(Principal=denied)])


def test_all_but_some_principals_are_only_within_the_same() -> None:
    others = allow(NotPrincipal={"AWS": ROLE})

    assert [] == reasons(others, others)
    assert [Reason.NOT_GRANTED] == reasons(others, allow(Principal="*"))
    assert [Reason.NOT_GRANTED] == reasons(allow(Principal={"AWS": f"{ROLE}-2"}), others)
