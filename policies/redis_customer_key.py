"""What Redis writes to disk is encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, customer_key, is_true, where
from _redis import HAS_NEITHER, IS_NODE

check = ResourceCheck(
    id="CKV_TAP_10",
    name="Redis is encrypted at rest with a customer-managed key",
    guideline="Set both `at_rest_encryption_enabled` and `kms_key_id`. Either replaces a cluster that exists.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_elasticache_replication_group": all_of(is_true("at_rest_encryption_enabled"), customer_key("kms_key_id")),
        "aws_elasticache_cluster": where(IS_NODE, HAS_NEITHER),
        "aws_elasticache_serverless_cache": customer_key("kms_key_id"),
        "aws_memorydb_cluster": customer_key("kms_key_arn"),
    },
)
