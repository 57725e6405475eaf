"""The role of a function is its own: what it may do is what that function needs."""

from _demands import Demand, ResourceCheck, Verdict, verdict
from _planned import Planned

USERS = {
    "aws_cloudwatch_event_target": "role_arn",
    "aws_lambda_function": "role",
    "aws_pipes_pipe": "role_arn",
    "aws_scheduler_schedule": "target.role_arn",
    "aws_sfn_state_machine": "role_arn",
}
"""What takes a role on, and by which attribute."""


def _is_of_one_function(role: Planned) -> Verdict:
    takers = [user for user in role.users(*USERS) if user.means(USERS[user.type], role)]
    if not any(user.type == "aws_lambda_function" for user in takers):
        return Verdict.ABSENT
    return verdict(holds=len(takers) == 1)


check = ResourceCheck(
    id="CKV_TAP_38",
    name="A function's role belongs to no other function",
    guideline="Give each function a role of its own, by the same `for_each`.",
    severity="MEDIUM",
    category="IAM",
    demands={"aws_iam_role": Demand(_is_of_one_function)},
)
