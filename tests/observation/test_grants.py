"""Grants that no test ever used."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from paritycheck.policy.iam import Effect, Names, Policy, Request, Statement, decide
from tests.observation.files import COMMITTED, read_calls
from tests.observation.grants import Grant, list_unused
from tests.observation.recorder import Observation
from tests.observation.stack import Changes, Stack, plan_changes, read_stack

EXCEPTIONS: Mapping[tuple[str, str, str], str] = {}
"""Grants that no call shows, by function, sid and action, and why they are there all the same."""


@pytest.fixture(scope="module", params=["dev", "staging", "prod"])
def changes(request: pytest.FixtureRequest) -> Changes:
    return plan_changes(request.param)


@pytest.fixture(scope="module")
def stack(changes: Changes) -> Stack:
    return read_stack(changes)


@pytest.fixture(scope="module")
def calls() -> frozenset[Observation]:
    return read_calls(COMMITTED)


def with_statements(stack: Stack, role: str, *statements: Statement) -> Stack:
    """The stack, with further statements in one role's policy."""
    function = stack.functions[role]
    policy = Policy((*function.policy.statements, *statements))
    return replace(stack, functions={**stack.functions, role: replace(function, policy=policy)})


def test_every_grant_is_used_or_has_its_reason(stack: Stack, changes: Changes, calls: frozenset[Observation]) -> None:
    unused = list_unused(stack, changes, calls)

    assert EXCEPTIONS.keys() == {(grant.function, grant.sid, grant.action) for grant in unused}, unused


def test_every_call_that_was_seen_is_granted_on_the_whole_of_its_pattern(stack: Stack, calls: frozenset[Observation]) -> None:
    refused = []
    for call in calls:
        resource = call.resource if call.resource == "*" else stack.locate(call.resource)
        policy = Policy(tuple(replace(statement, conditions=()) for statement in stack.functions[call.function].policy.statements))
        if not decide([policy], Request(call.action, resource)).allowed:
            refused.append(call)

    assert [] == refused


def test_every_function_that_has_calls_of_its_own_was_seen(stack: Stack, calls: frozenset[Observation]) -> None:
    assert stack.functions.keys() == {call.function for call in calls}


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:123456789012:table/*"),
        ("s3:ListBucket", "*"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:another-dlq"),
        ("kinesis:ListStreams", "*"),
    ],
)
def test_a_grant_without_a_call_or_a_wire_shows_up(
    stack: Stack, changes: Changes, calls: frozenset[Observation], action: str, resource: str
) -> None:
    before = list_unused(stack, changes, calls)
    widened = with_statements(stack, "order_validator", Statement(Effect.ALLOW, Names((action,)), Names((resource,)), sid="More"))

    assert [Grant("order_validator", "More", action, resource)] == [
        grant for grant in list_unused(widened, changes, calls) if grant not in before
    ]


def test_a_grant_shows_up_once_its_call_is_gone(stack: Stack, changes: Changes, calls: frozenset[Observation]) -> None:
    left = [call for call in calls if call.function != "earnings_lister"]

    assert ("ListDrivers", "dynamodb:Scan") in {
        (grant.sid, grant.action) for grant in list_unused(stack, changes, left) if grant.function == "earnings_lister"
    }
