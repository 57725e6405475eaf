"""What is overwritten or deleted in a bucket can be had back."""

from _demands import ResourceCheck, equals

check = ResourceCheck(
    id="CKV_TAP_57",
    name="A bucket keeps versions",
    guideline="Set the status to `Enabled`, and let a lifecycle rule remove old versions after some time.",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_s3_bucket_versioning": equals("versioning_configuration.status", "Enabled"),
    },
)
