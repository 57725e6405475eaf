"""A database can be restored to any second of the last week at least, and leaves a last snapshot."""

from _demands import ResourceCheck, all_of, at_least, attribute, is_false, where

_BACKED_UP = all_of(at_least("backup_retention_period", 7), is_false("skip_final_snapshot"))

check = ResourceCheck(
    id="CKV_TAP_55",
    name="A database keeps backups for a week, and a last snapshot",
    guideline="Set `backup_retention_period` to 7 or more, leave `skip_final_snapshot` off and name the snapshot.",
    severity="HIGH",
    category="BACKUP_AND_RECOVERY",
    demands={
        # A replica is made anew from its origin, and RDS refuses it a last snapshot.
        "aws_db_instance": where(attribute("replicate_source_db", lambda origin: not origin), _BACKED_UP),
        "aws_docdb_cluster": _BACKED_UP,
        "aws_neptune_cluster": _BACKED_UP,
        "aws_rds_cluster": _BACKED_UP,
    },
)
