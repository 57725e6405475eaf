"""Combinations of actions with which somebody can get more rights than they have.

The list is the one that Rhino Security Labs published, https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/,
with what https://pathfinding.cloud/paths/ has added since. A combination counts where one identity is granted all of its actions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Escalation:
    """A combination of actions that amounts to other rights."""

    slug: str
    actions: tuple[str, ...]
    """All are needed, in AWS's own case."""
    what: str
    """What they allow, in one sentence."""
    anywhere: frozenset[str] = frozenset()
    """Those of the actions that count only where they are granted on any resource: to pass a role that is named is no way."""


_HAND_OVER = "iam:PassRole"

_OWN_RIGHTS = (
    ("create-policy-version", ("iam:CreatePolicyVersion",), "A new default version of a policy grants whatever it says."),
    ("set-default-policy-version", ("iam:SetDefaultPolicyVersion",), "An old version of a policy comes back into force."),
    ("create-access-key", ("iam:CreateAccessKey",), "A key for another user has that user's rights."),
    ("create-login-profile", ("iam:CreateLoginProfile",), "A password for another user has that user's rights."),
    ("update-login-profile", ("iam:UpdateLoginProfile",), "A new password for another user has that user's rights."),
    ("attach-user-policy", ("iam:AttachUserPolicy",), "A user gets any managed policy, such as AdministratorAccess."),
    ("attach-group-policy", ("iam:AttachGroupPolicy",), "A group gets any managed policy, such as AdministratorAccess."),
    ("attach-role-policy", ("iam:AttachRolePolicy",), "A role gets any managed policy, such as AdministratorAccess."),
    ("put-user-policy", ("iam:PutUserPolicy",), "A user gets a policy that says anything."),
    ("put-group-policy", ("iam:PutGroupPolicy",), "A group gets a policy that says anything."),
    ("put-role-policy", ("iam:PutRolePolicy",), "A role gets a policy that says anything."),
    ("put-role-boundary", ("iam:PutRolePermissionsBoundary",), "A role gets another limit, or none to speak of."),
    ("put-user-boundary", ("iam:PutUserPermissionsBoundary",), "A user gets another limit, or none to speak of."),
    ("delete-role-boundary", ("iam:DeleteRolePermissionsBoundary",), "A role gets rid of what limits it."),
    ("delete-user-boundary", ("iam:DeleteUserPermissionsBoundary",), "A user gets rid of what limits them."),
    ("add-user-to-group", ("iam:AddUserToGroup",), "A user joins a group that has more rights."),
    ("update-trust-policy", ("iam:UpdateAssumeRolePolicy",), "A role lets itself be assumed by anybody."),
)

