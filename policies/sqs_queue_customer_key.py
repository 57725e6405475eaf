"""A queue's messages are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_4",
    slug="sqs-queue-customer-key",
    name="An SQS queue is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sqs_queue": customer_key("kms_master_key_id"),
    },
)
