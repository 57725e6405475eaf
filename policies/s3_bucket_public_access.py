"""S3 refuses whatever would make a bucket public: access lists and policies, old ones and new ones."""

from _demands import ResourceCheck, all_of, is_true

_BLOCKED = all_of(
    is_true("block_public_acls"),
    is_true("block_public_policy"),
    is_true("ignore_public_acls"),
    is_true("restrict_public_buckets"),
)

check = ResourceCheck(
    id="CKV_TAP_44",
    name="A bucket refuses public access in all four ways",
    guideline="Set all four. What has to be public is better served by CloudFront.",
    severity="HIGH",
    category="NETWORKING",
    demands={"aws_s3_account_public_access_block": _BLOCKED, "aws_s3_bucket_public_access_block": _BLOCKED},
)
