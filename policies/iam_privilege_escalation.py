"""Nobody can give himself more rights than he has, by what several policies of his allow together.

Each combination was a way to an administrator's rights, as https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation and
https://pathfinding.cloud describe them. To pass or to take on roles that are named, or to change functions that are, is no way.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from _demands import ResourceCheck, Verdict
from _documents import IDENTITY, has_unknown_actions, in_documents, narrows, read, unless_unknown
from _planned import Planned
from paritycheck_checks.iam import Effect, Policy, Statement, text_pattern

RIGHTS = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
)
"""Each changes rights by itself."""

OTHERS = (
    "codebuild:StartBuild",
    "ec2-instance-connect:SendSSHPublicKey",
    "ecs:ExecuteCommand",
    "glue:UpdateDevEndpoint",
    "lambda:UpdateFunctionCode",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "ssm:SendCommand",
    "ssm:StartSession",
    "sts:AssumeRole",
)
"""Each puts whoever may do it, to anything at all, into the place of somebody else."""

PASSING = (
    {"autoscaling:CreateAutoScalingGroup", "autoscaling:CreateLaunchConfiguration"},
    {"cloudformation:CreateStack"},
    {"cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"},
    {"codebuild:CreateProject", "codebuild:StartBuild"},
    {"datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"},
    {"ec2:RunInstances"},
    {"ecs:RegisterTaskDefinition", "ecs:RunTask"},
    {"ecs:RegisterTaskDefinition", "ecs:CreateService"},
    {"glue:CreateDevEndpoint"},
    {"glue:CreateJob", "glue:StartJobRun"},
    {"glue:CreateJob", "glue:CreateTrigger"},
    {"lambda:CreateFunction", "lambda:AddPermission"},
    {"lambda:CreateFunction", "lambda:CreateEventSourceMapping"},
    {"lambda:CreateFunction", "lambda:InvokeFunction"},
    {"sagemaker:CreateNotebookInstance"},
    {"sagemaker:CreateProcessingJob"},
    {"sagemaker:CreateTrainingJob"},
    {"states:CreateStateMachine", "states:StartExecution"},
)
"""What runs with a role that is passed to it; with `iam:PassRole` for any role."""

COMBINATIONS = (
    *(frozenset({right}) for right in RIGHTS),
    *(frozenset({f"{other} on *"}) for other in OTHERS),
    *(frozenset({"iam:PassRole on *", *actions}) for actions in PASSING),
)


_PARTS = {
    part: (part.removesuffix(" on *").lower(), part.endswith(" on *")) for combination in COMBINATIONS for part in sorted(combination)
}
"""Action, and whether only any resource at all counts, of every part of a combination."""


def _escalates(policy: Policy, planned: Planned) -> Verdict:
    """Judge by all that its owner has of this configuration; a policy that has no part in a combination is not to blame."""
    own, denied = _rights(policy)
    granted = own
    for other in _siblings(planned):
        others, others_denied = _rights(other)
        granted, denied = granted | others, denied | others_denied
    leads = any(combination <= granted - denied and combination & own for combination in COMBINATIONS)
    return unless_unknown(policy, holds=not leads, hides=has_unknown_actions)


@lru_cache(maxsize=4096)
def _rights(policy: Policy) -> tuple[frozenset[str], frozenset[str]]:
    """Return which parts of combinations a policy allows, and which it denies whatever else allows them."""
    allowed = [_about(statement) for statement in policy.statements if statement.effect is Effect.ALLOW]
    denied = [_about(statement) for statement in policy.statements if _denies_altogether(statement)]
    return frozenset().union(*allowed), frozenset().union(*denied)


def _about(statement: Statement) -> frozenset[str]:
    """Return the parts of combinations that a statement is about."""
    anywhere = statement.effect is Effect.DENY or _is_anywhere(statement)
    named = {action.lower() for action in statement.actions.values}
    patterns = [text_pattern(action) for action in named if "*" in action or "?" in action]
    return frozenset(
        part
        for part, (action, everywhere) in _PARTS.items()
        if (anywhere or not everywhere)
        and (action in named or any(pattern.matches(action) for pattern in patterns)) is not statement.actions.negated
    )


def _denies_altogether(statement: Statement) -> bool:
    if statement.effect is not Effect.DENY:
        return False
    return statement.is_known and not statement.conditions and not statement.resources.negated and statement.resources.values == ("*",)


def _is_anywhere(statement: Statement) -> bool:
    """Whether a statement names no resources: what begins alike is named, what only has a type is not."""
    if any("resourcetag/" in condition.key and narrows(condition) for condition in statement.conditions):
        return False
    names = (re.split("[:/]", value)[-1] for value in statement.resources.values)
    return statement.resources.negated or any(not name.strip("*?") for name in names)


def _siblings(planned: Planned) -> Iterator[Policy]:
    """Yield the other policies of the role that a policy belongs to."""
    for role in planned.used("aws_iam_role"):
        if planned.means("role", role):
            inline = [other for other in role.users("aws_iam_role_policy") if other.address != planned.address]
            attached = [policy for each in role.users("aws_iam_role_policy_attachment") for policy in each.used("aws_iam_policy")]
            policies = (read(other.value("policy"), other) for other in [*inline, *attached])
            yield from (policy for policy in policies if policy is not None)


check = ResourceCheck(
    id="CKV_TAP_29",
    slug="iam-privilege-escalation",
    name="No combination of actions leads to more rights",
    severity="CRITICAL",
    category="IAM",
    demands=in_documents(IDENTITY, _escalates),
)
