"""A policy document is one that AWS would take; no other check can judge one that is not."""

from _demands import Demand, ResourceCheck, Verdict, all_of
from _documents import ENDPOINTS, IDENTITY, KEYS, RESOURCES, TRUST, document


def _valid(path: str) -> Demand:
    return document(path, lambda *_: Verdict.HOLDS, malformed=Verdict.FAILS)


check = ResourceCheck(
    id="CKV_TAP_25",
    name="A policy document is well-formed",
    guideline=(
        "Write the document with `aws_iam_policy_document`, which cannot get the form wrong, or correct the key that the grammar does "
        "not know."
    ),
    severity="HIGH",
    category="IAM",
    demands={
        **{type_: _valid(path) for type_, path in {**IDENTITY, **KEYS, **RESOURCES, **ENDPOINTS}.items()},
        "aws_iam_role": all_of(_valid(IDENTITY["aws_iam_role"]), _valid(TRUST["aws_iam_role"])),
    },
)