_PASSED_ROLES = (
    ("pass-role-to-instance", ("ec2:RunInstances",), "A new instance runs code with the role."),
    ("pass-role-to-function", ("lambda:CreateFunction", "lambda:InvokeFunction"), "A new function runs code with the role."),
    (
        "pass-role-to-function-by-events",
        ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
        "A new function runs code with the role whenever its source has something.",
    ),
    ("pass-role-to-function-by-permission", ("lambda:CreateFunction", "lambda:AddPermission"), "Somebody else may run the new function."),
    ("pass-role-to-glue-endpoint", ("glue:CreateDevEndpoint",), "A new endpoint runs code with the role."),
    ("pass-role-to-glue-job", ("glue:CreateJob", "glue:StartJobRun"), "A new job runs code with the role."),
    ("pass-role-to-glue-job-update", ("glue:UpdateJob",), "A job runs other code with the role."),
    ("pass-role-to-glue-trigger", ("glue:CreateJob", "glue:CreateTrigger"), "A new job runs code with the role, by a trigger."),
    ("pass-role-to-stack", ("cloudformation:CreateStack",), "A new stack makes anything with the role."),
    ("pass-role-to-stack-update", ("cloudformation:UpdateStack",), "A stack changes anything with the role."),
    ("pass-role-to-stack-set", ("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"), "A stack set makes anything."),
    (
        "pass-role-to-group",
        ("autoscaling:CreateAutoScalingGroup", "autoscaling:CreateLaunchConfiguration"),
        "The instances of a new group run code with the role.",
    ),
    ("pass-role-to-pipeline", ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"), "A new pipeline runs commands."),
    ("pass-role-to-build", ("codebuild:CreateProject", "codebuild:StartBuild"), "A new build runs commands with the role."),
    ("pass-role-to-build-batch", ("codebuild:CreateProject", "codebuild:StartBuildBatch"), "New builds run commands with the role."),
    ("pass-role-to-notebook", ("sagemaker:CreateNotebookInstance",), "A new notebook runs code with the role."),
    ("pass-role-to-training", ("sagemaker:CreateTrainingJob",), "A new job runs code with the role."),
    ("pass-role-to-processing", ("sagemaker:CreateProcessingJob",), "A new job runs code with the role."),
    ("pass-role-to-task", ("ecs:RunTask",), "A task runs another command with the role, whatever its definition says."),
    ("pass-role-to-service", ("ecs:RegisterTaskDefinition", "ecs:CreateService"), "A new service runs code with the role."),
    ("pass-role-to-app", ("apprunner:CreateService",), "A new service runs code with the role."),
    ("pass-role-to-state-machine", ("states:CreateStateMachine", "states:StartExecution"), "A new state machine calls AWS with the role."),
    ("pass-role-to-sync-state-machine", ("states:CreateStateMachine", "states:StartSyncExecution"), "A new state machine calls AWS."),
    ("pass-role-to-rule", ("events:PutRule", "events:PutTargets"), "A new rule does something with the role."),
    ("pass-role-to-pipe", ("pipes:CreatePipe",), "A new pipe does something with the role."),
    ("pass-role-to-schedule", ("scheduler:CreateSchedule",), "A new schedule calls AWS with the role."),
    ("pass-role-to-automation", ("ssm:StartAutomationExecution",), "An automation calls AWS with the role."),
    (
        "pass-role-to-interpreter",
        (
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ),
        "A new interpreter runs code with the role.",
    ),
)

_OTHERS_RIGHTS = (
    ("replace-function-code", ("lambda:UpdateFunctionCode",), "A function runs other code with its own role."),
    ("add-function-layer", ("lambda:UpdateFunctionConfiguration",), "A function loads other code, from a layer, with its own role."),
    ("update-glue-endpoint", ("glue:UpdateDevEndpoint",), "An endpoint lets another key in, and runs code with its role."),
    (
        "execute-change-set",
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        "A stack changes anything with its role.",
    ),
    (
        "replace-user-data",
        ("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
        "An instance runs other code with its role when it starts.",
    ),
    ("send-command", ("ssm:SendCommand",), "Instances run commands with their roles."),
    ("start-session", ("ssm:StartSession",), "A shell on an instance has its role."),
    ("connect-to-instance", ("ec2-instance-connect:SendSSHPublicKey",), "A shell on an instance has its role."),
    ("start-build", ("codebuild:StartBuild",), "A build runs other commands with its project's role."),
    ("assume-role", ("sts:AssumeRole",), "A session has the rights of any role that trusts the account."),
    ("execute-in-task", ("ecs:ExecuteCommand",), "A shell in a container has its task's role."),
    ("open-notebook", ("sagemaker:CreatePresignedNotebookInstanceUrl",), "A notebook runs code with its own role."),
)

ESCALATIONS = (
    *(Escalation(*each) for each in _OWN_RIGHTS),
    *(Escalation(slug, (_HAND_OVER, *actions), what, frozenset({_HAND_OVER})) for slug, actions, what in _PASSED_ROLES),
    *(Escalation(slug, actions, what, frozenset(actions)) for slug, actions, what in _OTHERS_RIGHTS),
)
"""Every known combination."""
