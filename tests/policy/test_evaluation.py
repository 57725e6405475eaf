"""What policies say to requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.policy.iam import UNKNOWN, Decision, Policy, Principal, Request, Verdict, decide, parse_policy
from tests.policy.generated import policies, requests, unknown_places

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ROLE = Principal("AWS", "arn:aws:iam::123456789012:role/service/app")
REQUEST = Request("dynamodb:GetItem", TABLE, ROLE)
ALLOWED, DENIED, NOT_ALLOWED, UNDECIDED = Verdict.ALLOWED, Verdict.DENIED, Verdict.NOT_ALLOWED, Verdict.UNDECIDED


def statement(**changes: Any) -> dict[str, Any]:
    """A statement that allows one action on one table, but for the changes."""
    return {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE} | changes


def judge(request: Request, *statements: dict[str, Any]) -> Decision:
    return decide([parse_policy({"Version": "2012-10-17", "Statement": list(statements)})], request)


def verdict(*statements: dict[str, Any], request: Request = REQUEST) -> Verdict:
    return judge(request, *statements).verdict


def test_nothing_is_allowed_that_no_statement_allows() -> None:
    assert NOT_ALLOWED is verdict()
    assert NOT_ALLOWED is verdict(statement(Action="dynamodb:PutItem"), statement(Resource=f"{TABLE}-2"))


def test_action_names_know_no_case_and_resources_do() -> None:
    assert ALLOWED is verdict(statement(Action=["DynamoDB:getitem"]))
    assert NOT_ALLOWED is verdict(statement(Resource=[TABLE.upper()]))


def test_a_denial_wins_wherever_it_stands_and_is_named() -> None:
    decision = judge(REQUEST, statement(), statement(Sid="Not", Effect="Deny", Action="dynamodb:*", Resource="*"))

    assert (DENIED, "Not") == (decision.verdict, decision.by and decision.by.sid)


def test_the_statement_that_allows_is_named() -> None:
    decision = judge(REQUEST, statement(Sid="Other", Action="dynamodb:Scan"), statement(Sid="One"))

    assert (True, "One") == (decision.allowed, decision.by and decision.by.sid)


def test_everything_but_something() -> None:
    allow = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": f"{TABLE}/index/*"}

    assert [ALLOWED, NOT_ALLOWED, NOT_ALLOWED] == [
        verdict(allow),
        verdict(allow, request=Request("iam:GetRole")),
        verdict(allow, request=Request("dynamodb:Query", f"{TABLE}/index/user")),
    ]


@pytest.mark.parametrize(
    ("effect", "principal", "expected"),
    [
        ("Allow", "*", ALLOWED),
        ("Allow", {"AWS": ROLE.name}, ALLOWED),
        ("Allow", {"AWS": "arn:aws:iam::123456789012:role/app"}, ALLOWED),
        ("Allow", {"AWS": "arn:aws:iam::123456789012:role/other"}, NOT_ALLOWED),
        ("Allow", {"AWS": "123456789012"}, NOT_ALLOWED),
        ("Allow", {"AWS": "AIDAEXAMPLE"}, UNDECIDED),
        ("Allow", {"Service": "lambda.amazonaws.com"}, NOT_ALLOWED),
        ("Deny", {"AWS": "arn:aws:iam::123456789012:root"}, DENIED),
        ("Deny", {"AWS": "999999999999"}, NOT_ALLOWED),
        ("Deny", {"Service": "lambda.amazonaws.com"}, NOT_ALLOWED),
    ],
)
def test_whom_a_resource_s_policy_is_about(effect: str, principal: Any, expected: Verdict) -> None:
    assert expected is verdict(statement(Effect=effect, Principal=principal))


def test_a_session_is_its_role() -> None:
    session = Principal("AWS", "arn:aws:sts::123456789012:assumed-role/app/one")

    assert ALLOWED is verdict(statement(Principal={"AWS": ROLE.name}), request=Request("dynamodb:GetItem", TABLE, session))


def test_services_may_be_named_or_perhaps_everybody() -> None:
    request = Request("dynamodb:GetItem", TABLE, Principal("Service", "sns.amazonaws.com"))

    assert ALLOWED is verdict(statement(Principal={"Service": "sns.amazonaws.com"}), request=request)
    assert UNDECIDED is verdict(statement(Principal="*"), request=request)


def holds(operator: str, values: object, context: Mapping[str, tuple[str, ...] | None], *, complete: bool = True) -> Verdict:
    return verdict(
        statement(Condition={operator: {"aws:Key": values}}), request=Request("dynamodb:GetItem", TABLE, None, context, complete=complete)
    )


@pytest.mark.parametrize(
    ("operator", "values", "actual", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "A", "a", False),
        ("StringEqualsIgnoreCase", "A", "a", True),
        ("StringNotEquals", ["a", "b"], "a", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringNotEqualsIgnoreCase", "A", "a", False),
        ("StringLike", "a*", "ab", True),
        ("StringNotLike", "a*", "ab", False),
        ("ArnEquals", "arn:aws:lambda:*:1:function:f", "arn:aws:lambda:r:1:function:f", True),
        ("ArnLike", "arn:aws:*:function:f", "arn:aws:lambda:r:1:function:f", False),
        ("ArnNotEquals", "arn:aws:lambda:r:1:function:f", "arn:aws:lambda:r:1:function:f", False),
        ("ArnNotLike", "arn:aws:lambda:r:1:function:*", "arn:aws:lambda:r:1:function:f", False),
        ("Bool", "true", "True", True),
        ("Bool", False, "false", True),
        ("Bool", "true", "false", False),
        ("NumericLessThan", 10, "9.5", True),
        ("NumericLessThanEquals", "10", "10.0", True),
        ("NumericGreaterThan", "10", "10", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericEquals", "1e1", "10", True),
        ("NumericNotEquals", ["1", "2"], "2", False),
        ("DateLessThan", "2030-01-01T00:00:00Z", "2029-12-31T23:59:59Z", True),
        ("DateGreaterThan", "2030-01-01", "1893456001", True),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "10.1.2.3", True),
        ("IpAddress", "10.0.0.0/8", "11.1.2.3", False),
        ("NotIpAddress", "10.0.0.0/8", "11.1.2.3", True),
        ("BinaryEquals", "YQ==", "YQ==", True),
    ],
)
def test_operators(operator: str, values: object, actual: str, expected: bool) -> None:
    assert (ALLOWED if expected else NOT_ALLOWED) is holds(operator, values, {"aws:key": (actual,)})


@pytest.mark.parametrize(
    ("operator", "values", "actual"),
    [("NumericEquals", "x", "1"), ("DateEquals", "x", "1"), ("IpAddress", "x", "1.2.3.4"), ("BinaryEquals", "?", "YQ==")],
)
def test_values_that_are_none_of_their_kind_decide_nothing(operator: str, values: str, actual: str) -> None:
    assert UNDECIDED is holds(operator, values, {"aws:key": (actual,)})


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAllValues:StringEquals", True),
    ],
)
def test_keys_that_are_absent_or_perhaps_absent(operator: str, expected: bool) -> None:
    assert (ALLOWED if expected else NOT_ALLOWED) is holds(operator, "a", {})
    assert UNDECIDED is holds(operator, "a", {}, complete=False)


@pytest.mark.parametrize(
    ("operator", "actual", "expected"),
    [
        ("ForAnyValue:StringEquals", ("x", "a"), ALLOWED),
        ("ForAnyValue:StringEquals", ("x", "y"), NOT_ALLOWED),
        ("ForAllValues:StringEquals", ("a", "b"), ALLOWED),
        ("ForAllValues:StringEquals", ("a", "x"), NOT_ALLOWED),
        ("ForAllValues:StringNotEquals", ("x", "y"), ALLOWED),
        ("StringEquals", ("a", "b"), UNDECIDED),
        ("StringEquals", None, UNDECIDED),
    ],
)
def test_keys_of_several_values(operator: str, actual: tuple[str, ...] | None, expected: Verdict) -> None:
    assert expected is holds(operator, ["a", "b"], {"aws:Key": actual})


def test_all_conditions_have_to_hold() -> None:
    request = Request("dynamodb:GetItem", TABLE, None, {"aws:A": ("1",), "aws:B": ("2",)})
    conditions = ({"StringEquals": {"aws:A": "1", "aws:B": "2"}}, {"StringEquals": {"aws:A": "1"}, "StringLike": {"aws:B": "3"}})

    assert [ALLOWED, NOT_ALLOWED] == [verdict(statement(Condition=each), request=request) for each in conditions]


@pytest.mark.parametrize(
    ("value", "there", "absent"), [("false", ALLOWED, NOT_ALLOWED), ("true", NOT_ALLOWED, ALLOWED), (["true", "false"], ALLOWED, ALLOWED)]
)
def test_null_asks_whether_a_key_is_there(value: object, there: Verdict, absent: Verdict) -> None:
    assert [there, there, absent] == [holds("Null", value, context) for context in ({"aws:Key": ("a",)}, {"aws:Key": None}, {})]


def test_policy_variables_are_the_request_s_values() -> None:
    own = statement(Resource="arn:aws:s3:::home/${aws:username}/*", Action="s3:GetObject")

    def ask(resource: str, context: Mapping[str, tuple[str, ...] | None]) -> Verdict:
        return verdict(own, request=Request("s3:GetObject", f"arn:aws:s3:::{resource}", None, context))

    assert [ALLOWED, NOT_ALLOWED, NOT_ALLOWED, UNDECIDED, NOT_ALLOWED] == [
        ask("home/ann/x", {"aws:username": ("ann",)}),
        ask("home/ann/x", {"aws:username": ("*",)}),
        ask("home/ann/x", {}),
        ask("home/ann/x", {"aws:username": None}),
        ask("else/ann/x", {"aws:username": None}),
    ]


def test_a_condition_with_a_variable_that_is_missing_holds_for_nothing_or_is_undecided() -> None:
    own, others = (statement(Condition={operator: {"aws:Key": "${aws:username}"}}) for operator in ("StringEquals", "StringNotEquals"))
    request = Request("dynamodb:GetItem", TABLE, None, {"aws:Key": ("ann",)})

    assert [NOT_ALLOWED, UNDECIDED] == [verdict(each, request=request) for each in (own, others)]


def test_a_policy_variable_may_have_a_default() -> None:
    team = statement(Condition={"StringEquals": {"aws:Key": "${aws:PrincipalTag/team, 'none'}"}})

    assert ALLOWED is verdict(team, request=Request("dynamodb:GetItem", TABLE, None, {"aws:Key": ("none",)}))


def test_what_is_known_only_after_apply_decides_nothing_unless_it_does_not_matter() -> None:
    doubt = statement(Effect="Deny", Resource=UNKNOWN)

    assert [UNDECIDED, NOT_ALLOWED, NOT_ALLOWED, DENIED, UNDECIDED, ALLOWED] == [
        verdict(statement(), doubt),
        verdict(doubt),
        verdict(statement(Action="dynamodb:PutItem"), doubt),
        verdict(doubt, statement(Effect="Deny")),
        decide([parse_policy(UNKNOWN)], REQUEST).verdict,
        verdict(statement(), statement(Effect="Deny", Action="dynamodb:PutItem", Resource=UNKNOWN)),
    ]


@given(policies(principals=True), st.data(), requests)
def test_whoever_knows_less_never_decides_otherwise(document: Any, data: st.DataObject, request: Request) -> None:
    def judged(policy: Any, asked: Request) -> bool | None:
        verdict = decide([parse_policy(policy)], asked).verdict
        return None if verdict is UNDECIDED else verdict is ALLOWED

    whole = judged(document, request)

    assert judged(data.draw(unknown_places(document, UNKNOWN)), request) in (whole, None)
    if whole is not None:
        assert judged(document, Request(request.action, request.resource, request.principal, {}, complete=False)) in (whole, None)


def test_policies_are_judged_together() -> None:
    allow, deny = (parse_policy({"Statement": statement(Effect=effect)}) for effect in ("Allow", "Deny"))

    assert [ALLOWED, DENIED, NOT_ALLOWED] == [decide(each, REQUEST).verdict for each in ([allow], [allow, deny], [Policy()])]
