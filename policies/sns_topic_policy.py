"""A topic has a policy of its own, without which it takes messages without TLS."""

from _demands import ResourceCheck, any_of, is_set, named_by

check = ResourceCheck(
    id="CKV2_TAP_3",
    name="A topic has a policy",
    guideline="Give the topic an `aws_sns_topic_policy` whose `arn` is this one, or a `policy`, and see sns-topic-tls-only.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sns_topic": any_of(is_set("policy"), named_by(("aws_sns_topic_policy", "arn"))),
    },
)
