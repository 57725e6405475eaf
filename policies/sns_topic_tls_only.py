"""A topic's policy refuses messages that come without TLS."""

from _demands import ResourceCheck
from _refusals import Protected, tls_only

check = ResourceCheck(
    id="CKV_TAP_18",
    name="A topic's policy refuses messages without TLS",
    guideline="Deny everybody `sns:Publish` where `aws:SecureTransport` is false, for this topic, and set no other condition.",
    severity="HIGH",
    category="ENCRYPTION",
    demands=tls_only(
        Protected(
            type="aws_sns_topic",
            name="name",
            policy_type="aws_sns_topic_policy",
            target="arn",
            actions={"": ("sns:Publish",)},
        )
    ),
)
