"""Nobody gets one of AWS's own policies for whole services."""

import re

from _demands import Demand, ResourceCheck, Verdict, every, is_made_by, verdict
from paritycheck_checks import is_unknown

_WHOLE = re.compile(
    r"arn:[^:]+:iam::aws:policy/(.+/)?(AdministratorAccess.*|PowerUserAccess|ReadOnlyAccess|.*FullAccess.*|.*_FullAccess)", re.ASCII
)


def _no_whole_service(path: str) -> Demand:
    return Demand(lambda planned: every(map(_judge, planned.values(path))), (path,))


def _judge(policies: object) -> Verdict:
    if is_unknown(policies):
        return verdict(holds=True if is_made_by(policies, ("aws_iam_policy.",)) else None)
    listed = policies if isinstance(policies, list) else [policies]
    return verdict(holds=not any(isinstance(policy, str) and _WHOLE.fullmatch(policy) for policy in listed))


check = ResourceCheck(
    id="CKV_TAP_30",
    slug="iam-managed-policy",
    name="No policy of AWS's for whole services is attached",
    severity="HIGH",
    category="IAM",
    demands={
        "aws_iam_group_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_role": _no_whole_service("managed_policy_arns"),
        "aws_iam_role_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_role_policy_attachments_exclusive": _no_whole_service("policy_arns"),
        "aws_iam_user_policy_attachment": _no_whole_service("policy_arn"),
    },
)
