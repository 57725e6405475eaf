"""A topic's policy refuses messages that come without TLS."""

from _demands import ResourceCheck
from _refusals import Protected, tls_only

check = ResourceCheck(
    id="CKV_TAP_18",
    slug="sns-topic-tls-only",
    name="A topic's policy refuses messages without TLS",
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
