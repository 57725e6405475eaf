"""What holds data is not deleted with a plan that nobody read."""

from _demands import ResourceCheck, is_false, is_true

check = ResourceCheck(
    id="CKV_TAP_53",
    name="What holds data is protected against deletion",
    guideline="Set `deletion_protection` (of a table, `deletion_protection_enabled`), and leave `force_destroy` of buckets off.",
    severity="HIGH",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_db_instance": is_true("deletion_protection"),
        "aws_docdb_cluster": is_true("deletion_protection"),
        "aws_dynamodb_table": is_true("deletion_protection_enabled"),
        "aws_dynamodb_table_replica": is_true("deletion_protection_enabled"),
        "aws_neptune_cluster": is_true("deletion_protection"),
        "aws_rds_cluster": is_true("deletion_protection"),
        "aws_rds_global_cluster": is_true("deletion_protection"),
        "aws_s3_bucket": is_false("force_destroy"),
    },
)
