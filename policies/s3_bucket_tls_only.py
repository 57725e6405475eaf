"""A bucket's policy refuses requests without TLS, for the bucket and for everything in it."""

from _demands import ResourceCheck
from _refusals import Protected, tls_only

check = ResourceCheck(
    id="CKV_TAP_16",
    name="A bucket's policy refuses requests without TLS",
    guideline=(
        "Deny everybody everything where `aws:SecureTransport` is false, for the bucket and for the objects in it, and set no other "
        "condition; in one statement or in several. A denial with `NotPrincipal`, or of some actions alone, lets the rest through; so "
        "does one that names another bucket."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands=tls_only(
        Protected(
            type="aws_s3_bucket",
            name="bucket",
            policy_type="aws_s3_bucket_policy",
            target="bucket",
            actions={
                "": ("s3:ListBucket", "s3:ListBucketVersions"),
                "/any/object": (
                    "s3:DeleteObject",
                    "s3:DeleteObjectVersion",
                    "s3:GetObject",
                    "s3:GetObjectVersion",
                    "s3:PutObject",
                ),
            },
        )
    ),
)
