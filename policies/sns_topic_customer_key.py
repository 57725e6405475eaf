"""A topic's messages are encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_3",
    name="An SNS topic is encrypted with a customer-managed key",
    guideline=(
        "Set `kms_master_key_id` to a key of your own, whose policy lets the services that publish to the topic decrypt and generate "
        "data keys."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sns_topic": customer_key("kms_master_key_id"),
    },
)
