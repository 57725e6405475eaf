"""A queue has a policy of its own, without which it takes requests without TLS."""

from _demands import ResourceCheck, any_of, is_set, named_by

check = ResourceCheck(
    id="CKV2_TAP_2",
    name="A queue has a policy",
    guideline="Give the queue an `aws_sqs_queue_policy` whose `queue_url` is this one, or a `policy`, and see sqs-queue-tls-only.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_sqs_queue": any_of(is_set("policy"), named_by(("aws_sqs_queue_policy", "queue_url"))),
    },
)
