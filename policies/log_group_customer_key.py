"""A log group's events are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_6",
    slug="log-group-customer-key",
    name="A CloudWatch log group is encrypted with a customer-managed key",
    severity="MEDIUM",
    category="ENCRYPTION",
    demands={
        "aws_cloudwatch_log_group": customer_key("kms_key_id"),
    },
)
