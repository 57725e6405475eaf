"""What EventBridge cannot deliver goes to a dead-letter queue."""

from _demands import ResourceCheck, is_set

check = ResourceCheck(
    id="CKV_TAP_52",
    name="An EventBridge target has a dead-letter queue",
    guideline="Set `dead_letter_config`. The queue's policy has to let `events.amazonaws.com` send to it.",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_cloudwatch_event_target": is_set("dead_letter_config.arn"),
        "aws_scheduler_schedule": is_set("target.dead_letter_config.arn"),
    },
)
