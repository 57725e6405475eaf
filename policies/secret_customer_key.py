"""A secret is encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, blocks, customer_key, equals, where

check = ResourceCheck(
    id="CKV_TAP_11",
    name="A secret is encrypted with a customer-managed key",
    guideline="Set `kms_key_id`, in each `replica` too, and let the readers use `kms:Decrypt` through Secrets Manager.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_secretsmanager_secret": all_of(customer_key("kms_key_id"), blocks("replica", customer_key("kms_key_id"))),
        "aws_ssm_parameter": where(equals("type", "SecureString"), customer_key("key_id")),
    },
)
