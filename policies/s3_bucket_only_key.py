"""An upload gets the bucket's key: a policy refuses those that choose another one, or none of KMS's."""

from _buckets import IS_FOR_ACCESS_LOGS
from _demands import Demand, ResourceCheck, all_of, any_of
from _refusals import Protected, refused
from paritycheck_checks.iam import Condition

_CHOICE = "s3:x-amz-server-side-encryption"
_KEY = f"{_CHOICE}-aws-kms-key-id"
_BROUGHT = f"{_CHOICE}-customer-algorithm"


def _refused_if(choice: str) -> dict[str, Demand]:
    """Demand that uploads are refused that make a choice, or that have another key than some, and for nothing else."""

    def test(conditions: tuple[Condition, ...]) -> bool:
        chosen = any(_is_made(condition, choice) or _is_other_key(condition) for condition in conditions)
        return chosen and all(condition.key.startswith(_CHOICE) for condition in conditions)

    return refused(
        Protected(
            type="aws_s3_bucket",
            name="bucket",
            policy_type="aws_s3_bucket_policy",
            target="bucket",
            actions={"/any/object": ("s3:PutObject",)},
        ),
        test,
    )


def _is_made(condition: Condition, choice: str) -> bool:
    return condition.key == choice and condition.operator == "Null" and [value.lower() for value in condition.values] == ["false"]


def _is_other_key(condition: Condition) -> bool:
    return condition.key == _KEY and condition.operator in {"ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"}


_OF_AWS, _OF_THE_CLIENT = _refused_if(_CHOICE), _refused_if(_BROUGHT)

check = ResourceCheck(
    id="CKV_TAP_62",
    name="A bucket's policy refuses uploads that choose another key",
    guideline=(
        "Deny everybody `s3:PutObject` where `s3:x-amz-server-side-encryption` is there, and where `s3:x-amz-server-side-encryption-"
        "customer-algorithm` is; or where `s3:x-amz-server-side-encryption-aws-kms-key-id` is not the bucket's key. Set no other "
        "condition."
    ),
    severity="LOW",
    category="ENCRYPTION",
    demands={
        "aws_s3_bucket": all_of(_OF_AWS["aws_s3_bucket"], _OF_THE_CLIENT["aws_s3_bucket"]),
        "aws_s3_bucket_policy": any_of(IS_FOR_ACCESS_LOGS, all_of(_OF_AWS["aws_s3_bucket_policy"], _OF_THE_CLIENT["aws_s3_bucket_policy"])),
    },
)
