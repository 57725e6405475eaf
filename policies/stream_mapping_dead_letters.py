"""What a function cannot process of a stream goes to a destination, instead of being lost."""

from _demands import ResourceCheck, is_set, where

check = ResourceCheck(
    id="CKV_TAP_49",
    slug="stream-mapping-dead-letters",
    name="A stream's event source mapping has a destination for failures",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        # Only streams have a position to start from; a queue has dead letters of its own.
        "aws_lambda_event_source_mapping": where(is_set("starting_position"), is_set("destination_config.on_failure.destination_arn")),
    },
)
