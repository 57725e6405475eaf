"""Combinations of actions that amount to more rights."""

from __future__ import annotations

from paritycheck.policy.iam import load_knowledge
from paritycheck.policy.iam.escalation import ESCALATIONS


def test_every_combination_has_a_slug_of_its_own_and_actions_that_exist() -> None:
    knowledge = load_knowledge()

    assert len(ESCALATIONS) == len({each.slug for each in ESCALATIONS}) == len({frozenset(each.actions) for each in ESCALATIONS})
    for name in {name for each in ESCALATIONS for name in each.actions}:
        action = knowledge.action(name)
        assert action
        assert name == action.name


def test_what_counts_only_on_any_resource_is_part_of_the_combination() -> None:
    assert [] == [each.slug for each in ESCALATIONS if not each.anywhere <= frozenset(each.actions)]


def test_to_pass_a_role_counts_only_where_it_can_be_any() -> None:
    assert {frozenset({"iam:PassRole"})} == {each.anywhere for each in ESCALATIONS if "iam:PassRole" in each.actions}
