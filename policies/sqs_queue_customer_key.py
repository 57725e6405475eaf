"""A queue's messages are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_4",
    name="An SQS queue is encrypted with a customer-managed key",
    guideline=(
        "Set `kms_master_key_id` to a key of your own, whose policy lets the services that fill the queue decrypt and generate data keys."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sqs_queue": customer_key("kms_master_key_id"),
    },
)
