"""A bucket's objects are encrypted with a customer-managed key, unless S3 itself writes them: it can use no other key than its own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from _demands import Demand, ResourceCheck, Verdict, all_of, any_of, customer_key, equals, verdict
from _planned import Planned

ENCRYPTION = "rule.apply_server_side_encryption_by_default"


def _takes_access_logs(planned: Planned) -> Verdict:
    """Whether another bucket's access log goes to this configuration's bucket."""
    logs = (
        log
        for bucket in planned.used("aws_s3_bucket")
        for log in bucket.users("aws_s3_bucket_logging")
        if log.means("target_bucket", bucket)
    )
    return verdict(holds=any(True for _ in logs))


check = ResourceCheck(
    id="CKV_TAP_5",
    slug="s3-bucket-customer-key",
    name="A bucket is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket_server_side_encryption_configuration": any_of(
            Demand(_takes_access_logs),
            all_of(
                equals(f"{ENCRYPTION}.sse_algorithm", "aws:kms", "aws:kms:dsse"),
                customer_key(f"{ENCRYPTION}.kms_master_key_id"),
            ),
        ),
    },
)
