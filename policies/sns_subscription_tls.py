"""A topic delivers to an address on the web over TLS."""

from _demands import ResourceCheck, attribute

check = ResourceCheck(
    id="CKV_TAP_24",
    name="An SNS subscription is not delivered in plain text",
    guideline="Subscribe with the protocol `https`.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sns_topic_subscription": attribute("protocol", lambda protocol: str(protocol).lower() != "http"),
    },
)
