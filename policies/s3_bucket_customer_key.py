"""A bucket's objects are encrypted with a customer-managed key, unless S3 itself writes them."""

from _buckets import IS_FOR_ACCESS_LOGS
from _demands import Demand, ResourceCheck, all_of, any_of, customer_key, equals, is_set, where

ENCRYPTION = "rule.apply_server_side_encryption_by_default"


def _is_own(algorithm: str, key: str) -> Demand:
    return all_of(equals(algorithm, "aws:kms", "aws:kms:dsse"), customer_key(key))


check = ResourceCheck(
    id="CKV_TAP_5",
    name="A bucket is encrypted with a customer-managed key",
    guideline="Choose `aws:kms` and name the key. `bucket_key_enabled` saves most of the requests to KMS.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket_server_side_encryption_configuration": any_of(
            IS_FOR_ACCESS_LOGS,
            _is_own(f"{ENCRYPTION}.sse_algorithm", f"{ENCRYPTION}.kms_master_key_id"),
        ),
        # What an object says goes before what its bucket says; a key alone means the algorithm too.
        "aws_s3_object": any_of(
            where(is_set("kms_key_id"), customer_key("kms_key_id")),
            where(is_set("server_side_encryption"), _is_own("server_side_encryption", "kms_key_id")),
        ),
    },
)
