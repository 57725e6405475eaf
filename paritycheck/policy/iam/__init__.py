"""Knowledge of AWS's actions and policies: what they mean, what they say to a request, and what one grants beyond another."""

from paritycheck.policy.iam.difference import Excess, beyond, undenied
from paritycheck.policy.iam.evaluation import Decision, Request, Verdict, decide
from paritycheck.policy.iam.grants import Reason
from paritycheck.policy.iam.knowledge import Action, Knowledge, ResourceType, Scope, load_knowledge
from paritycheck.policy.iam.parsing import UNKNOWN, PolicyError, parse_policy
from paritycheck.policy.iam.requirements import UndecidedCallError, required_actions
from paritycheck.policy.iam.statements import Condition, Effect, Names, Policy, Principal, Principals, Statement

__all__ = [
    "UNKNOWN",
    "Action",
    "Condition",
    "Decision",
    "Effect",
    "Excess",
    "Knowledge",
    "Names",
    "Policy",
    "PolicyError",
    "Principal",
    "Principals",
    "Reason",
    "Request",
    "ResourceType",
    "Scope",
    "Statement",
    "UndecidedCallError",
    "Verdict",
    "beyond",
    "decide",
    "load_knowledge",
    "parse_policy",
    "required_actions",
    "undenied",
]
