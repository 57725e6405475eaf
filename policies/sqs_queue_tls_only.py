"""A queue's policy refuses requests without TLS."""

from _demands import ResourceCheck
from _refusals import Protected, tls_only

check = ResourceCheck(
    id="CKV_TAP_17",
    name="A queue's policy refuses requests without TLS",
    guideline="Deny everybody everything where `aws:SecureTransport` is false, for this queue, and set no other condition.",
    severity="HIGH",
    category="ENCRYPTION",
    demands=tls_only(
        Protected(
            type="aws_sqs_queue",
            name="name",
            policy_type="aws_sqs_queue_policy",
            target="queue_url",
            actions={"": ("sqs:SendMessage", "sqs:ReceiveMessage")},
        )
    ),
)
