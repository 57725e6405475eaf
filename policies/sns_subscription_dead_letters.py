"""What a topic cannot deliver goes to a dead-letter queue."""

from _dead_letters import names_queue
from _demands import ResourceCheck, equals, is_set, where

check = ResourceCheck(
    id="CKV_TAP_51",
    name="An SNS subscription has a dead-letter queue",
    guideline="Set `redrive_policy`. The queue's own policy has to let the topic send to it.",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_sns_topic_subscription": where(
            equals("protocol", "application", "firehose", "http", "https", "lambda", "sqs"),
            is_set("redrive_policy", names_queue),
        ),
    },
)
