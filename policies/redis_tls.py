"""Redis takes connections over TLS, and no others."""

from _demands import ResourceCheck, all_of, equals, is_true, where
from _redis import HAS_NEITHER, IS_NODE

check = ResourceCheck(
    id="CKV_TAP_19",
    name="Redis takes connections over TLS alone",
    guideline="Set `transit_encryption_enabled`, let all clients connect with TLS (`rediss://`), and then set the mode to `required`.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_elasticache_cluster": where(IS_NODE, HAS_NEITHER),
        # A new cluster with TLS requires it; "preferred" is for the time of a migration.
        "aws_elasticache_replication_group": all_of(
            is_true("transit_encryption_enabled"),
            equals("transit_encryption_mode", "required", default="required"),
        ),
        "aws_memorydb_cluster": is_true("tls_enabled", default=True),
    },
)
