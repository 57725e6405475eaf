"""Nobody gets one of AWS's own policies for whole services."""

import re

from _demands import ResourceCheck, attribute

_WHOLE = re.compile(
    r"arn:[^:]+:iam::aws:policy/(.+/)?(AdministratorAccess.*|PowerUserAccess|ReadOnlyAccess|.*FullAccess.*|.*_FullAccess)", re.ASCII
)


def _is_narrow(policies: object) -> bool:
    listed = policies if isinstance(policies, list) else [policies]
    return not any(isinstance(policy, str) and _WHOLE.fullmatch(policy) for policy in listed)


check = ResourceCheck(
    id="CKV_TAP_30",
    slug="iam-managed-policy",
    name="No policy of AWS's for whole services is attached",
    severity="HIGH",
    category="IAM",
    demands={
        "aws_iam_group_policy_attachment": attribute("policy_arn", _is_narrow),
        "aws_iam_policy_attachment": attribute("policy_arn", _is_narrow),
        "aws_iam_role": attribute("managed_policy_arns", _is_narrow),
        "aws_iam_role_policy_attachment": attribute("policy_arn", _is_narrow),
        "aws_iam_role_policy_attachments_exclusive": attribute("policy_arns", _is_narrow),
        "aws_iam_user_policy_attachment": attribute("policy_arn", _is_narrow),
    },
)
