"""An upload gets the bucket's key: a policy refuses those that choose another one, or none of KMS's."""

from _buckets import IS_FOR_ACCESS_LOGS
from _demands import ResourceCheck, any_of
from _refusals import Protected, refused
from paritycheck_checks.iam import Condition

_CHOICE = "s3:x-amz-server-side-encryption"
_KEY = f"{_CHOICE}-aws-kms-key-id"


def _chooses(conditions: tuple[Condition, ...]) -> bool:
    """Whether conditions hold where an upload chooses its encryption, or another key than some, and ask for nothing else."""
    return any(map(_is_choice, conditions)) and all(condition.key.startswith(_CHOICE) for condition in conditions)


def _is_choice(condition: Condition) -> bool:
    if condition.key == _CHOICE:
        return condition.operator == "Null" and [value.lower() for value in condition.values] == ["false"]
    return condition.key == _KEY and condition.operator in {"ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"}


_REFUSED = refused(
    Protected(
        type="aws_s3_bucket",
        name="bucket",
        policy_type="aws_s3_bucket_policy",
        target="bucket",
        actions={"/any/object": ("s3:PutObject",)},
    ),
    _chooses,
)

check = ResourceCheck(
    id="CKV_TAP_62",
    slug="s3-bucket-only-key",
    name="A bucket's policy refuses uploads that choose another key",
    severity="LOW",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket": _REFUSED["aws_s3_bucket"],
        "aws_s3_bucket_policy": any_of(IS_FOR_ACCESS_LOGS, _REFUSED["aws_s3_bucket_policy"]),
    },
)
