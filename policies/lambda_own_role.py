"""A function's role is made where the function is, so that what it may do is to be seen there."""

from _demands import ResourceCheck, names

check = ResourceCheck(
    id="CKV2_TAP_8",
    name="A function's role is made in this configuration",
    guideline="Make the function's role beside the function, and refer to it.",
    severity="MEDIUM",
    category="IAM",
    demands={"aws_lambda_function": names("role", "aws_iam_role")},
)
