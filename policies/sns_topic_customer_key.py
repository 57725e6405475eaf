"""A topic's messages are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_3",
    slug="sns-topic-customer-key",
    name="An SNS topic is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sns_topic": customer_key("kms_master_key_id"),
    },
)
