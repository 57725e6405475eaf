"""A stream's records are encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, customer_key, equals

check = ResourceCheck(
    id="CKV_TAP_1",
    slug="kinesis-stream-customer-key",
    name="A Kinesis stream is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_kinesis_stream": all_of(equals("encryption_type", "KMS"), customer_key("kms_key_id")),
    },
)
