"""KMS renews the material of a symmetric key every year."""

from _demands import ResourceCheck, all_of, at_most, attribute, equals, is_true, where

check = ResourceCheck(
    id="CKV_TAP_14",
    name="A KMS key is rotated",
    guideline="Set `enable_key_rotation`, and leave `rotation_period_in_days` at a year or less.",
    severity="MEDIUM",
    category="ENCRYPTION",
    demands={
        "aws_kms_key": where(
            all_of(
                equals("key_usage", "ENCRYPT_DECRYPT", default="ENCRYPT_DECRYPT"),
                equals("customer_master_key_spec", "SYMMETRIC_DEFAULT", default="SYMMETRIC_DEFAULT"),
                attribute("custom_key_store_id", lambda store: not store),
            ),
            all_of(is_true("enable_key_rotation"), at_most("rotation_period_in_days", 366, default=365)),
        ),
    },
)
