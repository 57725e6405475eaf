"""What a function cannot process of a stream goes to a destination, instead of being lost."""

from _demands import ResourceCheck, all_of, any_of, at_least, is_set, where

# By default a record is tried until it expires. Lambda itself decides how often it tries those of Kafka's topics.
_GIVES_UP = any_of(
    at_least("maximum_retry_attempts", 0, default=-1), at_least("maximum_record_age_in_seconds", 0, default=-1), is_set("topics")
)

check = ResourceCheck(
    id="CKV_TAP_49",
    name="A stream's event source mapping has a destination for failures",
    guideline=(
        "Set `destination_config`, and `maximum_retry_attempts` or `maximum_record_age_in_seconds`. Queues are left out: they have dead "
        "letters of their own."
    ),
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        # Only streams have a position to start from; a queue has dead letters of its own.
        "aws_lambda_event_source_mapping": where(
            is_set("starting_position"), all_of(is_set("destination_config.on_failure.destination_arn"), _GIVES_UP)
        ),
    },
)
