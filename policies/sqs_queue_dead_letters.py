"""What nobody can process leaves its queue for a dead-letter queue, instead of coming back until it expires."""

from _dead_letters import names_queue
from _demands import ResourceCheck, any_of, is_set, named_by

LETTERS = (
    ("aws_cloudwatch_event_target", "dead_letter_config.arn"),
    ("aws_lambda_event_source_mapping", "destination_config.on_failure.destination_arn"),
    ("aws_lambda_function", "dead_letter_config.target_arn"),
    ("aws_lambda_function_event_invoke_config", "destination_config.on_failure.destination"),
    ("aws_pipes_pipe", "source_parameters.dynamodb_stream_parameters.dead_letter_config.arn"),
    ("aws_pipes_pipe", "source_parameters.kinesis_stream_parameters.dead_letter_config.arn"),
    ("aws_scheduler_schedule", "target.dead_letter_config.arn"),
    ("aws_sns_topic_subscription", "redrive_policy"),
    ("aws_sqs_queue", "redrive_policy"),
    ("aws_sqs_queue_redrive_policy", "redrive_policy"),
)
"""What sends dead letters, and which attribute says where to."""


check = ResourceCheck(
    id="CKV_TAP_50",
    name="A queue has a dead-letter queue, or is one",
    guideline="Set `redrive_policy`, here or in an `aws_sqs_queue_redrive_policy`.",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_sqs_queue": any_of(
            is_set("redrive_policy", names_queue),
            named_by(("aws_sqs_queue_redrive_policy", "queue_url")),
            named_by(*LETTERS),
        ),
    },
)
