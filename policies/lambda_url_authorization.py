"""Whoever calls a function by its URL is known to IAM."""

from _demands import ResourceCheck, attribute, equals

check = ResourceCheck(
    id="CKV_TAP_45",
    name="A function's URL asks who calls",
    guideline="Set `authorization_type` to `AWS_IAM`, or put API Gateway with an authorizer before the function.",
    severity="CRITICAL",
    category="NETWORKING",
    demands={
        "aws_lambda_function_url": equals("authorization_type", "AWS_IAM"),
        "aws_lambda_permission": attribute("function_url_auth_type", lambda type_: type_ != "NONE"),
    },
)
