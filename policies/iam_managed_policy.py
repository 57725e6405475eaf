"""Nobody gets one of AWS's own policies for whole services."""

import re

from _demands import Demand, ResourceCheck, Verdict, every, is_made_by, verdict
from paritycheck_checks import is_unknown

_WHOLE = re.compile(
    r"arn:[^:]+:iam::aws:policy/(.+/)?(.*Administrator(Access.*)?|.*PowerUser(Access)?|.*ReadOnlyAccess.*|.*ReadWrite|.*FullAccess.*)",
    re.ASCII,
)


def _no_whole_service(path: str) -> Demand:
    return Demand(lambda planned: every(map(_judge, planned.values(path))), (path,))


def _none_of_whole_services(path: str) -> Demand:
    """What is behind a list that is known only after apply does not say what else is in it."""

    def judge(policies: object) -> Verdict:
        if isinstance(policies, list):
            return every(_judge(policy) for policy in list.__iter__(policies))
        return _judge(policies) if not is_unknown(policies) else Verdict.OPEN

    return Demand(lambda planned: every(map(judge, planned.values(path))), (path,))


def _judge(policy: object) -> Verdict:
    if is_unknown(policy):
        return verdict(holds=True if is_made_by(policy, ("aws_iam_policy.",)) else None)
    return verdict(holds=not (isinstance(policy, str) and _WHOLE.fullmatch(policy)))


check = ResourceCheck(
    id="CKV_TAP_30",
    name="No policy of AWS's for whole services is attached",
    guideline=(
        "Write a policy of the actions and resources that are needed. AWS's policies for one purpose, below `service-role/`, are fine."
    ),
    severity="HIGH",
    category="IAM",
    demands={
        "aws_iam_group_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_group_policy_attachments_exclusive": _none_of_whole_services("policy_arns"),
        "aws_iam_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_role": _none_of_whole_services("managed_policy_arns"),
        "aws_iam_role_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_role_policy_attachments_exclusive": _none_of_whole_services("policy_arns"),
        "aws_iam_user_policy_attachment": _no_whole_service("policy_arn"),
        "aws_iam_user_policy_attachments_exclusive": _none_of_whole_services("policy_arns"),
        "aws_ssoadmin_managed_policy_attachment": _no_whole_service("managed_policy_arn"),
    },
)
