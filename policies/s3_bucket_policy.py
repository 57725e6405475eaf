"""A bucket has a policy of its own, without which it takes requests without TLS."""

from _demands import ResourceCheck, any_of, is_set, named_by

check = ResourceCheck(
    id="CKV2_TAP_1",
    slug="s3-bucket-policy",
    name="A bucket has a policy",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket": any_of(is_set("policy"), named_by(("aws_s3_bucket_policy", "bucket"))),
    },
)
