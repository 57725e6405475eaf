"""A bucket's objects are encrypted with a customer-managed key, unless S3 itself writes them: it can use no other key than its own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from _demands import Demand, ResourceCheck, Verdict, all_of, any_of, customer_key, equals, is_set, named_by, some, where
from _planned import Planned

ENCRYPTION = "rule.apply_server_side_encryption_by_default"


_TAKES_LOGS = named_by(("aws_s3_bucket_logging", "target_bucket"))


def _takes_access_logs(planned: Planned) -> Verdict:
    """Whether another bucket's access log goes to this configuration's bucket."""
    buckets = (bucket for bucket in planned.used("aws_s3_bucket") if planned.means("bucket", bucket))
    return some(_TAKES_LOGS.judge(bucket) for bucket in buckets)


def _is_own(algorithm: str, key: str) -> Demand:
    return all_of(equals(algorithm, "aws:kms", "aws:kms:dsse"), customer_key(key))


check = ResourceCheck(
    id="CKV_TAP_5",
    slug="s3-bucket-customer-key",
    name="A bucket is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket_server_side_encryption_configuration": any_of(
            Demand(_takes_access_logs),
            _is_own(f"{ENCRYPTION}.sse_algorithm", f"{ENCRYPTION}.kms_master_key_id"),
        ),
        # What an object says goes before what its bucket says; a key alone means the algorithm too.
        "aws_s3_object": any_of(
            where(is_set("kms_key_id"), customer_key("kms_key_id")),
            where(is_set("server_side_encryption"), _is_own("server_side_encryption", "kms_key_id")),
        ),
    },
)
