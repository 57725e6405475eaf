"""A database can be restored to any second of the last week at least, and leaves a last snapshot."""

from _demands import ResourceCheck, all_of, at_least, is_false

check = ResourceCheck(
    id="CKV_TAP_55",
    slug="database-backups",
    name="A database keeps backups for a week, and a last snapshot",
    severity="HIGH",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_db_instance": all_of(at_least("backup_retention_period", 7), is_false("skip_final_snapshot")),
        "aws_rds_cluster": all_of(at_least("backup_retention_period", 7), is_false("skip_final_snapshot")),
    },
)
