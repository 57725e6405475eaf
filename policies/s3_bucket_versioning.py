"""What is overwritten or deleted in a bucket can be had back."""

from _demands import ResourceCheck, equals

check = ResourceCheck(
    id="CKV_TAP_57",
    slug="s3-bucket-versioning",
    name="A bucket keeps versions",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_s3_bucket_versioning": equals("versioning_configuration.status", "Enabled"),
    },
)
