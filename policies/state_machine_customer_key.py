"""A state machine's definition and its executions' history are encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, customer_key, equals

_ENCRYPTED = all_of(
    equals("encryption_configuration.type", "CUSTOMER_MANAGED_KMS_KEY"),
    customer_key("encryption_configuration.kms_key_id"),
)

check = ResourceCheck(
    id="CKV_TAP_13",
    name="A state machine is encrypted with a customer-managed key",
    guideline="Add the `encryption_configuration`, and let the state machine's role use `kms:Decrypt` and `kms:GenerateDataKey`.",
    severity="MEDIUM",
    category="ENCRYPTION",
    demands={
        "aws_sfn_activity": _ENCRYPTED,
        "aws_sfn_state_machine": _ENCRYPTED,
    },
)
