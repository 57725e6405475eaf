"""Nobody can give himself more rights than he has, by what several policies of his allow together.

Each combination was a way to an administrator's rights, as https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation and
https://pathfinding.cloud describe them. To pass or to take on roles that are named, or to change functions that are, is no way.
"""

import re
from collections.abc import Iterable, Iterator

from _demands import ResourceCheck, Verdict, verdict
from _documents import IDENTITY, in_documents, narrows, read
from _planned import Planned
from paritycheck_checks.iam import Effect, Policy, Statement

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


def _escalates(policy: Policy, planned: Planned) -> Verdict:
    """Judge by all that its owner has of this configuration; a policy that has no part in a combination is not to blame."""
    together = [policy, *_siblings(planned)]
    granted = {each for combination in COMBINATIONS for each in combination if _grants(together, each)}
    own = {each for combination in COMBINATIONS for each in combination if _grants([policy], each)}
    return verdict(holds=not any(combination <= granted and combination & own for combination in COMBINATIONS))


def _grants(policies: Iterable[Policy], wanted: str) -> bool:
    action, _, everywhere = wanted.partition(" on ")
    statements = [statement for policy in policies for statement in policy.statements if _is_about(statement, action.lower())]
    denied = any(each.effect is Effect.DENY and not each.conditions and "*" in each.resources.values for each in statements)
    return not denied and any(each.effect is Effect.ALLOW and (not everywhere or _is_anywhere(each)) for each in statements)


def _is_about(statement: Statement, action: str) -> bool:
    return any(pattern.matches(action) for pattern in statement.action_patterns()) is not statement.actions.negated


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
            documents = [other.value("policy") for other in role.users("aws_iam_role_policy") if other.address != planned.address]
            attached = [policy for each in role.users("aws_iam_role_policy_attachment") for policy in each.used("aws_iam_policy")]
            for value in [*documents, *(policy.value("policy") for policy in attached)]:
                policy = read(value)
                if policy is not None:
                    yield policy


check = ResourceCheck(
    id="CKV_TAP_29",
    slug="iam-privilege-escalation",
    name="No combination of actions leads to more rights",
    severity="CRITICAL",
    category="IAM",
    demands=in_documents(IDENTITY, _escalates),
)
