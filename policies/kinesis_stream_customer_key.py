"""A stream's records are encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, customer_key, equals

check = ResourceCheck(
    id="CKV_TAP_1",
    name="A Kinesis stream is encrypted with a customer-managed key",
    guideline=(
        "Set `encryption_type` to `KMS` and `kms_key_id` to the ARN or an alias of a key of your own, and let producers use "
        "`kms:GenerateDataKey` and consumers `kms:Decrypt`. `alias/aws/kinesis` is not your own."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_kinesis_stream": all_of(equals("encryption_type", "KMS"), customer_key("kms_key_id")),
    },
)
