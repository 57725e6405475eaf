"""What policies grant beyond others: everything that there is, and nothing where they are alike."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from paritycheck.policy.iam import Request, beyond, decide, parse_policy
from tests.policy.generated import policies, requests


@settings(max_examples=300, deadline=None)
@given(policies(), policies(), st.lists(requests, min_size=1, max_size=20))
def test_what_is_allowed_here_and_not_there_is_never_overlooked(more: Any, less: Any, asked: list[Request]) -> None:
    _hold(more, less, asked)


@settings(max_examples=300, deadline=None)
@given(policies(principals=True), policies(principals=True), st.lists(requests, min_size=1, max_size=20))
def test_nor_is_it_in_policies_of_resources(more: Any, less: Any, asked: list[Request]) -> None:
    _hold(more, less, asked)


def _hold(more: Any, less: Any, asked: list[Request]) -> None:
    one, other = [parse_policy(more)], [parse_policy(less)]
    allowed = [request for request in asked if decide(one, request).allowed and not decide(other, request).allowed]
    assume(allowed)
    assert beyond(one, other), (more, less, allowed[0])
