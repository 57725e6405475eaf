"""Redis is saved every day."""

from _demands import ResourceCheck, at_least, where
from _redis import IS_NODE

check = ResourceCheck(
    id="CKV_TAP_56",
    name="Redis keeps a daily snapshot",
    guideline="Set `snapshot_retention_limit`; 0 makes no snapshots.",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_elasticache_cluster": where(IS_NODE, at_least("snapshot_retention_limit", 1)),
        "aws_elasticache_replication_group": at_least("snapshot_retention_limit", 1),
        "aws_elasticache_serverless_cache": at_least("snapshot_retention_limit", 1),
        "aws_memorydb_cluster": at_least("snapshot_retention_limit", 1),
    },
)
