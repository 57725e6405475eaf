"""A table's items, indexes and backups are encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, blocks, customer_key, is_true

check = ResourceCheck(
    id="CKV_TAP_2",
    name="A DynamoDB table is encrypted with a customer-managed key",
    guideline="Name the key in `server_side_encryption`, and let the readers and writers of the table use `kms:Decrypt` through DynamoDB.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_dynamodb_table": all_of(
            is_true("server_side_encryption.enabled"),
            customer_key("server_side_encryption.kms_key_arn", provider_fills=True),
            blocks("replica", customer_key("kms_key_arn")),
        ),
        "aws_dynamodb_table_replica": customer_key("kms_key_arn"),
    },
)
