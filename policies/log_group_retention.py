"""A log group forgets its events after some time."""

from _demands import ResourceCheck, at_least

check = ResourceCheck(
    id="CKV_TAP_47",
    name="A CloudWatch log group does not keep events for ever",
    guideline="Set `retention_in_days`; 0 is for ever.",
    severity="MEDIUM",
    category="LOGGING",
    demands={
        "aws_cloudwatch_log_group": at_least("retention_in_days", 1),
    },
)
