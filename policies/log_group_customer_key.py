"""A log group's events are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_6",
    name="A CloudWatch log group is encrypted with a customer-managed key",
    guideline=(
        "Set `kms_key_id`. The key's policy must let `logs.<region>.amazonaws.com` use it, with the log group's ARN as its encryption "
        "context, or the group cannot be made."
    ),
    severity="MEDIUM",
    category="ENCRYPTION",
    demands={
        "aws_cloudwatch_log_group": customer_key("kms_key_id"),
    },
)
