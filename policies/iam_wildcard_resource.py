"""A role, a user or a group is allowed actions on resources that are named, wherever AWS can tell them apart."""

import re
from functools import lru_cache

from _demands import ResourceCheck, Verdict
from _documents import IDENTITY, has_unknown_actions, in_documents, includes_a_type, narrows, unless_unknown
from _planned import Planned
from paritycheck_checks.iam import Action, Effect, Policy, Statement, load_knowledge

NETWORK = frozenset(
    {"ec2:assignprivateipaddresses", "ec2:createnetworkinterface", "ec2:deletenetworkinterface", "ec2:unassignprivateipaddresses"}
)
"""What attaches a function to a VPC: Lambda checks these against `*`, and against nothing finer.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions, where the denial for the
function's own code is described too.
"""

_NAMES_RESOURCE = re.compile(r"[\w-]+:resourcetag/.+|kms:(resourcealiases|requestalias)|s3:existingobjecttag/.+")
"""Condition keys that say what a resource is, where its ARN cannot."""


def _names_resources(policy: Policy, planned: Planned) -> Verdict:
    detached = any(map(_keeps_code_off_network, policy.statements))
    wide = any(_is_too_wide(statement, NETWORK if detached else frozenset()) for statement in policy.statements)
    # Where the source is not at hand, as a downloaded module's, a resource that only AWS names is one that has an identifier.
    return unless_unknown(policy, holds=not wide, hides=has_unknown_actions if _rests_on_aws_alone(planned) else _has_unknown_rights)


def _rests_on_aws_alone(planned: Planned) -> bool:
    """Whether a policy and the documents that it is made of refer to nothing but AWS's resources."""
    places = (planned, *planned.used("data.aws_iam_policy_document"))
    return all(other.type.removeprefix("data.").startswith("aws_") for place in places for other in place.used())


def _has_unknown_rights(statement: Statement) -> bool:
    return statement.effect is Effect.ALLOW and (statement.actions.unknown or statement.resources.unknown)


def _is_too_wide(statement: Statement, excused: frozenset[str]) -> bool:
    if statement.effect is not Effect.ALLOW or statement.resources.negated or statement.actions.negated:
        return False
    if any(_NAMES_RESOURCE.fullmatch(condition.key) and narrows(condition) for condition in statement.conditions):
        return False
    wide = [resource for resource in statement.resources.values if "*" in resource or "?" in resource]
    return any(
        _reaches_all(action.lower(), resource) for action in statement.actions.values if action.lower() not in excused for resource in wide
    )


@lru_cache(maxsize=65536)
def _reaches_all(actions: str, resource: str) -> bool:
    """Whether a pattern of resources includes all that one of some actions could be limited to."""
    if "*" in actions.partition(":")[0]:
        return resource.rpartition(":")[2] == "*"
    return any(_can_be_limited(action) and includes_a_type(resource, action) for action in load_knowledge().expand(actions))


def _can_be_limited(action: Action) -> bool:
    """A list is of everything: whoever looks for a thing cannot name it yet, and many services check nothing but `*`."""
    return bool(action.resource_types) and action.access_level != "List"


def _keeps_code_off_network(statement: Statement) -> bool:
    """Whether the network's actions are denied to what runs in the function, which leaves them to Lambda itself."""
    return (
        statement.effect is Effect.DENY
        and {action.lower() for action in statement.actions.values} >= NETWORK
        and not statement.actions.negated
        and statement.resources.values == ("*",)
        and [condition.key for condition in statement.conditions] == ["lambda:sourcefunctionarn"]
        and narrows(statement.conditions[0])
    )


check = ResourceCheck(
    id="CKV_TAP_27",
    name="Resources are allowed by name where AWS can tell them apart",
    guideline="Write the ARNs of the resources. Where an ARN is known only after apply, build it from the resource's name.",
    severity="HIGH",
    category="IAM",
    demands=in_documents(IDENTITY, _names_resources),
)
