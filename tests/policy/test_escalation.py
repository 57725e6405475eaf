"""Combinations of actions that amount to more rights."""

from __future__ import annotations

from paritycheck.policy.iam import Request, decide, load_knowledge, parse_policy
from paritycheck.policy.iam.escalation import ESCALATIONS, find_escalations


def test_every_combination_has_a_slug_of_its_own_and_actions_that_exist() -> None:
    knowledge = load_knowledge()

    assert len(ESCALATIONS) == len({each.slug for each in ESCALATIONS}) == len({frozenset(each.actions) for each in ESCALATIONS})
    for name in {name for each in ESCALATIONS for name in each.actions}:
        action = knowledge.action(name)
        assert action
        assert name == action.name


def test_a_combination_counts_where_all_of_it_is_granted() -> None:
    policy = parse_policy({"Statement": {"Effect": "Allow", "Action": ["iam:PassRole", "lambda:Create*"], "Resource": "*"}})

    def grants(action: str) -> bool:
        return decide([policy], Request(action)).allowed

    assert ["pass-role-to-function-by-events"] == [each.slug for each in find_escalations(grants)]
    assert [] == list(find_escalations(lambda action: action != "iam:PassRole" and grants(action)))
