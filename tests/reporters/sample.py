"""A report with something of everything in it."""

from __future__ import annotations

import json
from dataclasses import replace

from paritycheck.errors import Location
from paritycheck.findings import (
    SUPPRESSED,
    Allowed,
    Area,
    EnvironmentSummary,
    Finding,
    PolicyCounts,
    Related,
    Report,
    Severity,
    Skipped,
    Special,
    Word,
)

FROM_TFVARS = tuple(
    Related(Location(f"tfvars/{name}.tfvars", 12), f"gives {name} its value: {value}")
    for name, value in (("dev", 1), ("staging", 1), ("prod", 4))
)

HOSTILE = "[red]\x1b[31m\x1b]8;;http://x\x07\n::error::gone\r\u202etxt\u200b\x9b\ud800##[error]" + "z" * 300


def policy(action: str) -> str:
    """Return an IAM policy of five kilobytes in which one action is given."""
    statements = [{"Sid": f"Purpose{number}", "Action": action if number == 30 else "s3:GetObject"} for number in range(80)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def difference(address: str, path: str, values: tuple[object, ...], **other: object) -> Finding:
    """Return a finding about three environments."""
    fields: dict[str, object] = {
        "rule": "value-difference",
        "severity": Severity.ERROR,
        "message": "The value differs, and no rule allows it.",
        "hint": "Give all environments one value, or allow the difference with a reason.",
        "values": dict(zip(("dev", "staging", "prod"), values, strict=True)),
        "location": Location("tap_stack.tf", 210),
    }
    return Finding(address=address, path=path, **(fields | other))  # type: ignore[arg-type]


FINDINGS = (
    difference("aws_kinesis_stream.orders", "shard_count", (1, 1, 4), cause="var.orders_shard_count", related=FROM_TFVARS),
    difference("aws_kinesis_stream.locations", "shard_count", (1, 1, 8), cause="var.orders_shard_count", related=FROM_TFVARS),
    difference('module.access["a"].aws_iam_policy.this', "policy", (policy("s3:*"), policy("s3:*"), policy("s3:Get*"))),
    difference(
        "aws_instance.this", "user_data", ("#!/bin/sh\nset -e\nrun 1\n", "#!/bin/sh\nset -e\nrun 1\n", "#!/bin/sh\nset -e\nrun 2\nmore\n")
    ),
    difference(
        "aws_sqs_queue.dead",
        "",
        (Word("present"), Word("present"), Special.ABSENT),
        rule="missing-resource",
        message="prod lacks this resource.",
    ),
    difference(
        "aws_sqs_queue.orders",
        "kms_key_id",
        (Special.UNKNOWN, "(known after apply)", Special.SENSITIVE),
        rule="undecidable-value",
        message="The value is known in staging only.",
    ),
    *(
        difference(f"aws_s3_bucket.photos[{number}]", "tags.Cost", ("a", "b", "c"), cause="local.cost_tags", location=None)
        for number in range(23)
    ),
    Finding("partial-plan", Severity.ERROR, "", "The plan of prod was made with -target.", "Plan the whole configuration."),
    Finding(
        "stale-allowance",
        Severity.WARNING,
        "",
        "The rule old-shards permits nothing.",
        "Remove the rule, or correct its patterns.",
        location=Location("parity.yaml", 31, 3),
        allow="old-shards",
    ),
)


def environment(name: str, resources: int = 61) -> EnvironmentSummary:
    """Return what an environment's plan holds."""
    return EnvironmentSummary(name, "offline", resources, 14, 12, {"create": resources - 2, "update": 2}, "1.15.5")


REPORT = Report(
    environments=(environment("dev"), environment("staging"), environment("prod", 1234)),
    findings=FINDINGS,
    allowed=tuple(
        Allowed(
            "kinesis-shards", "Shards follow the load.", f"aws_kinesis_stream.s{number}", "shard_count", {"dev": 1, "staging": 1, "prod": 4}
        )
        for number in range(12)
    ),
    skipped=(Skipped("provider-versions", "The plan of a state holds none."),),
    compared_values=4321,
    normalized=210,
)

CLEAN = Report((environment("dev"), environment("prod")), (), compared_values=812, normalized=40)

VERDICTS = {
    "unencrypted": {"dev": Word("fail"), "staging": Word("fail"), "prod": Word("fail")},
    "different": {"dev": SUPPRESSED, "staging": Word("fail"), "prod": Word("pass")},
    "suppressed": {"dev": SUPPRESSED, "staging": Word("pass"), "prod": Word("pass")},
    "everywhere": {"dev": SUPPRESSED, "staging": SUPPRESSED, "prod": SUPPRESSED},
}
QUEUE_KEY = {"cause": "CKV_OWN_1 queue-key", "policy": "CKV_OWN_1", "hint": "Set `kms_master_key_id`."}

POLICIES = Report(
    environments=(environment("dev"), environment("staging"), environment("prod")),
    findings=(
        Finding(
            "policy-violation",
            Severity.ERROR,
            "aws_sqs_queue.orders",
            message="violates CKV_OWN_1, 'A queue has a key of its own'",
            path="kms_master_key_id",
            values=VERDICTS["unencrypted"],
            location=Location("tap_stack.tf", 210, 3),
            **QUEUE_KEY,
        ),
        Finding(
            "policy-difference",
            Severity.ERROR,
            'module.queues["dead"].aws_sqs_queue.this',
            message="CKV_OWN_1, 'A queue has a key of its own': is violated in staging, holds in prod",
            path="configuration.encryption.customer_managed_key",
            values=VERDICTS["different"],
            location=Location("modules/queues/main.tf", 4, 3),
            **QUEUE_KEY,
        ),
        Finding(
            "unused-grant",
            Severity.ERROR,
            "aws_iam_role_policy.matcher",
            message="tap-{env}-matcher is granted dynamodb:DeleteItem on aws_dynamodb_table.orders, which it never needs",
            hint="Remove the action or the resource from the statement.",
            path="policy.Statement[1]",
            location=Location("tap_stack.tf", 330, 5),
        ),
        Finding(
            "wide-resource",
            Severity.ERROR,
            "aws_iam_role_policy.matcher",
            message="grants kinesis:GetRecords on *, which it needs on aws_kinesis_stream.orders",
            hint="Name the resources that the function needs.",
            path="policy.Statement[2]",
            values={
                "dev": Word("grants kinesis:GetRecords on *, which it needs on aws_kinesis_stream.orders"),
                "staging": Special.ABSENT,
                "prod": Word("grants kinesis:GetRecords on *, which it needs on aws_kinesis_stream.orders, " + "and so on, " * 20),
            },
            location=Location("tap_stack.tf", 331, 5),
        ),
    ),
    suppressed=(
        Allowed("CKV_OWN_1", "It holds made up messages.", "aws_sqs_queue.test", "", VERDICTS["suppressed"]),
        Allowed("CKV_OWN_2", "Nobody waits for them.", "aws_sqs_queue.dead", "", VERDICTS["everywhere"]),
        Allowed("CKV_OWN_2", "They are copies.", "aws_sqs_queue.copies", "", VERDICTS["suppressed"]),
    ),
    compared_values=812,
    normalized=40,
    policies=PolicyCounts(passed=120, failed=4, suppressed=5),
)

HOSTILE_REPORT = Report(
    environments=(environment(HOSTILE), environment("b")),
    findings=(
        Finding(
            "value-difference",
            Severity.ERROR,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            {HOSTILE: HOSTILE, "b": {HOSTILE: [HOSTILE, float("nan"), 10**400]}},
            Location(HOSTILE, 1),
            (Related(Location(HOSTILE, 2), HOSTILE),),
            HOSTILE,
        ),
        Finding("value-difference", Severity.ERROR, "a\nb", HOSTILE, "", "x", {HOSTILE: "a\n" * 400, "b": "b\n\x1b[2J" * 400}),
    ),
    allowed=(Allowed(HOSTILE, HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}),),
    skipped=(Skipped(HOSTILE, HOSTILE),),
)

EVERYTHING = replace(
    REPORT,
    findings=(
        *FINDINGS,
        *POLICIES.findings,
        Finding(
            "environment-dependent-count",
            Severity.WARNING,
            "aws_sqs_queue.orders",
            "`count` depends on var.env.",
            "Use a constant, or a variable that every environment sets alike.",
            location=Location("modules/a b/main.tf", 7, 11),
        ),
        Finding("stale-protection", Severity.NOTE, "", "The rule routes matches nothing.", "Correct its patterns.", allow="routes"),
    ),
    suppressed=POLICIES.suppressed,
    policies=POLICIES.policies,
    known=(difference("aws_dynamodb_table.orders", "read_capacity", (5, 5, 50), location=Location("tap_stack.tf", 99, 3)),),
    examined=(Area.COMPARISON, Area.ALLOWANCES, Area.SOURCES, Area.POLICIES),
    place=Location("parity.yaml", 1),
)
"""Something of everything, policies and a baseline too."""
