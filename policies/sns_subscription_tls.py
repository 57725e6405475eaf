"""A topic delivers to an address on the web over TLS."""

from _demands import ResourceCheck, attribute

check = ResourceCheck(
    id="CKV_TAP_24",
    slug="sns-subscription-tls",
    name="An SNS subscription is not delivered in plain text",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sns_topic_subscription": attribute("protocol", lambda protocol: str(protocol).lower() != "http"),
    },
)
