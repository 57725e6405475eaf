"""A database's storage and snapshots are encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, customer_key, is_true

check = ResourceCheck(
    id="CKV_TAP_7",
    slug="database-customer-key",
    name="A database is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_db_instance": all_of(is_true("storage_encrypted"), customer_key("kms_key_id")),
        "aws_rds_cluster": all_of(is_true("storage_encrypted"), customer_key("kms_key_id")),
    },
)
