"""A function's environment variables are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key, is_set, where

check = ResourceCheck(
    id="CKV_TAP_12",
    name="A Lambda function's environment is encrypted with a customer-managed key",
    guideline="Set `kms_key_arn`, and let the function's role use `kms:Decrypt` through Lambda.",
    severity="MEDIUM",
    category="ENCRYPTION",
    demands={
        "aws_lambda_function": where(is_set("environment.variables"), customer_key("kms_key_arn")),
    },
)
