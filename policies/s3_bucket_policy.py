"""A bucket has a policy of its own, without which it takes requests without TLS."""

from _demands import ResourceCheck, any_of, is_set, named_by

check = ResourceCheck(
    id="CKV2_TAP_1",
    name="A bucket has a policy",
    guideline="Give the bucket an `aws_s3_bucket_policy` whose `bucket` is this one, and see s3-bucket-tls-only.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket": any_of(is_set("policy"), named_by(("aws_s3_bucket_policy", "bucket"))),
    },
)
