"""A database's storage and snapshots are encrypted with a customer-managed key."""

from _demands import Demand, ResourceCheck, all_of, attribute, customer_key, is_true, where


def _encrypted(key: str) -> Demand:
    return all_of(is_true("storage_encrypted"), customer_key(key))


check = ResourceCheck(
    id="CKV_TAP_7",
    name="A database is encrypted with a customer-managed key",
    guideline=(
        "Set both `storage_encrypted` and `kms_key_id`. On a database that exists this replaces it: restore an encrypted copy of a "
        "snapshot instead."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        # A replica in the same region, which does not name its origin by an ARN, has its origin's key and may name none.
        "aws_db_instance": where(
            attribute("replicate_source_db", lambda origin: not origin or str(origin).startswith("arn:")), _encrypted("kms_key_id")
        ),
        "aws_docdb_cluster": _encrypted("kms_key_id"),
        "aws_neptune_cluster": _encrypted("kms_key_arn"),
        "aws_rds_cluster": _encrypted("kms_key_id"),
    },
)
