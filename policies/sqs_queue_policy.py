"""A queue has a policy of its own, without which it takes requests without TLS."""

from _demands import ResourceCheck, any_of, is_set, named_by

check = ResourceCheck(
    id="CKV2_TAP_2",
    slug="sqs-queue-policy",
    name="A queue has a policy",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sqs_queue": any_of(is_set("policy"), named_by(("aws_sqs_queue_policy", "queue_url"))),
    },
)
