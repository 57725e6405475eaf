"""What policies say to requests."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observation.iam import (
    Request,
    UnsupportedPolicyError,
    decide,
    matches_arn,
    matches_text,
    read_identity_policy,
    read_resource_policy,
)

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
BUCKET = "arn:aws:s3:::receipts"


def statement(**changes: Any) -> dict[str, Any]:
    """A statement that grants one action on one table, but for the changes."""
    return {"Sid": "One", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE} | changes


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def grants(request: Request, *statements: dict[str, Any], resource: str | None = None) -> bool:
    return decide(request, read_identity_policy(policy(*statements)), read_resource_policy(resource) if resource else ()).granted


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "text", "expected"),
        [
            ("s3:Get*", "s3:GetObject", True),
            ("s3:Get*", "s3:PutObject", False),
            ("a?c", "abc", True),
            ("a?c", "ac", False),
            ("*", "", True),
            ("a.c", "abc", False),
            ("[a]", "a", False),
            ("a*", "a\nb", True),
        ],
    )
    def test_wildcards_stand_for_characters_and_nothing_else_does(self, pattern: str, text: str, expected: bool) -> None:
        assert expected is matches_text(pattern, text)

    @pytest.mark.parametrize(
        ("pattern", "arn", "expected"),
        [
            ("*", TABLE, True),
            (TABLE, TABLE, True),
            (f"{TABLE}/index/*", f"{TABLE}/index/user_id", True),
            (TABLE, f"{TABLE}/index/user_id", False),
            ("arn:aws:dynamodb:*:123456789012:table/orders", TABLE, True),
            ("arn:aws:dynamodb:*:table/orders", TABLE, False),
            (f"{BUCKET}/*", f"{BUCKET}/receipts/o-1.json", True),
            (f"{BUCKET}/*", BUCKET, False),
            ("arn:aws:logs:r:1:log-group:/x:*", "arn:aws:logs:r:1:log-group:/x:log-stream:y", True),
            (TABLE, "*", False),
        ],
    )
    def test_wildcards_of_arns_stay_within_their_part(self, pattern: str, arn: str, expected: bool) -> None:
        assert expected is matches_arn(pattern, arn)

    @given(st.text(alphabet="ab*?.$[\\", max_size=8))
    def test_a_text_is_its_own_pattern(self, text: str) -> None:
        assert matches_text(text, text)


class TestDecisions:
    REQUEST = Request("dynamodb:GetItem", TABLE)

    def test_nothing_is_granted_that_no_statement_grants(self) -> None:
        assert not grants(self.REQUEST)
        assert not grants(self.REQUEST, statement(Action="dynamodb:PutItem"), statement(Resource=f"{TABLE}-2"))

    def test_action_names_know_no_case_and_resources_do(self) -> None:
        assert grants(self.REQUEST, statement(Action=["DynamoDB:getitem"]))
        assert not grants(self.REQUEST, statement(Resource=[TABLE.upper()]))

    def test_a_denial_wins_wherever_it_stands(self) -> None:
        decision = decide(
            self.REQUEST, read_identity_policy(policy(statement(), statement(Sid="Not", Effect="Deny", Action="dynamodb:*", Resource="*")))
        )

        assert (False, "Not") == (decision.granted, decision.by and decision.by.sid)

    def test_the_statement_that_grants_is_named(self) -> None:
        decision = decide(self.REQUEST, read_identity_policy(policy(statement(Sid="Other", Action="dynamodb:Scan"), statement())))

        assert "One" == (decision.by and decision.by.sid)

    def test_a_denial_of_the_resource_wins_and_its_grants_add_nothing(self) -> None:
        everybody = {"Principal": "*", "Action": "dynamodb:*", "Resource": "*"}
        deny = policy({"Effect": "Deny", **everybody})
        allow = policy({"Effect": "Allow", **everybody})

        assert [False, False, True] == [
            grants(self.REQUEST, statement(), resource=deny),
            grants(self.REQUEST, resource=allow),
            grants(self.REQUEST, statement(), resource=allow),
        ]

    def test_what_a_resource_says_to_services_is_not_about_roles(self) -> None:
        service = {"Effect": "Deny", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "*", "Resource": "*"}

        assert grants(self.REQUEST, statement(), resource=policy(service))


class TestConditions:
    def holds(self, operator: str, key: str, values: object, context: Mapping[str, tuple[str, ...]]) -> bool:
        return grants(Request("dynamodb:GetItem", TABLE, context), statement(Condition={operator: {key: values}}))

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
        ],
    )
    def test_operators(self, operator: str, values: object, actual: str, expected: bool) -> None:
        assert expected is self.holds(operator, "aws:Key", values, {"aws:key": (actual,)})

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
    def test_keys_that_are_absent(self, operator: str, expected: bool) -> None:
        assert expected is self.holds(operator, "aws:Key", "a", {})

    def test_null_asks_whether_a_key_is_there(self) -> None:
        there = {"aws:Key": ("a",)}

        assert [True, False] == [self.holds("Null", "aws:Key", value, there) for value in ("false", "true")]
        assert [False, True] == [self.holds("Null", "aws:Key", value, {}) for value in ("false", "true")]

    @pytest.mark.parametrize(
        ("operator", "actual", "expected"),
        [
            ("ForAnyValue:StringEquals", ("x", "a"), True),
            ("ForAnyValue:StringEquals", ("x", "y"), False),
            ("ForAllValues:StringEquals", ("a", "b"), True),
            ("ForAllValues:StringEquals", ("a", "x"), False),
            ("ForAllValues:StringNotEquals", ("x", "y"), True),
        ],
    )
    def test_keys_of_several_values(self, operator: str, actual: tuple[str, ...], expected: bool) -> None:
        assert expected is self.holds(operator, "aws:Key", ["a", "b"], {"aws:Key": actual})

    def test_all_conditions_have_to_hold(self) -> None:
        request = Request("dynamodb:GetItem", TABLE, {"aws:A": ("1",), "aws:B": ("2",)})

        assert grants(request, statement(Condition={"StringEquals": {"aws:A": "1", "aws:B": "2"}}))
        assert not grants(request, statement(Condition={"StringEquals": {"aws:A": "1"}, "StringLike": {"aws:B": "3"}}))


class TestWhatCannotBeJudged:
    @pytest.mark.parametrize(
        "document",
        [
            "{",
            "null",
            "[]",
            policy({"Effect": "Perhaps", "Action": "*", "Resource": "*"}),
            policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            policy({"Effect": "Allow", "Action": "*", "NotResource": "*"}),
            policy({"Effect": "Allow", "Action": "*"}),
            policy(statement(Principal="*")),
            policy(statement(Condition={"NumericLessThan": {"aws:Key": "1"}})),
            policy(statement(Condition={"ForSomeValues:StringEquals": {"aws:Key": "1"}})),
            policy(statement(Condition={"stringequals": {"aws:Key": "1"}})),
        ],
    )
    def test_it_is_said_and_never_granted(self, document: str) -> None:
        with pytest.raises(UnsupportedPolicyError):
            read_identity_policy(document)

    def test_exceptions_from_principals(self) -> None:
        with pytest.raises(UnsupportedPolicyError):
            read_resource_policy(policy(statement(NotPrincipal={"AWS": "1"})))

    @pytest.mark.parametrize(
        "changes",
        [
            {"Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/${aws:username}"},
            {"Condition": {"StringEquals": {"aws:Key": "${aws:username}"}}},
        ],
    )
    def test_policy_variables(self, changes: dict[str, Any]) -> None:
        with pytest.raises(UnsupportedPolicyError, match="variable"):
            grants(Request("dynamodb:GetItem", TABLE, {"aws:Key": ("a",)}), statement(**changes))

    def test_several_values_without_a_quantifier(self) -> None:
        with pytest.raises(UnsupportedPolicyError, match="quantifier"):
            grants(Request("dynamodb:GetItem", TABLE, {"aws:Key": ("a", "b")}), statement(Condition={"StringEquals": {"aws:Key": "a"}}))

    def test_one_statement_need_not_be_listed(self) -> None:
        assert 1 == len(read_identity_policy(json.dumps({"Statement": statement()})))
