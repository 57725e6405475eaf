"""A service calls a function for one source of one account."""

from _demands import ResourceCheck, all_of, attribute, equals, is_set, where
from _documents import includes_a_type, says_something
from paritycheck_checks.iam import load_knowledge

_OF_A_SERVICE = attribute("principal", lambda principal: str(principal).endswith((".amazonaws.com", ".amazonaws.com.cn")))
_OF_ANYBODY = attribute("principal", lambda principal: "*" in str(principal))


def _is_one(arn: object) -> bool:
    """Whether an ARN is of something in particular, not of all that an account has of a kind."""
    _, _, service, _, _, name, *_ = (*str(arn).split(":", 5), "", "", "", "", "")
    if not says_something(str(arn)) or name.startswith(("*", "?")) or {"*", "?"} & set(service):
        return False
    return not any(includes_a_type(str(arn), action) for action in load_knowledge().expand(f"{service}:*"))


_ONE_SOURCE = is_set("source_arn", _is_one)

check = ResourceCheck(
    id="CKV_TAP_33",
    name="A service may call a function for one source alone",
    guideline="Set `source_arn`, and for S3 `source_account` too. To an organization, give `principal_org_id`.",
    severity="HIGH",
    category="IAM",
    demands={
        "aws_lambda_permission": all_of(
            where(_OF_A_SERVICE, _ONE_SOURCE),
            # The ARN of a bucket does not say whose it is.
            where(equals("principal", "s3.amazonaws.com"), is_set("source_account")),
            where(_OF_ANYBODY, is_set("principal_org_id")),
        ),
    },
)
