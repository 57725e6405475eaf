"""A secret is encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key

check = ResourceCheck(
    id="CKV_TAP_11",
    slug="secret-customer-key",
    name="A secret is encrypted with a customer-managed key",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_secretsmanager_secret": customer_key("kms_key_id"),
    },
)
