"""A table can be restored to any second of the last five weeks."""

from _demands import ResourceCheck, all_of, blocks, is_true

check = ResourceCheck(
    id="CKV_TAP_54",
    name="A DynamoDB table can be restored to a point in time",
    guideline="Add `point_in_time_recovery`.",
    severity="HIGH",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_dynamodb_table": all_of(is_true("point_in_time_recovery.enabled"), blocks("replica", is_true("point_in_time_recovery"))),
        "aws_dynamodb_table_replica": is_true("point_in_time_recovery"),
    },
)
